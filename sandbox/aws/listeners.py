"""Listeners and target groups: duplicates, TLS certificates, what is in use."""

from __future__ import annotations

from typing import Any

from moto.acm.models import acm_backends
from moto.core.responses import ActionResult, EmptyResult
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from sandbox.aws import patching, quotas
from sandbox.aws.errors import AwsError
from sandbox.aws.load_balancing import find
from sandbox.clock import clock
from sandbox.state import table

_moto: dict[str, Any] = {}
_NLB_PROTOCOLS = ("TCP", "TLS", "UDP", "TCP_UDP")
DEFAULT_SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def install() -> None:
    """Wrap moto's creation and deletion of listeners and target groups."""
    for handler in (create_listener, create_target_group, modify_listener):
        _moto[handler.__name__] = patching.replace(ELBV2Response, handler.__name__, handler)
    for handler in (delete_target_group, describe_tags):
        _moto[handler.__name__] = patching.replace(ELBV2Response, handler.__name__, handler)
    _moto["delete_listener"] = patching.replace(ELBv2Backend, "delete_listener", delete_listener)


def create_listener(response: Any) -> ActionResult:
    """CreateListener: the same settings give the same listener, other settings on the port are refused."""
    params, backend = response._get_params(), response.elbv2_backend
    balancer = find(backend, params["LoadBalancerArn"])
    port, protocol = int(params["Port"]), params.get("Protocol", "")
    if balancer.type == "network" and protocol not in _NLB_PROTOCOLS:
        message = f"Listener protocol '{protocol}' is not supported for a Network Load Balancer"
        raise AwsError("UnsupportedProtocol", message)
    certificates = [c["CertificateArn"] for c in params.get("Certificates", [])]
    wanted = (protocol, port, certificates, _forwards(params["DefaultActions"]), params.get("AlpnPolicy"))
    for listener in balancer.listeners.values():
        if int(listener.port) == port:
            if table("listener").get(listener.arn, {}).get("settings") == wanted:
                return ActionResult({"Listeners": [listener]})
            raise AwsError("DuplicateListener", "A listener already exists on this port for this load balancer")
    count, message = len(balancer.listeners), "The maximum number of listeners has been reached."
    quotas.demand(backend, "elasticloadbalancing", "L-57A373D6", count, "TooManyListeners", message)
    check_certificates(backend, protocol, certificates)
    _check_groups(backend, balancer, protocol, wanted[3])
    result: ActionResult = _moto["create_listener"](response)
    made = result.result["Listeners"][0]  # type: ignore[index]
    made.ssl_policy = (params.get("SslPolicy") or DEFAULT_SSL_POLICY) if protocol in ("TLS", "HTTPS") else None
    table("listener")[made.arn] = {"made": clock.now(), "settings": wanted}
    return result


