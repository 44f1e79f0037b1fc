"""EC2 tags, looked up by id: moto scans all tags for each thing, 4 s at 2,000 tagged groups."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from sandbox.aws import patching
from sandbox.aws.errors import AwsError
from sandbox.aws.policy import like

_DELETIONS = (
    "delete_vpc",
    "delete_subnet",
    "delete_security_group",
    "delete_network_interface",
    "delete_volume",
    "delete_route_table",
    "delete_internet_gateway",
)


def install() -> None:
    """Put the quick look-up in the place of moto's."""
    patching.replace(TaggedEC2Resource, "get_tags", get_tags)
    patching.replace(EC2Response, "describe_tags", describe_tags)
    for name in _DELETIONS:
        patching.replace(EC2Backend, name, _forgetting(getattr(EC2Backend, name, None)))


def _forgetting(delete: Any) -> Any:
    """A deletion after which the thing's tags are gone too; moto would list them for ever."""

    def deleted(backend: Any, *args: Any, **kwargs: Any) -> Any:
        result = delete(backend, *args, **kwargs)
        for value in (*args, *kwargs.values()):
            if isinstance(value, str):
                backend.tags.pop(value, None)
        return result

    return deleted


def get_tags(thing: Any) -> list[dict[str, str]]:
    """The tags of one EC2 thing, in the shape that moto's models use."""
    held = thing.ec2_backend.tags.get(thing.id) if thing.id else None
    if not held:
        return []
    kind = kind_of(thing.id)
    return [{"resource_id": thing.id, "key": k, "value": v, "resource_type": kind} for k, v in held.items()]


def kind_of(thing_id: str) -> str:
    """The EC2 resource type of an id, e.g. `security-group`."""
    return str(EC2_PREFIX_TO_RESOURCE.get(get_prefix(thing_id), ""))


def describe_tags(response: Any) -> ActionResult:
    """Tags by filters `key`, `value`, `resource-id`, `resource-type`, `tag:<key>`, wildcards allowed."""
    filters = response._filters_from_querystring()
    for name in filters:
        if name not in ("key", "value", "resource-id", "resource-type") and not name.startswith("tag:"):
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    found = [
        {"ResourceId": thing, "ResourceType": kind_of(thing), "Key": key, "Value": value}
        for thing, tags in response.ec2_backend.tags.items()
        for key, value in tags.items()
        if _wanted(filters, thing, key, value)
    ]
    size = int(response._get_param("MaxResults", 1000))
    start = int(response._get_param("NextToken", 0))
    more = str(start + size) if len(found) > start + size else None
    return ActionResult({"Tags": found[start : start + size], "NextToken": more})


def _wanted(filters: dict[str, list[str]], thing: str, key: str, value: str) -> bool:
    for name, patterns in filters.items():
        if name.startswith("tag:"):
            if name[4:] != key:
                return False
            have = value
        else:
            have = {"key": key, "value": value, "resource-id": thing}.get(name) or kind_of(thing)
        if not any(like(have, pattern) for pattern in patterns):
            return False
    return True


def tags_of(backend: Any, thing_id: str) -> list[dict[str, str]]:
    """The tags of an id in the shape of AWS's answers."""
    return [{"Key": k, "Value": v} for k, v in backend.tags.get(thing_id, {}).items()]
