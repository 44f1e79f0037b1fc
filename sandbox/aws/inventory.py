"""Everything that exists, in a form that two worlds can be compared by."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from moto.acm.models import acm_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends

from sandbox.aws import load_balancing
from sandbox.aws.listeners import forwards
from sandbox.aws.network import living_instances
from sandbox.aws.zone_inventory import hosted_zones, zone_accounts
from sandbox.state import state_lock, table

Thing = dict[str, Any]
_ID = re.compile(
    r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}\b|\b[0-9a-f]{16}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\bZ[0-9A-Z]{20}\b"
)


def collect(account: str | None = None, region: str | None = None) -> dict[str, Any]:
    """Everything that exists, as `{account: {region: {kind: [thing, ...]}}}`; what is empty is left out.

    Each thing has `id`, `tags`, `state` and its relations by id. Default VPCs, which nobody made, are left
    out. Lists are ordered by name and content, not by id, so two equal worlds differ in ids only.
    """
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    with state_lock:
        for owner, place in sorted(_places()):
            if account in (None, owner) and region in (None, place):
                kinds = {kind: _ordered(things(owner, place)) for kind, things in _KINDS.items()}
                if kinds := {kind: things for kind, things in kinds.items() if things}:
                    found[owner][place] = kinds
    return dict(found)


def normal(value: Any) -> Any:
    """The value with every id replaced by `<id>`, for comparing two worlds."""
    return json.loads(_ID.sub("<id>", json.dumps(value, sort_keys=True, default=str)))


def _ordered(things: Iterator[Thing]) -> list[Thing]:
    """Ordered by content without ids, so that two equal worlds list equal things in equal order."""
    return sorted(things, key=lambda thing: (json.dumps(normal(thing), sort_keys=True), thing["id"]))


def _places() -> set[tuple[str, str]]:
    held = {(a, r) for backends in (ec2_backends, elbv2_backends, acm_backends) for a, r, _ in _each(backends)}
    return held | {(account, "aws") for account in [*iam_backends, *zone_accounts()]}


def _each(backends: Any) -> Iterator[tuple[str, str, Any]]:
    yield from list(backends.iter_backends())


def _ec2(account: str, region: str) -> Any | None:
    return dict.get(ec2_backends[account], region) if account in ec2_backends else None


def _tags(backend: Any, thing: str) -> dict[str, str]:
    return dict(sorted(backend.tags.get(thing, {}).items()))


def _vpcs(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for vpc in backend.vpcs.values():
            if not vpc.is_default:
                dns = {"support": str(vpc.enable_dns_support).lower(), "names": str(vpc.enable_dns_hostnames).lower()}
                yield {
                    "id": vpc.id,
                    "tags": _tags(backend, vpc.id),
                    "state": vpc.state,
                    "cidr": vpc.cidr_block,
                    "dns": dns,
                }


def _subnets(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for group in backend.subnets.values():
            for subnet in group.values():
                if not backend.vpcs[subnet.vpc_id].is_default:
                    yield {
                        "id": subnet.id,
                        "tags": _tags(backend, subnet.id),
                        "state": subnet.state,
                        "cidr": subnet.cidr_block,
                        "zone": subnet.availability_zone_id,
                        "vpc": subnet.vpc_id,
                    }


def _groups(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for held in backend.groups.values():
            for group in held.values():
                if group.name == "default":
                    continue
                yield {
                    "id": group.id,
                    "tags": _tags(backend, group.id),
                    "state": "available",
                    "name": group.name,
                    "vpc": group.vpc_id,
                    "ingress": sorted(_rule(rule) for rule in group.ingress_rules),
                    "egress": sorted(_rule(rule) for rule in group.egress_rules),
                }


def _rule(rule: Any) -> str:
    source = rule.cidr_ipv4 or rule.cidr_ipv6 or (rule.source_group or {}).get("GroupId") or rule.prefix_list_id
    return f"{rule.ip_protocol} {rule.from_port}-{rule.to_port} {source}"


def _instances(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for instance in living_instances(backend):
            yield {
                "id": instance.id,
                "tags": _tags(backend, instance.id),
                "state": instance.state,
                "subnet": instance.subnet_id,
                "type": instance.instance_type,
                "image": instance.image_id,
                "groups": sorted(group.id for group in instance.security_groups),
            }


def _volumes(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for volume in backend.volumes.values():
            yield {"id": volume.id, "tags": _tags(backend, volume.id), "state": volume.status}


def _interfaces(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for eni in backend.enis.values():
            if eni.id not in table("lingering"):
                yield {
                    "id": eni.id,
                    "tags": _tags(backend, eni.id),
                    "state": eni.status,
                    "subnet": eni.subnet.id,
                    "description": eni.description,
                }


def _gateways(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for igw in backend.internet_gateways.values():
            if igw.vpc is None or not igw.vpc.is_default:
                yield {
                    "id": igw.id,
                    "tags": _tags(backend, igw.id),
                    "state": "available",
                    "vpc": igw.vpc.id if igw.vpc else None,
                }


def _route_tables(account: str, region: str) -> Iterator[Thing]:
    if backend := _ec2(account, region):
        for held in backend.route_tables.values():
            if not held.main_association_id:
                yield {"id": held.id, "tags": _tags(backend, held.id), "state": "available", "vpc": held.vpc_id}


def _services(account: str, region: str) -> Iterator[Thing]:
    for service in table("service").values():
        if (service.account, service.region) == (account, region) and not service.deleted:
            backend = ec2_backends[account][region]
            yield {
                "id": service.id,
                "tags": _tags(backend, service.id),
                "state": service.state,
                "balancers": sorted(service.balancers),
                "zones": service.zone_ids,
                "acceptance": service.acceptance_required,
                "principals": sorted(service.principals),
                "regions": service.region_states(),
                "private_dns": service.private_dns.name if service.private_dns else None,
            }


def _endpoints(account: str, region: str) -> Iterator[Thing]:
    for endpoint in table("endpoint").values():
        if (endpoint.account, endpoint.region) == (account, region) and endpoint.deleted_at is None:
            backend = ec2_backends[account][region]
            yield {
                "id": endpoint.id,
                "tags": _tags(backend, endpoint.id),
                "state": endpoint.state,
                "service": endpoint.service_name,
                "vpc": endpoint.vpc_id,
                "subnets": sorted(endpoint.subnet_ids),
            }


def _notifications(account: str, region: str) -> Iterator[Thing]:
    for key, held in table("notification").items():
        if held["where"] == (account, region):
            yield {"id": key, "tags": {}, "state": "Enabled", "topic": held["shown"]["ConnectionNotificationArn"]}


def _elb(account: str, region: str) -> Any | None:
    return dict.get(elbv2_backends[account], region) if account in elbv2_backends else None


def _balancers(account: str, region: str) -> Iterator[Thing]:
    if backend := _elb(account, region):
        for balancer in backend.load_balancers.values():
            yield {
                "id": balancer.arn,
                "tags": backend.tagging_service.get_tag_dict_for_resource(balancer.arn),
                "state": load_balancing.state_of(balancer)["Code"],
                "name": balancer.name,
                "vpc": balancer.vpc_id,
                "subnets": sorted(s.id for s in balancer.subnets),
                "groups": sorted(balancer.security_groups),
                "attributes": dict(sorted(balancer.attrs.items())),
            }


def _listeners(account: str, region: str) -> Iterator[Thing]:
    if backend := _elb(account, region):
        for balancer in backend.load_balancers.values():
            for listener in balancer.listeners.values():
                yield {
                    "id": listener.arn,
                    "state": "active",
                    "tags": backend.tagging_service.get_tag_dict_for_resource(listener.arn),
                    "balancer": balancer.arn,
                    "port": int(listener.port),
                    "protocol": listener.protocol,
                    "certificates": list(listener.certificates),
                    "groups": forwards(listener),
                }


def _target_groups(account: str, region: str) -> Iterator[Thing]:
    if backend := _elb(account, region):
        for group in backend.target_groups.values():
            yield {
                "id": group.arn,
                "tags": backend.tagging_service.get_tag_dict_for_resource(group.arn),
                "state": "active",
                "name": group.name,
                "vpc": group.vpc_id,
                "port": int(group.port or 0),
                "protocol": group.protocol,
                "targets": sorted(f"{t['Id']}:{t['Port']}" for t in group.targets.values()),
            }


def _certificates(account: str, region: str) -> Iterator[Thing]:
    if account in acm_backends and (backend := dict.get(acm_backends[account], region)):
        for held in backend._certificates.values():
            held.check()
            yield {
                "id": held.arn,
                "tags": {k: v or "" for k, v in held.tags.items()},
                "state": held.status,
                "name": held.common_name,
                "used_by": list(held.in_use_by),
            }


def _roles(account: str, region: str) -> Iterator[Thing]:
    if region == "aws":
        for role in iam_backends[account]["aws"].get_roles():
            yield {"id": role.arn, "tags": {}, "state": "active"}


_KINDS: dict[str, Callable[[str, str], Iterator[Thing]]] = {
    "vpcs": _vpcs,
    "subnets": _subnets,
    "security_groups": _groups,
    "internet_gateways": _gateways,
    "route_tables": _route_tables,
    "instances": _instances,
    "volumes": _volumes,
    "network_interfaces": _interfaces,
    "load_balancers": _balancers,
    "target_groups": _target_groups,
    "listeners": _listeners,
    "endpoint_services": _services,
    "endpoints": _endpoints,
    "notifications": _notifications,
    "certificates": _certificates,
    "roles": _roles,
    "hosted_zones": hosted_zones,
}
