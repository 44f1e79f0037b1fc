"""VPCs, subnets and security groups: quotas, zones of the account, and what keeps them from deletion."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from moto.ec2.models import EC2Backend

from sandbox.aws import patching, quotas
from sandbox.aws.errors import AwsError
from sandbox.aws.regions import zone_of

_moto: dict[str, Any] = {}
_leaving: set[str] = set()  # accounts whose VPC is being deleted, default group and all


def install() -> None:
    """Wrap moto's creation and deletion."""
    ours = (create_vpc, create_subnet, create_security_group, delete_subnet, delete_security_group, delete_vpc)
    for part in ours:
        _moto[part.__name__] = patching.replace(EC2Backend, part.__name__, part)


def create_vpc(backend: Any, *args: Any, **kwargs: Any) -> Any:
    """VpcLimitExceeded at the quota; the default VPC counts, as in AWS."""
    if not kwargs.get("is_default"):
        message = "The maximum number of VPCs has been reached."
        quotas.demand(backend, "vpc", "L-F678F1CE", len(backend.vpcs), "VpcLimitExceeded", message)
    return _moto["create_vpc"](backend, *args, **kwargs)


def create_subnet(
    backend: Any,
    vpc_id: str,
    cidr_block: str,
    ipv6_cidr_block: str | None = None,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    **kwargs: Any,
) -> Any:
    """A subnet in the account's own zone; a new subnet is never default or public by itself."""
    zone = zone_of(backend.account_id, backend.region_name, availability_zone, availability_zone_id)
    held = [s for group in backend.subnets.values() for s in group.values() if s.vpc_id == vpc_id]
    message = "The maximum number of subnets has been reached."
    if not backend.get_vpc(vpc_id).is_default:
        quotas.demand(backend, "vpc", "L-407747CB", len(held), "SubnetLimitExceeded", message)
    _check_cidr(cidr_block)
    subnet = _moto["create_subnet"](backend, vpc_id, cidr_block, ipv6_cidr_block, zone.name, **kwargs)
    subnet._availability_zone = zone
    if not backend.vpcs[vpc_id].is_default:
        subnet.default_for_az = subnet.map_public_ip_on_launch = False
    return subnet


def _check_cidr(cidr: str) -> None:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        ) from None
    if not 16 <= network.prefixlen <= 28:
        raise AwsError("InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid.")


def create_security_group(backend: Any, *args: Any, **kwargs: Any) -> Any:
    """SecurityGroupLimitExceeded at the quota."""
    count = sum(len(groups) for groups in backend.groups.values())
    message = "The maximum number of security groups has been reached."
    quotas.demand(backend, "vpc", "L-E79EC296", count, "SecurityGroupLimitExceeded", message)
    if vpc_id := kwargs.get("vpc_id"):
        backend.get_vpc(vpc_id)
    return _moto["create_security_group"](backend, *args, **kwargs)


def delete_subnet(backend: Any, subnet_id: str) -> Any:
    """DependencyViolation while an interface or an instance is in it."""
    backend.get_subnet(subnet_id)
    used = any(eni.subnet.id == subnet_id for eni in backend.enis.values())
    if used or any(i.subnet_id == subnet_id for i in living_instances(backend)):
        raise _violation(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return _moto["delete_subnet"](backend, subnet_id)


def delete_security_group(backend: Any, name: str | None = None, group_id: str | None = None) -> Any:
    """DependencyViolation while an interface, an instance or another group's rule holds it."""
    group = backend.get_security_group_from_id(group_id) if group_id else None
    if group is not None and group.name == "default" and backend.account_id not in _leaving:
        raise AwsError("CannotDelete", f'the specified group: "{group_id}" name: "default" cannot be deleted')
    if group is not None:
        used = any(g.id == group_id for eni in backend.enis.values() for g in eni.group_set)
        used = used or any(g.id == group_id for i in living_instances(backend) for g in i.security_groups)
        if used or group_id in _referenced(backend, group):
            raise _violation(f"resource {group_id} has a dependent object")
    return _moto["delete_security_group"](backend, name, group_id)


def _referenced(backend: Any, leaving: Any) -> set[str]:
    """Groups that rules of other groups name as their source."""
    groups: Iterable[Any] = (g for held in backend.groups.values() for g in held.values() if g is not leaving)
    return {
        str(rule.source_group.get("GroupId"))
        for group in groups
        for rule in [*group.ingress_rules, *group.egress_rules]
        if getattr(rule, "source_group", None)
    }


def delete_vpc(backend: Any, vpc_id: str) -> Any:
    """DependencyViolation while anything but the VPC's own defaults is left in it."""
    backend.get_vpc(vpc_id)
    groups = [g for g in backend.groups.get(vpc_id, {}).values() if g.name != "default"]
    gateways = [igw for igw in backend.internet_gateways.values() if igw.vpc is not None and igw.vpc.id == vpc_id]
    if groups or gateways or any(eni.vpc_id == vpc_id for eni in backend.enis.values()):
        raise _violation(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    _leaving.add(backend.account_id)
    try:
        return _moto["delete_vpc"](backend, vpc_id)
    finally:
        _leaving.discard(backend.account_id)


def living_instances(backend: Any) -> list[Any]:
    """Instances that are not yet terminated."""
    held = [instance for r in backend.reservations.values() for instance in r.instances]
    return [instance for instance in held if instance.state != "terminated"]


def _violation(message: str) -> AwsError:
    return AwsError("DependencyViolation", message)
