"""Network Load Balancers: names, states, security groups, protection, deletion."""

from __future__ import annotations

import re
import secrets
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.elbv2.exceptions import LoadBalancerNotFoundError, SubnetNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response

from sandbox.aws import elb_interfaces, nlb_nodes, patching, quotas
from sandbox.aws.errors import AwsError
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings, switches

_NAME = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)", re.ASCII)
_ENFORCE = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
_moto: dict[str, Any] = {}


def install() -> None:
    """Put our load balancers in the place of moto's."""
    for handler in (create_load_balancer, delete_load_balancer, set_security_groups, set_subnets):
        _moto[handler.__name__] = patching.replace(ELBV2Response, handler.__name__, handler)
    for handler in (describe_load_balancers,):
        patching.replace(ELBV2Response, handler.__name__, handler)
    patching.replace(FakeLoadBalancer, "load_balancer_state", property(state_of))
    patching.replace(FakeLoadBalancer, "activate", lambda balancer: None)


def active_since(balancer: Any) -> float:
    """When the load balancer became (or will become) active."""
    made: float = table("nlb")[balancer.arn]["made"] if balancer.arn in table("nlb") else 0.0
    return made + settings.nlb_seconds


def state_of(balancer: Any) -> dict[str, str]:
    """`provisioning`, then `active`; or what a person forced."""
    if forced := switches.states.get(balancer.arn):
        return {"Code": forced, "Reason": "A person set this state in the sandbox."}
    return {"Code": "active" if clock.now() >= active_since(balancer) else "provisioning"}


def is_active(balancer: Any) -> bool:
    """True once traffic flows."""
    return state_of(balancer)["Code"] in ("active", "active_impaired")


def enforces_on_private_link(balancer: Any) -> bool:
    """True if its security groups judge PrivateLink traffic too (AWS's default)."""
    return getattr(balancer, _ENFORCE, None) != "off"


def create_load_balancer(response: Any) -> ActionResult:
    """CreateLoadBalancer of type network; other types are moto's."""
    params, backend = response._get_params(), response.elbv2_backend
    if params.get("Type") != "network":
        return _moto["create_load_balancer"](response)  # type: ignore[no-any-return]
    _check_name(params["Name"])
    subnets = _subnets(backend, params)
    wanted = _settings(params, subnets)
    for balancer in backend.load_balancers.values():
        if balancer.name == params["Name"]:
            if table("nlb").get(balancer.arn, {}).get("settings") == wanted:
                return ActionResult({"LoadBalancers": [balancer]})
            raise AwsError(
                "DuplicateLoadBalancerName",
                f"A load balancer with the same name '{balancer.name}' exists, but with different settings",
            )
    count = sum(1 for b in backend.load_balancers.values() if b.type == "network")
    message = "The maximum number of load balancers has been reached."
    quotas.demand(backend, "elasticloadbalancing", "L-69A177A2", count, "TooManyLoadBalancers", message)
    _check_groups(backend, params.get("SecurityGroups", []), subnets)
    return ActionResult({"LoadBalancers": [_make(backend, params, subnets, wanted)]})


def _make(backend: Any, params: dict[str, Any], subnets: list[Any], wanted: Any) -> Any:
    name, token = params["Name"], secrets.token_hex(8)
    region, account = backend.region_name, backend.account_id
    scheme = params.get("Scheme") or "internet-facing"
    model: Any = FakeLoadBalancer
    balancer = model(
        name=name,
        security_groups=params.get("SecurityGroups", []),
        subnets=subnets,
        vpc_id=subnets[0].vpc_id,
        arn=f"arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/net/{name}/{token}",
        dns_name=f"{name}-{token}.elb.{region}.amazonaws.com",
        state="provisioning",
        scheme=scheme,
        loadbalancer_type="network",
        ip_address_type=params.get("IpAddressType") or "ipv4",
    )
    if balancer.security_groups:
        setattr(balancer, _ENFORCE, "on")
    backend.load_balancers[balancer.arn] = balancer
    backend.tagging_service.tag_resource(balancer.arn, params.get("Tags") or [])
    table("nlb")[balancer.arn] = {"made": clock.now(), "settings": wanted, "enis": {}}
    nlb_nodes.match_interfaces(backend, balancer)
    return balancer


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise AwsError(
            "ValidationError",
            f"The load balancer name '{name}' must have 1 to 32 letters, digits or hyphens, must not begin or "
            "end with a hyphen, and must not begin with 'internal-'",
        )