def _forwards(actions: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for action in actions:
        groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
        found += [g["TargetGroupArn"] for g in groups] or [action.get("TargetGroupArn") or ""]
    return [arn for arn in found if arn]


def check_certificates(backend: Any, protocol: str, arns: list[str]) -> None:
    """A TLS listener takes exactly one issued certificate of this account and region."""
    if protocol not in ("TLS", "HTTPS"):
        if arns:
            message = f"Certificates cannot be specified for a listener of protocol {protocol}"
            raise AwsError("InvalidConfigurationRequest", message)
        return
    if len(arns) != 1:
        message = f"Exactly one certificate must be specified for a listener of protocol {protocol}"
        raise AwsError("ValidationError" if arns else "CertificateNotFound", message)
    held = acm_backends[backend.account_id][backend.region_name]._certificates.get(arns[0])
    if held is None:
        raise AwsError("CertificateNotFound", f"Certificate '{arns[0]}' not found")
    held.check()
    if held.status != "ISSUED":
        message = (
            f"The certificate '{arns[0]}' must have a fully-qualified domain name, a supported signature, "
            "and a supported key size."
        )
        raise AwsError("UnsupportedCertificate", message)


def _check_groups(backend: Any, balancer: Any, protocol: str, arns: list[str]) -> None:
    allowed = {"TLS": ("TCP", "TLS"), "TCP": ("TCP", "TCP_UDP"), "UDP": ("UDP", "TCP_UDP")}
    for arn in arns:
        group = backend.target_groups.get(arn)
        if group is None:
            raise AwsError("TargetGroupNotFound", "One or more target groups not found")
        if group.vpc_id != balancer.vpc_id:
            message = "The target group and the load balancer must be in the same VPC"
            raise AwsError("InvalidConfigurationRequest", message)
        if balancer.type == "network" and group.protocol not in allowed.get(protocol, (protocol,)):
            message = f"Listener protocol '{protocol}' does not fit target group protocol '{group.protocol}'"
            raise AwsError("IncompatibleProtocols", message)


def create_target_group(response: Any) -> ActionResult:
    """CreateTargetGroup: the same settings give the same group, else DuplicateTargetGroupName."""
    params, backend = response._get_params(), response.elbv2_backend
    wanted = {key: value for key, value in params.items() if key != "Tags"}
    for group in backend.target_groups.values():
        if group.name == params["Name"] and table("target_group").get(group.arn) == wanted:
            return ActionResult({"TargetGroups": [group]})
    count, message = len(backend.target_groups), "The maximum number of target groups has been reached."
    quotas.demand(backend, "elasticloadbalancing", "L-B22855CB", count, "TooManyTargetGroups", message)
    result: ActionResult = _moto["create_target_group"](response)
    table("target_group")[result.result["TargetGroups"][0].arn] = wanted  # type: ignore[index]
    return result


def modify_listener(response: Any) -> ActionResult:
    """ModifyListener, with TLS, which moto does not know."""
    params, backend = response._get_params(), response.elbv2_backend
    listener = backend.describe_listeners(None, [params["ListenerArn"]])[0]
    protocol = params.get("Protocol") or listener.protocol
    arns = [c["CertificateArn"] for c in params.get("Certificates", [])]
    if protocol in ("TLS", "HTTPS"):
        check_certificates(backend, protocol, arns or list(listener.certificates))
    _use(backend, listener, arns)
    listener.protocol, listener.port = protocol, params.get("Port", listener.port)
    if actions := params.get("DefaultActions"):
        from moto.elbv2.models import FakeAction

        listener.default_actions = [FakeAction(action) for action in actions]
    table("listener")[listener.arn]["settings"] = (
        protocol,
        int(listener.port),
        list(listener.certificates),
        _forwards([action.data for action in listener.default_actions]),
        params.get("AlpnPolicy"),
    )
    _recount(backend)
    return ActionResult({"Listeners": [listener]})


def _use(backend: Any, listener: Any, arns: list[str]) -> None:
    if not arns:
        return
    held = acm_backends[backend.account_id][backend.region_name]._certificates
    for arn in listener.certificates:
        if arn in held and listener.arn in held[arn].in_use_by:
            held[arn].in_use_by.remove(listener.arn)
    for arn in arns:
        held[arn].in_use_by.append(listener.arn)
    listener.certificates, listener.certificate = arns, arns[0]


def delete_listener(backend: Any, listener_arn: str) -> Any:
    """Also frees its target groups and its certificate, which moto forgets."""
    listener = _moto["delete_listener"](backend, listener_arn)
    held = acm_backends[backend.account_id][backend.region_name]._certificates
    for arn in listener.certificates:
        if arn in held and listener_arn in held[arn].in_use_by:
            held[arn].in_use_by.remove(listener_arn)
    table("listener").pop(listener_arn, None)
    _recount(backend)
    return listener


def _recount(backend: Any) -> None:
    """Which load balancers forward to which target group, from the listeners that there are."""
    for group in backend.target_groups.values():
        group.load_balancer_arns = [
            balancer.arn
            for balancer in backend.load_balancers.values()
            if any(group.arn in forwards(listener) for listener in balancer.listeners.values())
        ]


def forwards(listener: Any) -> list[str]:
    """The target groups that a listener forwards to."""
    return _forwards([action.data for action in listener.default_actions])


def delete_target_group(response: Any) -> ActionResult:
    """Absent is success, as the service's model says: its one error is ResourceInUse."""
    if response._get_param("TargetGroupArn") not in response.elbv2_backend.target_groups:
        return EmptyResult()
    result: ActionResult = _moto["delete_target_group"](response)
    return result


def describe_tags(response: Any) -> ActionResult:
    """At most 20 things a call, and each must exist."""
    arns = response._get_param("ResourceArns", [])
    if len(arns) > 20:
        message = "The number of resource ARNs must be at most 20"
        raise AwsError("ValidationError", message)
    for arn in arns:
        response.elbv2_backend._get_resource_by_arn(arn)
    result: ActionResult = _moto["describe_tags"](response)
    return result
