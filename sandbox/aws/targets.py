"""Target health, and what listens where.

The convention: an instance listens on a port if its decoded user data has a line of its own

    # plc:listen 8443/tcp        or        # plc:listen 8443/tls api.example.com *.api.example.com

(several lines for several ports; with `tls` it answers with a certificate of its own, for the names that
follow, or for `target.invalid`). An ALB as a target listens where it has a listener. A person or a test
overrides it with `sandbox.world.switches.listens["i-...:8443"] = True | False`, which also works for IP
targets ("10.0.1.5:8443"), which have no user data.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.responses import ELBV2Response

from sandbox.aws import firewall, load_balancing, nlb_nodes, patching
from sandbox.aws.errors import AwsError
from sandbox.aws.instances import running_since
from sandbox.aws.listeners import forwards
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings, switches

_MARKER = re.compile(r"^[ \t]*#[ \t]*plc:listen[ \t]+(\d{1,5})/(tcp|tls)((?:[ \t]+[\w.*-]+)*)[ \t\r]*$", re.M | re.A)
Health = tuple[str, str | None, str | None]


def install() -> None:
    """Put our health in the place of moto's."""
    for handler in (register_targets, deregister_targets, describe_target_health):
        patching.replace(ELBV2Response, handler.__name__, handler)


@dataclass(frozen=True)
class Socket:
    """What listens on a port: with TLS, the names of its certificate."""

    tls: bool = False
    names: tuple[str, ...] = ()


def listening(instance: Any) -> dict[int, Socket]:
    """What listens by port, from the markers in the user data."""
    held = instance.user_data
    text = base64.b64decode(held.as_bytes()).decode(errors="replace") if held else ""
    return {
        int(port): Socket(kind == "tls", tuple(names.split()) or ("target.invalid",) if kind == "tls" else ())
        for port, kind, names in _MARKER.findall(text)
    }


def socket_on(backend: Any, group: Any, target: dict[str, Any], port: int) -> Socket | None:
    """What listens on the port of a registered target, or None."""
    found: Socket | None = None
    if group.target_type == "instance":
        instance = _ec2(group).get_instance_by_id(target["Id"])
        found = listening(instance).get(port) if instance is not None else None
    elif group.target_type == "alb":
        found = _on_balancer(backend, target["Id"], port)
    switched = switches.listens.get(f"{target['Id']}:{port}")
    if switched is None:
        return found
    return (found or Socket()) if switched else None


def _on_balancer(backend: Any, arn: str, port: int) -> Socket | None:
    balancer = backend.load_balancers.get(arn)
    for listener in balancer.listeners.values() if balancer else ():
        if int(listener.port) == port:
            return Socket(listener.protocol == "HTTPS", ("alb.invalid",) if listener.protocol == "HTTPS" else ())
    return None


def _ec2(group: Any) -> Any:
    return ec2_backends[group.account_id][group.region_name]


def register_targets(response: Any) -> ActionResult:
    """RegisterTargets; InvalidTarget for what does not run, or lives in another VPC."""
    group = _group(response)
    targets = response._get_param("Targets", [])
    for target in targets:
        _check_target(response.elbv2_backend, group, target["Id"])
    for target in targets:
        port = int(target.get("Port") or group.port)
        group.targets[target["Id"]] = {"Id": target["Id"], "Port": port}
        group.deregistered_targets.pop(target["Id"], None)
        table("registered").setdefault(_key(group, target), clock.now())
    return EmptyResult()


def _check_target(backend: Any, group: Any, thing: str) -> None:
    if group.target_type == "instance":
        _check_instance(_ec2(group).get_instance_by_id(thing), thing, group)
    elif group.target_type == "alb":
        balancer = backend.load_balancers.get(thing)
        if balancer is None or balancer.type != "application" or balancer.vpc_id != group.vpc_id:
            raise AwsError("InvalidTarget", f"The Application Load Balancer '{thing}' is not in the group's VPC")
    else:
        try:
            ipaddress.ip_address(thing)
        except ValueError:
            raise AwsError("ValidationError", f"The IP address '{thing}' is not valid") from None


def _check_instance(instance: Any, thing: str, group: Any) -> None:
    if instance is None:
        raise AwsError("InvalidTarget", f"The following targets do not exist: '{thing}'")
    if instance.vpc_id != group.vpc_id:
        message = f"The following targets are not in the target group VPC '{group.vpc_id}': '{thing}'"
        raise AwsError("InvalidTarget", message)
    if instance.state != "running":
        message = f"The following targets are not in a running state and cannot be registered: '{thing}'"
        raise AwsError("InvalidTarget", message)


