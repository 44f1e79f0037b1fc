"""Which resources a call touches, and their tags: what IAM policies are asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.acm.models import acm_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from sandbox.aws.policy import as_list

_ID = re.compile(
    r"(vpce-svc|vpce-nfn|vpce|vpc|subnet|sgr|sg|eni|igw|nat|rtb|vol|ami|eipalloc|i)-[0-9a-f]{8,17}", re.ASCII
)
_TYPES = {
    "vpce-svc": "vpc-endpoint-service",
    "vpce": "vpc-endpoint",
    "vpc": "vpc",
    "subnet": "subnet",
    "sgr": "security-group-rule",
    "sg": "security-group",
    "eni": "network-interface",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "rtb": "route-table",
    "vol": "volume",
    "ami": "image",
    "eipalloc": "elastic-ip",
    "i": "instance",
}
_NEW = {
    "CreateVpc": ("vpc",),
    "CreateSubnet": ("subnet",),
    "CreateSecurityGroup": ("security-group",),
    "CreateInternetGateway": ("internet-gateway",),
    "CreateRouteTable": ("route-table",),
    "CreateNatGateway": ("natgateway",),
    "AllocateAddress": ("elastic-ip",),
    "CreateNetworkInterface": ("network-interface",),
    "RunInstances": ("instance", "volume", "network-interface"),
    "CreateVpcEndpoint": ("vpc-endpoint",),
    "CreateVpcEndpointServiceConfiguration": ("vpc-endpoint-service",),
}
# Lists of one thing's parts, which IAM judges by the thing.
_NAMED_LISTS = ("ListResourceRecordSets", "ListTagsForResource")
# Calls that IAM judges by one of the named resources only.
_ONLY = {
    "AuthorizeSecurityGroupIngress": ("GroupId",),
    "AuthorizeSecurityGroupEgress": ("GroupId",),
    "RevokeSecurityGroupIngress": ("GroupId",),
    "RevokeSecurityGroupEgress": ("GroupId",),
    "AcceptVpcEndpointConnections": ("ServiceId",),
    "RejectVpcEndpointConnections": ("ServiceId",),
}


@dataclass(frozen=True)
class Resource:
    """One ARN that a policy is asked about; `new` things have request tags, existing ones their own."""

    arn: str
    new: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    both: bool = False


def touched(service: str, action: str, params: dict[str, Any], account: str, region: str) -> list[Resource]:
    """The resources of a call; a call without resource-level permissions touches `*`."""
    if action.startswith(("Describe", "List")) and action not in _NAMED_LISTS:
        return [Resource("*")]
    finder = {"ec2": _ec2, "elbv2": _elbv2, "acm": _acm, "route53": _route53}.get(service, _named)
    return list(finder(action, params, account, region)) or [Resource("*")]


def _ec2(action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Resource]:
    prefix = f"arn:aws:ec2:{region}:{account}"
    for kind in _NEW.get(action, ()):
        yield Resource(f"{prefix}:{kind}/*", new=True, tags=request_tags(params, kind))
    only = _ONLY.get(action)
    tags = ec2_backends[account][region].tags
    retag = action in ("CreateTags", "DeleteTags")
    for thing in _ids({k: v for k, v in params.items() if only is None or k in only}):
        kind = _TYPES[thing.rsplit("-", 1)[0]]
        owner = "" if kind == "image" else account
        arn = f"arn:aws:ec2:{region}:{owner}:{kind}/{thing}"
        yield Resource(arn, tags=dict(tags.get(thing, {})), both=retag)


def _ids(value: Any) -> Iterator[str]:
    """Every resource id anywhere in the parameters, filters and user data left out."""
    if isinstance(value, str):
        if _ID.fullmatch(value) and not value.startswith("vpce-nfn"):
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("Filters", "Filter", "TagSpecifications", "Tags", "UserData", "ClientToken"):
                yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _elbv2(action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Resource]:
    prefix = f"arn:aws:elasticloadbalancing:{region}:{account}"
    tagging = elbv2_backends[account][region].tagging_service
    if action == "CreateLoadBalancer":
        kind = "net" if params.get("Type") == "network" else "app"
        arn = f"{prefix}:loadbalancer/{kind}/{params.get('Name')}/*"
        yield Resource(arn, new=True, tags=request_tags(params))
    if action == "CreateTargetGroup":
        yield Resource(f"{prefix}:targetgroup/{params.get('Name')}/*", new=True, tags=request_tags(params))
    both = action in ("CreateListener", "AddTags", "RemoveTags")
    for key in ("LoadBalancerArn", "TargetGroupArn", "ListenerArn", "ResourceArns"):
        for arn in as_list(params.get(key) or []):
            yield Resource(arn, tags=tagging.get_tag_dict_for_resource(arn), both=both)


def _acm(action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Resource]:
    if action == "RequestCertificate":
        arn = f"arn:aws:acm:{region}:{account}:certificate/*"
        yield Resource(arn, new=True, tags=request_tags(params))
    elif named := params.get("CertificateArn"):
        held = acm_backends[account][region]._certificates.get(named)
        tags = {key: value or "" for key, value in held.tags.items()} if held else {}
        yield Resource(named, tags=tags, both="Tags" in action)


def _route53(action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Resource]:
    """Hosted zones and changes; their ARNs hold neither account nor Region."""
    for key in ("HostedZoneId", "ResourceId", "Id"):
        if given := params.get(key):
            kind = "change" if action == "GetChange" else "hostedzone"
            yield Resource(f"arn:aws:route53:::{kind}/{given.rpartition('/')[2]}")


def _named(action: str, params: dict[str, Any], account: str, region: str) -> Iterator[Resource]:
    for key in ("RoleArn", "PolicySourceArn", "TopicArn"):
        if arn := params.get(key):
            yield Resource(arn)
    for key, kind in (("RoleName", "role"), ("UserName", "user")):
        if name := params.get(key):
            yield Resource(f"arn:aws:iam::{account}:{kind}/{name}")


def request_tags(params: dict[str, Any], kind: str | None = None) -> dict[str, str]:
    """The tags that the call asks for, of the given EC2 resource type if there is one."""
    if kind is None:
        wanted = params.get("Tags") or []
    else:
        specs = params.get("TagSpecifications") or []
        wanted = [tag for spec in specs if spec.get("ResourceType") == kind for tag in spec.get("Tags", [])]
    return {tag["Key"]: tag.get("Value") or "" for tag in wanted}
