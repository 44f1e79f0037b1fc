"""Instances that take time to start and to end, and the refusals of RunInstances."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import instances as moto_instances
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import EC2Response

from sandbox.aws import images, patching, quotas
from sandbox.aws.errors import AwsError
from sandbox.aws.network import living_instances
from sandbox.aws.resources import request_tags
from sandbox.clock import clock
from sandbox.world import settings

_CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
_moto: dict[str, Any] = {}


class LiveState:
    """An instance's state, computed at read time: `running` is `pending` for a while, and so on."""

    def __init__(self, name: str = "pending", code: int = 0) -> None:
        self._settled = name
        self.since = clock.now()

    @property
    def name(self) -> str:
        """The state as AWS names it."""
        age = clock.now() - self.since
        if self._settled == "running" and age < settings.instance_seconds:
            return "pending"
        if self._settled == "terminated" and age < settings.terminate_seconds:
            return "shutting-down"
        return self._settled

    @name.setter
    def name(self, name: str) -> None:
        if name != self._settled:
            self._settled, self.since = name, clock.now()

    @property
    def code(self) -> int:
        """The state's number; it follows the name."""
        return _CODES[self.name]

    @code.setter
    def code(self, code: int) -> None:
        """moto sets both; the name decides."""


def install() -> None:
    """Put the live state in the place of moto's, and our checks before RunInstances."""
    patching.replace(moto_instances, "InstanceState", LiveState)
    _moto["run_instances"] = patching.replace(EC2Response, "run_instances", run_instances)
    _moto["terminate"] = patching.replace(EC2Response, "terminate_instances", terminate_instances)


def running_since(instance: Any) -> float:
    """When the instance reached (or will reach) `running`."""
    since: float = instance._state.since
    return since + settings.instance_seconds


def run_instances(response: Any) -> ActionResult:
    """RunInstances, with its refusals."""
    backend, params = response.ec2_backend, response.params
    image, kind = params.get("ImageId", ""), params.get("InstanceType", "m1.small")
    images.check(image)
    if kind not in INSTANCE_TYPES:
        raise AwsError("InvalidParameterValue", f"Invalid value '{kind}' for InstanceType.")
    count = int(params.get("MaxCount") or params.get("MinCount") or 1)
    used = sum(vcpus(instance.instance_type) for instance in living_instances(backend))
    _check_vcpus(backend, used + vcpus(kind) * count)
    for subnet_id in _subnets(params):
        subnet = backend.get_subnet(subnet_id)
        images.check_offered(kind, backend.region_name, subnet.availability_zone_id)
        if subnet.available_ip_address_count < count:
            message = f"Not enough free addresses in subnet '{subnet_id}'."
            raise AwsError("InsufficientFreeAddressesInSubnet", message)
    result: ActionResult = _moto["run_instances"](response)
    for instance in result.result.instances:  # type: ignore[attr-defined]
        _finish_interfaces(backend, instance, params)
    return result


def _finish_interfaces(backend: Any, instance: Any, params: dict[str, Any]) -> None:
    """Interfaces go with their instance unless told otherwise, and bear their tags; moto does neither."""
    told = any("DeleteOnTermination" in nic for nic in params.get("NetworkInterfaces", []))
    tags = request_tags(params, "network-interface")
    for nic in instance.nics.values():
        nic.delete_on_termination = nic.delete_on_termination if told else True
        if tags:
            backend.create_tags([nic.id], tags)


def _subnets(params: dict[str, Any]) -> list[str]:
    named = [params.get("SubnetId"), *(n.get("SubnetId") for n in params.get("NetworkInterfaces", []))]
    return [subnet for subnet in named if subnet]


def _check_vcpus(backend: Any, wanted: int) -> None:
    limit = quotas.limit(backend.account_id, backend.region_name, "ec2", "L-1216C47A")
    if wanted > limit:
        raise AwsError(
            "VcpuLimitExceeded",
            f"You have requested more vCPU capacity than your current vCPU limit of {limit:g} allows.",
        )


def vcpus(kind: str) -> int:
    """The vCPUs of an instance type, as its name tells (exact types do not matter here)."""
    size = kind.rpartition(".")[2]
    if match := re.fullmatch(r"(\d*)xlarge", size):
        return 4 * int(match[1] or 1)
    return 2


def terminate_instances(response: Any) -> ActionResult:
    """TerminateInstances; a protected instance gives OperationNotPermitted."""
    backend = response.ec2_backend
    for thing in response._get_param("InstanceIds", []):
        instance = backend.get_instance(thing)
        if str(instance.disable_api_termination).lower() == "true":
            message = f"The instance '{thing}' may not be terminated. Modify its 'disableApiTermination'."
            raise AwsError("OperationNotPermitted", message)
    result: ActionResult = _moto["terminate"](response)
    return result


def refuse_replay(response: Any, action: str, body: Any) -> None:
    """A token of RunInstances cannot be used again once its instances are terminated."""
    if action != "RunInstances":
        return
    made = {str(thing) for thing in re.findall(r"\bi-[0-9a-f]{17}\b", str(body))}
    living = {instance.id for instance in living_instances(response.ec2_backend)}
    ended = [i for i in living_instances(response.ec2_backend) if i.id in made and i.state == "shutting-down"]
    if not made & living or ended:
        message = "The client token was used for instances that are terminated. Use a new token."
        raise AwsError("IdempotentInstanceTerminated", message)