def _subnets(backend: Any, params: dict[str, Any]) -> list[Any]:
    ids = [*params.get("Subnets", []), *(m["SubnetId"] for m in params.get("SubnetMappings", []))]
    if not ids:
        raise AwsError("ValidationError", "You must specify either subnets or an outpost")
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    held = {s.id: s for group in ec2.subnets.values() for s in group.values()}
    if any(subnet_id not in held for subnet_id in ids):
        raise SubnetNotFoundError()
    subnets = [held[subnet_id] for subnet_id in ids]
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) != len(zones):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise AwsError("InvalidConfigurationRequest", message)
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise AwsError("InvalidSubnet", "All subnets must belong to the same VPC")
    return subnets


def _settings(params: dict[str, Any], subnets: list[Any]) -> tuple[Any, ...]:
    return (
        params.get("Scheme") or "internet-facing",
        sorted(subnet.id for subnet in subnets),
        sorted(params.get("SecurityGroups", [])),
        params.get("IpAddressType") or "ipv4",
    )


def _check_groups(backend: Any, groups: list[str], subnets: list[Any]) -> None:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    for group_id in groups:
        group = ec2.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != subnets[0].vpc_id:
            raise AwsError("InvalidSecurityGroup", f"One or more security groups are invalid: '{group_id}'")


def delete_load_balancer(response: Any) -> ActionResult:
    """Absent is success; protected and used by an endpoint service are refused."""
    arn, backend = response._get_param("LoadBalancerArn"), response.elbv2_backend
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        return EmptyResult()
    if str(balancer.attrs.get("deletion_protection.enabled")).lower() == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise AwsError("OperationNotPermitted", message)
    if service_of(arn):
        message = f"Load balancer '{arn}' cannot be deleted because it is currently associated with another service"
        raise AwsError("ResourceInUse", message)
    for listener_arn in list(balancer.listeners):
        backend.delete_listener(listener_arn)
    backend.delete_load_balancer(arn)
    facts = table("nlb").pop(arn, {"enis": {}})
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    elb_interfaces.release(ec2, list(facts["enis"].values()))
    return EmptyResult()


def service_of(arn: str) -> str | None:
    """The id of the endpoint service that holds the load balancer, if any."""
    for service_id, service in table("service").items():
        if arn in service.balancers and not service.deleted:
            return str(service_id)
    return None


def set_security_groups(response: Any) -> ActionResult:
    """A network load balancer made without a group can never get one."""
    params, backend = response._get_params(), response.elbv2_backend
    balancer = find(backend, params["LoadBalancerArn"])
    groups = params.get("SecurityGroups", [])
    if balancer.type == "network":
        if not balancer.security_groups:
            message = "You cannot set security groups on a Network Load Balancer that was created without any"
            raise AwsError("InvalidConfigurationRequest", message)
        if not groups:
            raise AwsError("InvalidConfigurationRequest", "At least one security group must be specified")
        _check_groups(backend, groups, balancer.subnets)
        if enforce := params.get(_ENFORCE):
            setattr(balancer, _ENFORCE, enforce)
    balancer.security_groups = groups
    answer = {"SecurityGroupIds": groups, _ENFORCE: getattr(balancer, _ENFORCE, None)}
    return ActionResult(answer)


def set_subnets(response: Any) -> ActionResult:
    """A network load balancer may gain zones; zones can be taken away only where nothing uses it."""
    params, backend = response._get_params(), response.elbv2_backend
    balancer = find(backend, params["LoadBalancerArn"])
    if balancer.type != "network":
        return _moto["set_subnets"](response)  # type: ignore[no-any-return]
    subnets = _subnets(backend, params)
    left = {s.availability_zone for s in balancer.subnets} - {s.availability_zone for s in subnets}
    if left and service_of(balancer.arn):
        message = "Availability Zones cannot be removed while the load balancer is in an endpoint service"
        raise AwsError("ResourceInUse", message)
    balancer.subnets = subnets
    table("nlb")[balancer.arn]["settings"] = _settings(
        {
            "Scheme": balancer.scheme,
            "SecurityGroups": balancer.security_groups,
            "IpAddressType": balancer.ip_address_type,
        },
        subnets,
    )
    nlb_nodes.match_interfaces(backend, balancer)
    return ActionResult({"AvailabilityZones": balancer.availability_zones})


def find(backend: ELBv2Backend, arn: str) -> Any:
    """The load balancer, or LoadBalancerNotFound."""
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError()
    return balancer


def describe_load_balancers(response: Any) -> ActionResult:
    """By ARN or name (all must exist), or all of them, paged."""
    backend = response.elbv2_backend
    arns, names = response._get_param("LoadBalancerArns", []), response._get_param("Names", [])
    held = list(backend.load_balancers.values())
    if arns or names:
        held = [b for b in held if b.arn in arns or b.name in names]
        if len(held) < len({*arns, *names}):
            raise LoadBalancerNotFoundError()
    size, start = response._get_int_param("PageSize", 400), int(response._get_param("Marker") or 0)
    more = str(start + size) if len(held) > start + size else None
    return ActionResult({"LoadBalancers": held[start : start + size], "NextMarker": more})
