"""Eventual consistency: for a while a new EC2 id is NotFound, and absent from what Describe lists."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult

from sandbox.aws.errors import AwsError
from sandbox.clock import clock
from sandbox.world import settings

_ID = re.compile(r"\b(?:vpce-svc|vpce|vpc|subnet|sg|i|igw|rtb|nat)-[0-9a-f]{17}\b", re.ASCII)
_CODES = {
    "vpc": "InvalidVpcID.NotFound",
    "subnet": "InvalidSubnetID.NotFound",
    "sg": "InvalidGroup.NotFound",
    "i": "InvalidInstanceID.NotFound",
    "vpce": "InvalidVpcEndpointId.NotFound",
    "vpce-svc": "InvalidVpcEndpointServiceId.NotFound",
    "igw": "InvalidInternetGatewayID.NotFound",
    "rtb": "InvalidRouteTableID.NotFound",
    "nat": "NatGatewayNotFound",
}
_births: dict[str, float] = {}


def note_births(action: str, params: dict[str, Any], body: Any) -> None:
    """Remember when the ids that this call made were born. Only while the window is open at all."""
    if not settings.stale_seconds or not action.startswith(("Create", "Run")):
        return
    asked = set(_ID.findall(str(params)))
    for found in set(_ID.findall(body if isinstance(body, str) else bytes(body).decode())) - asked:
        _births.setdefault(found, clock.now())


def young(thing: str) -> bool:
    """True while the world has not yet heard of this id."""
    born = _births.get(thing)
    return born is not None and clock.now() < born + settings.stale_seconds


def check(service: str, action: str, params: dict[str, Any]) -> None:
    """Raise the NotFound of a young id that the call names."""
    if not settings.stale_seconds or service not in ("ec2", "elbv2"):
        return
    named = {key: value for key, value in params.items() if key not in ("Filters", "TagSpecifications")}
    for thing in _ID.findall(str(named)):
        if young(thing):
            code = _CODES[thing.rsplit("-", 1)[0]]
            raise AwsError(code, f"The ID '{thing}' does not exist")


def hide(action: str, result: ActionResult) -> ActionResult:
    """Leave young things out of a Describe answer."""
    content = result.result
    if not settings.stale_seconds or not action.startswith("Describe") or not isinstance(content, dict):
        return result
    for key, value in content.items():
        if isinstance(value, list):
            content[key] = [item for item in value if not young(_id_of(item))]
    return result


def _id_of(item: Any) -> str:
    if isinstance(item, dict):
        named = (item.get(k) for k in ("resource_id", "VpcEndpointId", "ServiceId", "ResourceId"))
        return next((str(n) for n in named if n), "")
    if instances := getattr(item, "instances", None):
        return str(instances[0].id)
    return str(getattr(item, "id", ""))


def forget_all() -> None:
    """Forget all births."""
    _births.clear()
