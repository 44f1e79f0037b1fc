"""Would a connection to this host and port succeed, seen from inside the VPC? For the CONNECT proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from sandbox.aws import certificates, endpoint_reach, firewall, listeners, load_balancing, nlb_nodes, targets
from sandbox.state import state_lock
from sandbox.world import switches

Outcome = Literal["open", "refused", "timeout", "unknown_host"]


@dataclass(frozen=True)
class Reach:
    """What a client meets. `names` are those of the certificate to serve, empty for plain TCP."""

    outcome: Outcome
    why: str
    tls: bool = False
    names: tuple[str, ...] = ()
    banner: bytes = b""
    slow: bool = False
    wrong_certificate: bool = False
    expired: bool = False


@dataclass(frozen=True)
class _Node:
    """One way in: a load balancer, the zones that the name leads to, and where the client stands."""

    balancer: Any
    account: str
    region: str
    zone_ids: frozenset[str]
    client_ip: str
    private_link: bool


def decide(host: str, port: int) -> Reach:
    """Resolve the host among all accounts' load balancers and endpoints, and judge the way to the targets.

    A probe of a load balancer's name comes from inside its VPC, one of an endpoint's name from the buyer's.
    """
    with state_lock:
        name = host.lower().rstrip(".")
        found = _balancer_node(name) or _endpoint_node(name, port)
        if found is None:
            return Reach("unknown_host", f"{host} does not resolve.")
        if isinstance(found, Reach):
            return found
        return _by_hand(name, _judge(found, port))


def _by_hand(name: str, reach: Reach) -> Reach:
    """What a person switched for this host."""
    match switches.hosts.get(name):
        case "refuse":
            return Reach("refused", "A person switched this host to refuse.")
        case "slow":
            return replace(reach, slow=True)
        case "wrong certificate":
            return replace(reach, wrong_certificate=True)
        case "expired certificate":
            return replace(reach, expired=True)
    return reach


def _balancers() -> Iterator[tuple[str, str, Any]]:
    for account, region, backend in list(elbv2_backends.iter_backends()):
        for balancer in list(backend.load_balancers.values()):  # type: ignore[attr-defined]
            if balancer.type == "network":
                yield account, region, balancer


def _balancer_node(name: str) -> _Node | None:
    """`<nlb name>` or `<zone name>.<nlb name>`."""
    for account, region, balancer in _balancers():
        dns = balancer.dns_name.lower()
        zones = {s.availability_zone: s.availability_zone_id for s in balancer.subnets}
        if name == dns:
            wanted = frozenset(zones.values())
        elif name.endswith("." + dns) and name.removesuffix("." + dns) in zones:
            wanted = frozenset({zones[name.removesuffix("." + dns)]})
        else:
            continue
        ip = next(iter(nlb_nodes.node_addresses(balancer, account, region).values()), "10.0.0.4")
        return _Node(balancer, account, region, wanted, ip, private_link=False)
    return None


def _endpoint_node(name: str, port: int) -> _Node | Reach | None:
    """An endpoint's regional, zonal, friendly or private name."""
    way = endpoint_reach.find(name)
    if way is None:
        return None
    if isinstance(way, str):
        return Reach("timeout", way)
    if not way.admits(port):
        return Reach("timeout", f"The security groups of {way.endpoint.id} do not let port {port} in.")
    service = way.service
    return _Node(way.balancer, service.account, service.region, way.zone_ids, way.client_ip, private_link=True)


def _judge(node: _Node, port: int) -> Reach:
    balancer = node.balancer
    if not load_balancing.is_active(balancer):
        return Reach("timeout", "The load balancer is not active yet.")
    listener = next((x for x in balancer.listeners.values() if int(x.port) == port), None)
    if not _admitted(node, port):
        return Reach("timeout", f"The load balancer's security groups do not let port {port} in.")
    if listener is None:
        return Reach("refused", f"No listener on port {port}.")
    met = _serving(node, listener)
    if met == "nothing":
        return Reach("refused", "A target is healthy, but nothing listens on its traffic port.")
    if not isinstance(met, targets.Socket):
        return Reach("timeout", "No healthy target in the zone, and cross-zone is off or finds none either.")
    if listener.protocol == "TLS":
        return _terminated(listener)
    if met.tls:
        return Reach("open", "The target speaks TLS itself.", tls=True, names=met.names)
    return Reach("open", "TCP listener.", banner=b"plc sandbox\r\n")


def _terminated(listener: Any) -> Reach:
    """What a TLS listener serves: its certificate, also when that has ended."""
    arn = next(iter(listener.certificates), None)
    if arn is None:
        return Reach("open", "TLS listener.", tls=True)
    ended = certificates.find(arn).status == "EXPIRED"
    return Reach("open", "TLS listener.", tls=True, names=certificates.names_of(arn), expired=ended)


def _admitted(node: _Node, port: int) -> bool:
    """The load balancer's own groups; PrivateLink traffic is judged only where enforcement is on."""
    ids = list(node.balancer.security_groups)
    if not ids or (node.private_link and not load_balancing.enforces_on_private_link(node.balancer)):
        return True
    ec2 = ec2_backends[node.account][node.region]
    groups = [g for g in (ec2.get_security_group_from_id(i) for i in ids) if g]
    return firewall.admits(groups, port, node.client_ip)


def _serving(node: _Node, listener: Any) -> targets.Socket | Literal["nothing"] | None:
    """What a healthy target has on its traffic port, in the zone or, with cross-zone on, in any."""
    elb, ec2 = elbv2_backends[node.account][node.region], ec2_backends[node.account][node.region]
    for arn in listeners.forwards(listener):
        group = elb.target_groups.get(arn)
        if group is None:
            continue
        anywhere = _cross_zone(node.balancer, group)
        for target in group.targets.values():
            if not anywhere and not _target_zones(elb, ec2, group, target["Id"]) & node.zone_ids:
                continue
            if targets.health(elb, group, target)[0] == "healthy":
                return targets.socket_on(elb, group, target, int(target["Port"])) or "nothing"
    return None


def _cross_zone(balancer: Any, group: Any) -> bool:
    key = "load_balancing.cross_zone.enabled"
    own = str(group.attributes.get(key, "")).lower()
    if own in ("true", "false"):
        return own == "true"
    return str(balancer.attrs.get(key)).lower() == "true"


def _target_zones(elb: Any, ec2: Any, group: Any, thing: str) -> frozenset[str]:
    """The zone ids of an instance, of the subnet that holds an IP target, or of an ALB."""
    if group.target_type == "instance":
        instance = ec2.get_instance_by_id(thing)
        held = [ec2.get_subnet(instance.subnet_id)] if instance is not None else []
    elif group.target_type == "alb":
        held = elb.load_balancers[thing].subnets if thing in elb.load_balancers else []
    else:
        address = ipaddress.ip_address(thing)
        subnets = (s for zone in ec2.subnets.values() for s in zone.values() if s.vpc_id == group.vpc_id)
        held = [subnet for subnet in subnets if address in subnet.cidr]
    return frozenset(str(subnet.availability_zone_id) for subnet in held)
