"""Permissions that a call needs besides its own: handed roles, remote regions, tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends

from sandbox.aws.resources import request_tags
from sandbox.state import table

Need = tuple[str, str, dict[str, str]]
_ELB = "elasticloadbalancing.amazonaws.com"


def needed(service: str, action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Need]:
    """(action, resource ARN, condition keys) of each further permission."""
    if service == "ec2":
        yield from _of_instances(action, params, account)
        yield from _of_remote_regions(action, params, region)
        yield from _of_rule_tags(action, params, account, region)
    elif service == "elbv2":
        yield from _of_load_balancers(action, params, account)


def _of_instances(action: str, params: dict[str, Any], account: str) -> Iterator[Need]:
    profile = params.get("IamInstanceProfile") if action == "RunInstances" else None
    for role in _roles_of(account, profile) if profile else ():
        yield "iam:PassRole", role, {"iam:PassedToService": "ec2.amazonaws.com"}


def _roles_of(account: str, profile: dict[str, str]) -> list[str]:
    backend = iam_backends[account]["aws"]
    wanted = profile.get("Name") or profile.get("Arn", "").rpartition("/")[2]
    return [role.arn for p in backend.get_instance_profiles() if p.name == wanted for role in p.roles]


def _of_remote_regions(action: str, params: dict[str, Any], region: str) -> Iterator[Need]:
    names = {*params.get("SupportedRegions", []), *params.get("AddSupportedRegions", [])}
    if "ServiceRegion" in params:
        names.add(params["ServiceRegion"])
    if action.startswith(("Create", "Modify")) and names - {region}:
        yield "vpce:AllowMultiRegion", "*", {}


def _of_rule_tags(action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Need]:
    tags = request_tags(params, "security-group-rule") if action.startswith("AuthorizeSecurityGroup") else {}
    if tags:
        arn = f"arn:aws:ec2:{region}:{account}:security-group-rule/*"
        yield "ec2:CreateTags", arn, {"ec2:CreateAction": action, **_as_keys(tags)}


def _of_load_balancers(action: str, params: dict[str, Any], account: str) -> Iterator[Need]:
    if action == "CreateLoadBalancer" and not _has_elb_role(account):
        arn = f"arn:aws:iam::{account}:role/aws-service-role/{_ELB}/AWSServiceRoleForElasticLoadBalancing"
        yield "iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": _ELB}
    tags = request_tags(params) if action == "CreateListener" else {}
    if tags:
        arn = params["LoadBalancerArn"].replace(":loadbalancer/", ":listener/") + "/*"
        keys = {"elasticloadbalancing:CreateAction": action, **_as_keys(tags)}
        yield "elasticloadbalancing:AddTags", arn, keys


def _as_keys(tags: dict[str, str]) -> dict[str, str]:
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()}


def _has_elb_role(account: str) -> bool:
    """The first load balancer of an account makes ELB's own role; later ones find it."""
    if not table("elb_role").get(account):
        held = elbv2_backends[account].values()
        table("elb_role")[account] = any(backend.load_balancers for backend in held)
    return bool(table("elb_role")[account])
