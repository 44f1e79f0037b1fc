"""What CreateVpcEndpoint refuses, and which services a buyer may see."""

from __future__ import annotations

from typing import Any

from sandbox.aws import quotas
from sandbox.aws.errors import AwsError
from sandbox.aws.identity import Caller
from sandbox.aws.permissions import allows
from sandbox.aws.service import Service
from sandbox.state import table


def offered(service: Service, service_region: str | None, here: str) -> bool:
    """True if the service can be used from region `here`; a remote one must be asked for by its region."""
    if service.deleted or service.state != "Available":
        return False
    if service_region in (None, here):
        return service.region == here
    return service.region == service_region and service.region_states().get(here) == "Available"


def find_visible(name: str, service_region: str | None, caller: Caller, here: str) -> Service:
    """The service of that name. InvalidServiceName for a wrong name, a wrong region, or not allowed: alike."""
    for service in table("service").values():
        if service.name == name and offered(service, service_region, here) and allows(service, caller):
            found: Service = service
            return found
    raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")


def subnets(backend: Any, vpc: Any, service: Service, ids: list[str]) -> list[str]:
    """The subnets, if each is in the VPC, in a zone of its own that the service has."""
    held = [backend.get_subnet(subnet_id) for subnet_id in ids]
    for subnet in held:
        if subnet.vpc_id != vpc.id:
            raise AwsError("InvalidParameter", f"The subnet {subnet.id} does not belong to VPC {vpc.id}.")
        if service.region == backend.region_name and subnet.availability_zone_id not in service.zone_ids:
            message = (
                f"The VPC endpoint service {service.name} does not support the availability zone of the "
                f"subnet: {subnet.id}."
            )
            raise AwsError("InvalidParameter", message)
    zones = [subnet.availability_zone_id for subnet in held]
    if len(set(zones)) < len(zones):
        message = f"Found another VPC endpoint subnet in the availability zone of {held[-1].id}."
        raise AwsError("DuplicateSubnetsInSameZone", message)
    return ids


def groups(backend: Any, vpc: Any, ids: list[str]) -> list[str]:
    """The security groups; the VPC's default group when none is named."""
    if not ids:
        default = backend.get_default_security_group(vpc.id)
        return [default.id] if default else []
    for group_id in ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc.id:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    return ids


def quota(backend: Any, vpc_id: str) -> None:
    """VpcEndpointLimitExceeded at the quota of interface endpoints per VPC."""
    count = sum(1 for e in table("endpoint").values() if e.vpc_id == vpc_id and e.deleted_at is None)
    message = "The maximum number of VPC endpoints has been reached."
    quotas.demand(backend, "vpc", "L-29B6F2EB", count, "VpcEndpointLimitExceeded", message)


def private_dns(vpc: Any, service: Service, wanted: bool | None) -> bool:
    """Whether the new endpoint has private DNS on. Left out, it is on where it can be."""
    if wanted is False:
        return False
    verified = service.private_dns is not None and service.private_dns.state == "verified"
    if wanted is None and (not verified or service.acceptance_required):
        return False
    if service.acceptance_required and verified:
        message = "Private DNS can't be enabled while the endpoint is pending acceptance by the service owner."
        raise AwsError("InvalidParameter", message)
    private_dns_possible(vpc, service)
    return True


def private_dns_possible(vpc: Any, service: Service) -> None:
    """Raise InvalidParameter unless the service has a verified name and the VPC can take it."""
    if service.private_dns is None or service.private_dns.state != "verified":
        message = (
            f"Private DNS can't be enabled because the service {service.name} does not provide a private DNS name."
        )
        raise AwsError("InvalidParameter", message)
    if not (_on(vpc.enable_dns_support) and _on(vpc.enable_dns_hostnames)):
        message = (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
            f"set to true for {vpc.id}"
        )
        raise AwsError("InvalidParameter", message)
    name = service.private_dns.name
    for other in table("endpoint").values():
        theirs: Service = table("service")[other.service_id]
        if (
            other.vpc_id == vpc.id
            and other.private_dns
            and other.deleted_at is None
            and theirs.private_dns
            and theirs.private_dns.name == name
        ):
            message = (
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
                f"for {name} in the VPC {vpc.id}"
            )
            raise AwsError("InvalidParameter", message)


def _on(value: Any) -> bool:
    return str(value).lower() == "true"
