"""Where a name of an endpoint leads, seen from inside the buyer's VPC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends

from sandbox.aws import elb_interfaces, firewall, public_dns
from sandbox.aws.endpoint import Endpoint, base_names, own_names, private_name
from sandbox.aws.service import Service, balancers_of
from sandbox.state import table


@dataclass(frozen=True)
class Way:
    """A connected endpoint: its service, one of the load balancers behind it, the zones that the name leads to."""

    endpoint: Endpoint
    service: Service
    balancer: Any
    zone_ids: frozenset[str]
    client_ip: str

    def admits(self, port: int) -> bool:
        """The endpoint's own security groups. The client stands in the VPC, in its default group."""
        backend = ec2_backends[self.endpoint.account][self.endpoint.region]
        groups = [g for g in (backend.get_security_group_from_id(i) for i in self.endpoint.group_ids) if g]
        default = backend.get_default_security_group(self.endpoint.vpc_id)
        own = [default.id] if default else []
        # moto leaves out the rule by which a default group lets its own members in.
        return any(group.id in own for group in groups) or firewall.admits(groups, port, self.client_ip, own)


def find(name: str) -> Way | str | None:
    """The way in by a regional, zonal, friendly or private name; why it is shut; None if it resolves nowhere."""
    for endpoint in table("endpoint").values():
        if endpoint.gone or not _resolves(name, endpoint):
            continue
        if endpoint.state != "available":
            return f"Endpoint {endpoint.id} is {endpoint.state}."
        service = table("service").get(endpoint.service_id)
        held = balancers_of(service) if service else []
        if service is None or service.deleted or not held:
            return "The endpoint service is gone."
        client = next(iter(_addresses(endpoint)), "10.0.0.4")
        return Way(endpoint, service, held[0], _zones(name, endpoint), client)
    return None


def _resolves(name: str, endpoint: Endpoint) -> bool:
    """AWS serves its own names and the private one; a friendly name resolves only as far as public DNS has it."""
    if name in own_names(endpoint) or name == private_name(endpoint):
        return True
    if name not in base_names(endpoint):
        return False
    return not public_dns.is_served() or bool(public_dns.names(name, "A") & set(_addresses(endpoint)))


def _addresses(endpoint: Endpoint) -> list[str]:
    backend = ec2_backends[endpoint.account][endpoint.region]
    return elb_interfaces.addresses(backend, list(endpoint.enis.values()))


def _zones(name: str, endpoint: Endpoint) -> frozenset[str]:
    """The ids of the zones that the name stands for: one for a zonal name, else all."""
    backend = ec2_backends[endpoint.account][endpoint.region]
    subnets = [backend.get_subnet(subnet) for subnet in endpoint.subnet_ids]
    label = name.split(".", 1)[0]
    if label.startswith("vpce-") or label.endswith(endpoint.id):
        named = [
            str(s.availability_zone_id)
            for s in subnets
            if label.endswith(f"-{s.availability_zone}") or label == f"{s.availability_zone}-{endpoint.id}"
        ]
        if named:
            return frozenset(named)
    return frozenset(str(s.availability_zone_id) for s in subnets)