def deregister_targets(response: Any) -> ActionResult:
    """DeregisterTargets; InvalidTarget for what is not registered."""
    group = _group(response)
    for target in response._get_param("Targets", []):
        held = group.targets.pop(target["Id"], None)
        if held is None:
            message = f"The following targets are not registered with the target group: '{target['Id']}'"
            raise AwsError("InvalidTarget", message)
        group.deregistered_targets[target["Id"]] = held
        table("registered").pop(_key(group, target), None)
    return EmptyResult()


def _key(group: Any, target: dict[str, Any]) -> str:
    return f"{group.arn}/{target['Id']}"


def _group(response: Any) -> Any:
    group = response.elbv2_backend.target_groups.get(response._get_param("TargetGroupArn"))
    if group is None:
        raise TargetGroupNotFoundError()
    return group


def describe_target_health(response: Any) -> ActionResult:
    """The health of the named targets, or of all."""
    group, backend = _group(response), response.elbv2_backend
    asked = response._get_param("Targets", []) or list(group.targets.values())
    return ActionResult({"TargetHealthDescriptions": [_described(backend, group, t) for t in asked]})


def _described(backend: Any, group: Any, target: dict[str, Any]) -> dict[str, Any]:
    held = group.targets.get(target["Id"])
    port = (held or target).get("Port") or group.port
    if held is None:
        state: Health = ("unused", "Target.NotRegistered", "Target is not registered to the target group")
    else:
        state = health(backend, group, held)
    shown = {"State": state[0], "Reason": state[1], "Description": state[2]}
    return {
        "Target": {"Id": target["Id"], "Port": int(port)},
        "HealthCheckPort": str(_health_port(group, int(port))),
        "TargetHealth": {key: value for key, value in shown.items() if value},
    }


def health(backend: Any, group: Any, target: dict[str, Any]) -> Health:
    """(state, reason, description) of a registered target now."""
    used = [
        (balancer, listener)
        for balancer in backend.load_balancers.values()
        for listener in balancer.listeners.values()
        if group.arn in forwards(listener)
    ]
    if not used:
        text = "Target group is not configured to receive traffic from the load balancer"
        return "unused", "Target.NotInUse", text
    instance = _ec2(group).get_instance_by_id(target["Id"]) if group.target_type == "instance" else None
    balancer, listener = used[0]
    if group.target_type == "instance":
        if instance is None or instance.state in ("stopped", "stopping", "shutting-down", "terminated"):
            return "unused", "Target.InvalidState", "Target is in the stopped or terminated state"
        if instance.availability_zone not in {s.availability_zone for s in balancer.subnets}:
            text = "Target is in an Availability Zone that is not enabled for the load balancer"
            return "unused", "Target.NotInUse", text
    started = max(
        table("registered").get(_key(group, target), 0.0),
        table("listener").get(listener.arn, {}).get("made", 0.0),
        load_balancing.active_since(balancer) if balancer.type == "network" else 0.0,
        running_since(instance) if instance is not None else 0.0,
    )
    if clock.now() < started + settings.target_health_seconds:
        reason = "Elb.InitialHealthChecking" if clock.now() >= started else "Elb.RegistrationInProgress"
        return "initial", reason, "Initial health checks in progress"
    return _checked(backend, balancer, group, target, instance)


def _checked(backend: Any, balancer: Any, group: Any, target: dict[str, Any], instance: Any | None) -> Health:
    """What the health check itself finds."""
    port = _health_port(group, int(target["Port"]))
    if instance is not None and not reaches(balancer, group, instance, port):
        return "unhealthy", "Target.Timeout", "Request timed out"
    if socket_on(backend, group, target, port) is None:
        return "unhealthy", "Target.FailedHealthChecks", "Health checks failed"
    return "healthy", None, None


def reaches(balancer: Any, group: Any, instance: Any, port: int) -> bool:
    """True if the instance's security groups let the load balancer's nodes in at the port."""
    nodes = nlb_nodes.node_addresses(balancer, group.account_id, group.region_name)
    own = list(balancer.security_groups)
    nics = [g for nic in instance.nics.values() for g in nic.group_set]
    return all(firewall.admits(nics or instance.security_groups, port, ip, own) for ip in nodes.values())


def _health_port(group: Any, port: int) -> int:
    wanted = str(group.health_check_port or "traffic-port")
    return int(wanted) if wanted.isdigit() else port
