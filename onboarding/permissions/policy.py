"""The least-privilege IAM policy of a role, made from the things and steps that apply.

Creating asks for our tag in the request, changing and deleting for our tag on the resource; what AWS knows
no tag condition for is limited by resource. Describe, Get and List take every resource, as AWS wants it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from onboarding.aws.gate import READ
from onboarding.checklist.step import Step
from onboarding.permissions.grants import grants
from onboarding.permissions.picker_reads import PICKED
from onboarding.things.base import Thing
from onboarding.things.grants import (
    BALANCER,
    CREATE_ACTION,
    ENDPOINT_SERVICE,
    NETWORK,
    NONE,
    RECORDS,
    REQUEST,
    RESOURCE,
    SERVICE,
)

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec

__all__ = ["FORM", "PICKED", "actions", "arn_of", "policy", "reads"]

ROLES = ("service", "certificates", "dns", "buyer_test")
FORM = re.compile(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+", re.ASCII)
_PASS = "iam:PassRole"  # noqa: S105 - an IAM action
_SERVICES = {
    "iam:CreateServiceLinkedRole": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"},
    _PASS: {"iam:PassedToService": "ec2.amazonaws.com"},
}


def arn_of(spec: OnboardSpec, role: str) -> str:
    """The ARN behind one of the product's roles; certificates and DNS default to the service's; "" if there is none."""
    arns = spec.connections
    given = getattr(arns, role) or (arns.service if role in ("certificates", "dns") else "")
    return "" if given == "none" else str(given)


def actions(
    steps: Sequence[Step[Any]],
    spec: OnboardSpec,
    role: str = "service",
    read_only: bool = False,
    *,
    picked: bool = True,
) -> list[str]:
    """The IAM actions that these steps take under one role, sorted; only those that read if asked so.

    Roles that share an ARN share their actions. With `picked` it may also look where a person chooses what exists.
    """
    arn = arn_of(spec, role)
    mine = {role} | {other for other in ROLES if arn and arn_of(spec, other) == arn}
    found, used = {"ec2:DescribeTags"}, set[str]()  # the one tag read of a run
    for step in steps:
        if not step.applies(spec):
            continue
        if step.role in mine:
            found |= set(step.calls)
        used.add(step.role)
        for kind in step.kinds:
            roles = set(_roles(step, kind, spec))
            used |= roles
            if mine & roles:
                found |= {*kind.reads, *kind.makes, *kind.removes}
    if picked:
        found |= {action for one in mine & used for action in PICKED[one]}
    if role == "service" and any(choice.endpoint_service.supported_regions for choice in spec.regions.values()):
        found.add("vpce:AllowMultiRegion")
    return sorted(action for action in found if reads(action) or not read_only)


def _roles(step: Step[Any], kind: type[Thing], spec: OnboardSpec) -> tuple[str, ...]:
    """The roles under which a step has things of a kind. A TLS listener may need a certificate of its own account."""
    role = kind.role or step.role
    if role == "certificates" and spec.product.listener.protocol == "TLS":
        return ("service", role)
    return (role,)


def policy(
    steps: Sequence[Step[Any]],
    spec: OnboardSpec,
    read_only: bool = False,
    *,
    owner: str = "",
    role: str = "service",
    picked: bool = True,
) -> dict[str, Any]:
    """The policy document for one role. `owner` is the value of the tag `plc:owner` (the seller's id; its
    slug by default). Without `picked` it holds only what a run needs.
    """
    arn = arn_of(spec, role) or spec.connections.service
    document = _Document(spec, owner or spec.seller, arn, visitor=role == "buyer_test")
    wanted = actions(steps, spec, role, read_only, picked=picked)
    document.reads([action for action in wanted if reads(action)], arn)
    document.grants([action for action in wanted if not reads(action)])
    return {"Version": "2012-10-17", "Statement": document.statements}


class _Document:
    """The statements, gathered one kind at a time. A visitor's network is somebody's own and bears no tag of ours."""

    def __init__(self, spec: OnboardSpec, owner: str, role_arn: str, *, visitor: bool = False) -> None:
        self._spec, self._owner, self._visitor = spec, owner, visitor
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
            for grant in grants()[action]:
                theirs = self._visitor and set(grant.kinds) <= set(NETWORK)
                grouped.setdefault((NONE if theirs else grant.condition, grant.kinds), []).append(action)
        for (condition, kinds), taken in grouped.items():
            self._allow(taken, [self._arn(kind) for kind in kinds], self._condition(condition, taken, wanted))
        if not self._visitor:
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
                if any(kind in grant.kinds and grant.condition == RESOURCE for grant in grants()[action])
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
            equals = {"aws:RequestTag/plc:owner": self._owner, "aws:RequestedRegion": sorted(self._spec.regions)}
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
        elif condition == RECORDS:
            return _records(self._spec)
        return {"StringEquals": equals} if equals else {}

    def _arn(self, kind: str) -> str:
        service, _, resource = kind.partition(":")
        if resource.startswith(":"):  # public: no account owns it
            return f"arn:{self._partition}:{service}:*::{resource[1:]}"
        region = "" if service in ("iam", "route53") else "*"
        account = "" if service == "route53" else self._account
        return f"arn:{self._partition}:{service}:{region}:{account}:{resource}"

    def _allow(self, taken: Sequence[str], resources: Sequence[str], condition: dict[str, Any]) -> None:
        if taken and resources:
            statement: dict[str, Any] = {"Effect": "Allow", "Action": list(taken), "Resource": list(resources)}
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
    yield BALANCER, [balancer.arn] if balancer.arn else []
    yield ENDPOINT_SERVICE, [service.service_id] if service.service_id else []


def _records(spec: OnboardSpec) -> dict[str, Any]:
    """Only the records that the steps set: ACM's and PrivateLink's proofs, and the delegation of the friendly name."""
    facts = spec.product
    names = [f"_*.{name.removeprefix('*.')}" for name in (facts.friendly_dns_name, facts.private_dns_name) if name]
    names += [facts.friendly_dns_name] if facts.friendly_dns_name else []
    prefix = "route53:ChangeResourceRecordSets"
    return {
        "ForAllValues:StringLike": {f"{prefix}NormalizedRecordNames": names},
        "ForAllValues:StringEquals": {
            f"{prefix}RecordTypes": ["CNAME", "NS", "TXT"],
            f"{prefix}Actions": ["UPSERT", "DELETE"],
        },
    }


def reads(action: str) -> bool:
    """Whether an IAM action only reads."""
    return bool(READ.match(action.partition(":")[2]))
