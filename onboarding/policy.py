"""The least-privilege IAM policy of a role, made from the things and steps that apply (SEC10, domain.md
section 6).

Creating asks for our tag in the request, changing and deleting for our tag on the resource; what AWS knows
no tag condition for is limited by resource. Describe, Get and List take every resource, as AWS wants it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onboarding.aws.gate import READ
from onboarding.steps.base import Step

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec

FORM = re.compile(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+", re.ASCII)
REQUEST, RESOURCE, CREATE_ACTION, SERVICE, NONE = "request", "resource", "create action", "service", ""


@dataclass(frozen=True)
class Grant:
    """On which kinds of resource an action is allowed, and under which condition. A kind is ARN's service
    and resource.
    """

    condition: str
    kinds: tuple[str, ...]


_BALANCER, _GROUP, _LISTENER = (
    f"elasticloadbalancing:{kind}/*" for kind in ("loadbalancer/net", "targetgroup", "listener/net")
)
_SERVICE = "ec2:vpc-endpoint-service/*"
_TAGGED = (
    "vpc",
    "subnet",
    "security-group",
    "instance",
    "volume",
    "network-interface",
    "vpc-endpoint-service",
)

GRANTS: dict[str, tuple[Grant, ...]] = {
    "ec2:CreateVpc": (Grant(REQUEST, ("ec2:vpc/*",)),),
    "ec2:ModifyVpcAttribute": (Grant(RESOURCE, ("ec2:vpc/*",)),),
    "ec2:DeleteVpc": (Grant(RESOURCE, ("ec2:vpc/*",)),),
    "ec2:CreateSubnet": (Grant(REQUEST, ("ec2:subnet/*",)), Grant(RESOURCE, ("ec2:vpc/*",))),
    "ec2:DeleteSubnet": (Grant(RESOURCE, ("ec2:subnet/*",)),),
    "ec2:CreateSecurityGroup": (Grant(REQUEST, ("ec2:security-group/*",)), Grant(RESOURCE, ("ec2:vpc/*",))),
    "ec2:DeleteSecurityGroup": (Grant(RESOURCE, ("ec2:security-group/*",)),),
    "ec2:AuthorizeSecurityGroupIngress": (Grant(RESOURCE, ("ec2:security-group/*",)),),
    "ec2:RevokeSecurityGroupIngress": (Grant(RESOURCE, ("ec2:security-group/*",)),),
    "ec2:RunInstances": (
        Grant(REQUEST, ("ec2:instance/*", "ec2:volume/*", "ec2:network-interface/*")),
        Grant(RESOURCE, ("ec2:subnet/*", "ec2:security-group/*")),
        Grant(NONE, ("ec2::image/*",)),
    ),
    "ec2:TerminateInstances": (Grant(RESOURCE, ("ec2:instance/*",)),),
    "ec2:CreateTags": (Grant(CREATE_ACTION, tuple(f"ec2:{kind}/*" for kind in _TAGGED)),),
    "ec2:CreateVpcEndpointServiceConfiguration": (Grant(REQUEST, (_SERVICE,)),),
    "ec2:ModifyVpcEndpointServiceConfiguration": (Grant(RESOURCE, (_SERVICE,)),),
    "ec2:ModifyVpcEndpointServicePermissions": (Grant(RESOURCE, (_SERVICE,)),),
    "ec2:DeleteVpcEndpointServiceConfigurations": (Grant(RESOURCE, (_SERVICE,)),),
    "vpce:AllowMultiRegion": (Grant(NONE, (_SERVICE,)),),
    "elasticloadbalancing:CreateLoadBalancer": (Grant(REQUEST, (_BALANCER,)),),
    "elasticloadbalancing:ModifyLoadBalancerAttributes": (Grant(RESOURCE, (_BALANCER,)),),
    "elasticloadbalancing:SetSecurityGroups": (Grant(RESOURCE, (_BALANCER,)),),
    "elasticloadbalancing:DeleteLoadBalancer": (Grant(RESOURCE, (_BALANCER,)),),
    "elasticloadbalancing:CreateTargetGroup": (Grant(REQUEST, (_GROUP,)),),
    "elasticloadbalancing:RegisterTargets": (Grant(RESOURCE, (_GROUP,)),),
    "elasticloadbalancing:DeregisterTargets": (Grant(RESOURCE, (_GROUP,)),),
    "elasticloadbalancing:DeleteTargetGroup": (Grant(RESOURCE, (_GROUP,)),),
    "elasticloadbalancing:CreateListener": (Grant(RESOURCE, (_BALANCER,)),),
    "elasticloadbalancing:DeleteListener": (Grant(RESOURCE, (_LISTENER,)),),
    "elasticloadbalancing:AddTags": (Grant(CREATE_ACTION, (_BALANCER, _GROUP, _LISTENER)),),
    "iam:CreateServiceLinkedRole": (
        Grant(SERVICE, ("iam:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",)),
    ),
}
_PASS = "iam:PassRole"  # noqa: S105 - an IAM action
_SERVICES = {
    "iam:CreateServiceLinkedRole": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"},
    _PASS: {"iam:PassedToService": "ec2.amazonaws.com"},
}


def actions(steps: Sequence[Step[Any]], spec: OnboardSpec, role: str = "service", read_only: bool = False) -> list[str]:
    """The IAM actions that these steps take under one role, sorted; only those that read if asked so."""
    found = {"ec2:DescribeTags"}  # the one tag read of a run
    for step in steps:
        if step.applies(spec) and step.role == role:
            found |= set(step.calls)
            for kind in step.kinds:
                found |= {*kind.reads, *kind.makes, *kind.removes}
    if role == "service" and any(choice.endpoint_service.supported_regions for choice in spec.regions.values()):
        found.add("vpce:AllowMultiRegion")
    return sorted(action for action in found if _reads(action) or not read_only)


def policy(
    steps: Sequence[Step[Any]],
    spec: OnboardSpec,
    read_only: bool = False,
    *,
    owner: str = "",
    role: str = "service",
) -> dict[str, Any]:
    """The policy document for one role. `owner` is the value of the tag `plc:owner` (the seller's id; its
    slug by default).
    """
    arn = getattr(spec.connections, role) or spec.connections.service
    document = _Document(spec, owner or spec.seller, arn)
    wanted = actions(steps, spec, role, read_only)
    document.reads([action for action in wanted if _reads(action)], arn)
    document.grants([action for action in wanted if not _reads(action)])
    return {"Version": "2012-10-17", "Statement": document.statements}


class _Document:
    """The statements, gathered one kind at a time."""

    def __init__(self, spec: OnboardSpec, owner: str, role_arn: str) -> None:
        self._spec, self._owner = spec, owner
        _, self._partition, _, _, self._account, _ = role_arn.split(":", 5)
        self.statements: list[dict[str, Any]] = []

    def reads(self, wanted: Sequence[str], role_arn: str) -> None:
        """Every read on every resource, but the simulation only of the role's own policy."""
        simulate = "iam:SimulatePrincipalPolicy"
        self._allow([action for action in wanted if action != simulate], ["*"], {})
        if simulate in wanted:
            self._allow([simulate], [role_arn], {})

    def grants(self, wanted: Sequence[str]) -> None:
        """One statement for each pair of resources and condition."""
        grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for action in wanted:
            for grant in GRANTS[action]:
                grouped.setdefault((grant.condition, grant.kinds), []).append(action)
        for (condition, kinds), taken in grouped.items():
            self._allow(taken, [self._arn(kind) for kind in kinds], self._condition(condition, taken, wanted))
        self._adopted(wanted)
        if "ec2:RunInstances" in wanted:
            self._profiles()

    def _adopted(self, wanted: Sequence[str]) -> None:
        """What exists and was chosen lacks our tag: it is named, for changes and additions, never for
        deletion.
        """
        for kind, arns in _adopted(self._spec, self._partition, self._account).items():
            fitting = [
                action
                for action in wanted
                if any(kind in grant.kinds and grant.condition == RESOURCE for grant in GRANTS[action])
                and not action.partition(":")[2].startswith("Delete")
            ]
            self._allow(fitting, arns, {})

    def _profiles(self) -> None:
        names = sorted({c.targets.instance_profile for c in self._spec.regions.values() if c.targets.instance_profile})
        roles = [f"arn:{self._partition}:iam::{self._account}:role/{name}" for name in names]
        if roles:
            self._allow([_PASS], roles, {"StringEquals": _SERVICES[_PASS]})

    def _condition(self, condition: str, taken: Sequence[str], wanted: Sequence[str]) -> dict[str, Any]:
        equals: dict[str, Any] = {}
        if condition == REQUEST:
            equals = {
                "aws:RequestTag/plc:owner": self._owner,
                "aws:RequestedRegion": sorted(self._spec.regions),
            }
        elif condition == RESOURCE:
            equals = {"aws:ResourceTag/plc:owner": self._owner}
        elif condition == CREATE_ACTION:
            service = taken[0].partition(":")[0]
            makes = [action.partition(":")[2] for action in wanted if action.startswith(f"{service}:")]
            equals = {
                f"{service}:CreateAction": [m for m in makes if m.startswith(("Create", "Run")) and m != "CreateTags"]
            }
        elif condition == SERVICE:
            equals = dict(_SERVICES[taken[0]])
        return {"StringEquals": equals} if equals else {}

    def _arn(self, kind: str) -> str:
        service, _, resource = kind.partition(":")
        if resource.startswith(":"):  # public: no account owns it
            return f"arn:{self._partition}:{service}:*::{resource[1:]}"
        region = "" if service == "iam" else "*"
        return f"arn:{self._partition}:{service}:{region}:{self._account}:{resource}"

    def _allow(self, taken: Sequence[str], resources: Sequence[str], condition: dict[str, Any]) -> None:
        if taken and resources:
            statement: dict[str, Any] = {
                "Effect": "Allow",
                "Action": list(taken),
                "Resource": list(resources),
            }
            self.statements.append({**statement, "Condition": condition} if condition else statement)


def _adopted(spec: OnboardSpec, partition: str, account: str) -> dict[str, list[str]]:
    """Kind -> ARNs of the existing resources that the spec names."""
    found: dict[str, list[str]] = {}
    for region, choices in spec.regions.items():
        for kind, ids in _existing(choices):
            home = f"arn:{partition}:ec2:{region}:{account}:{kind.removeprefix('ec2:').removesuffix('*')}"
            found.setdefault(kind, []).extend(i if i.startswith("arn:") else f"{home}{i}" for i in ids)
    return {kind: arns for kind, arns in found.items() if arns}


def _existing(choices: Any) -> Iterator[tuple[str, list[str]]]:
    network, balancer, service = choices.network, choices.load_balancer, choices.endpoint_service
    yield "ec2:vpc/*", [network.vpc_id] if network.vpc_id else []
    yield "ec2:subnet/*", list(network.subnet_ids)
    yield _BALANCER, [balancer.arn] if balancer.arn else []
    yield _SERVICE, [service.service_id] if service.service_id else []


def _reads(action: str) -> bool:
    return bool(READ.match(action.partition(":")[2]))
