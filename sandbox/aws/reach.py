"""Would a connection to this host and port succeed, seen from inside the VPC? For the CONNECT proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from sandbox.aws import certificates, endpoint_services, endpoints, firewall, listeners, load_balancing, targets
from sandbox.aws.funnel import state_lock
from sandbox.aws.state import table
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
        found = _balancer_node(name) or _endpoint_node(name)
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
            return Reach(**{**reach.__dict__, "slow": True})
        case "wrong certificate":
            return Reach(**{**reach.__dict__, "wrong_certificate": True})
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
        ip = next(iter(load_balancing.node_addresses(balancer, account, region).values()), "10.0.0.4")
        return _Node(balancer, account, region, wanted, ip, private_link=False)
    return None


def _endpoint_node(name: str) -> _Node | Reach | None:
    """An endpoint's regional, zonal or private name."""
    for endpoint in table("endpoint").values():
        if name not in endpoints.dns_names(endpoint) or endpoint.gone:
            continue
        if endpoint.state != "available":
            return Reach("timeout", f"Endpoint {endpoint.id} is {endpoint.state}.")
        service = table("service").get(endpoint.service_id)
        held = endpoint_services.balancers_of(service) if service and not service.deleted else []
        if not held:
            return Reach("timeout", "The endpoint service is gone.")
        zones = {_zone_id(endpoint, subnet): subnet for subnet in endpoint.subnet_ids}
        named = _zone_in(name, endpoint)
        wanted = frozenset({named} if named else zones)
        backend = ec2_backends[endpoint.account][endpoint.region]
        ips = elb_ips(backend, endpoint)
        return _Node(held[0], service.account, service.region, wanted, ips, private_link=True)
    return None


def elb_ips(backend: Any, endpoint: endpoints.Endpoint) -> str:
    """The private IP of one of the endpoint's interfaces: what the load balancer's groups judge."""
    return next(
        (str(backend.enis[e].private_ip_address) for e in endpoint.enis.values() if e in backend.enis), "10.0.0.4"
    )


def _zone_id(endpoint: endpoints.Endpoint, subnet_id: str) -> str:
    return str(ec2_backends[endpoint.account][endpoint.region].get_subnet(subnet_id).availability_zone_id)


def _zone_in(name: str, endpoint: endpoints.Endpoint) -> str | None:
    """The zone id that a zonal name stands for."""
    for subnet in endpoint.subnet_ids:
        zone = ec2_backends[endpoint.account][endpoint.region].get_subnet(subnet).availability_zone
        if name.split(".", 1)[0].endswith(f"-{zone}"):
            return _zone_id(endpoint, subnet)
    return None


def _judge(node: _Node, port: int) -> Reach:
    balancer = node.balancer
    if not load_balancing.is_active(balancer):
        return Reach("timeout", "The load balancer is not active yet.")
    listener = next((x for x in balancer.listeners.values() if int(x.port) == port), None)
    if not _admitted(node, port):
        return Reach("timeout", f"The load balancer's security groups do not let port {port} in.")
    if listener is None:
        return Reach("refused", f"No listener on port {port}.")
    marked = _serving(node, listener)
    if marked is None:
        return Reach("timeout", "No healthy target in the zone, and cross-zone is off or finds none either.")
    if listener.protocol == "TLS":
        names = certificates.names_of(listener.certificates[0]) if listener.certificates else ()
        return Reach("open", "TLS listener.", tls=True, names=names)
    if marked == "tls":
        return Reach("open", "The target speaks TLS itself.", tls=True, names=("target.invalid",))
    return Reach("open", "TCP listener.", banner=b"plc sandbox\r\n")


def _admitted(node: _Node, port: int) -> bool:
    """The load balancer's own groups; PrivateLink traffic is judged only where enforcement is on."""
    ids = list(node.balancer.security_groups)
    if not ids or (node.private_link and not load_balancing.enforces_on_private_link(node.balancer)):
        return True
    ec2 = ec2_backends[node.account][node.region]
    groups = [g for g in (ec2.get_security_group_from_id(i) for i in ids) if g]
    return firewall.admits(groups, port, node.client_ip)


def _serving(node: _Node, listener: Any) -> str | None:
    """What a healthy target speaks ("tcp" or "tls"), in the zone or, with cross-zone on, in any."""
    elb, ec2 = elbv2_backends[node.account][node.region], ec2_backends[node.account][node.region]
    for arn in listeners.forwards(listener):
        group = elb.target_groups.get(arn)
        if group is None:
            continue
        anywhere = _cross_zone(node.balancer, group)
        for target in group.targets.values():
            instance = ec2.get_instance_by_id(target["Id"]) if group.target_type == "instance" else None
            zone = _target_zone(ec2, target["Id"], instance)
            if not anywhere and zone not in node.zone_ids:
                continue
            if targets.health(elb, group, target)[0] == "healthy":
                return targets.protocol_on(target["Id"], instance, int(target["Port"]))
    return None


def _cross_zone(balancer: Any, group: Any) -> bool:
    key = "load_balancing.cross_zone.enabled"
    own = str(group.attributes.get(key, "")).lower()
    if own in ("true", "false"):
        return own == "true"
    return str(balancer.attrs.get(key)).lower() == "true"


def _target_zone(ec2: Any, target_id: str, instance: Any) -> str | None:
    """The zone id of an instance, or of the subnet that holds an IP target."""
    if instance is not None:
        return str(ec2.get_subnet(instance.subnet_id).availability_zone_id)
    for group in ec2.subnets.values():
        for subnet in group.values():
            try:
                if any(target_id == str(ip) for ip in subnet.cidr.hosts()):
                    return str(subnet.availability_zone_id)
            except ValueError:
                continue
    return None
