"""Network interfaces that AWS makes for load balancers and endpoints, and that linger after them."""

from __future__ import annotations

from itertools import islice
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from sandbox.aws import patching
from sandbox.aws.errors import AwsError
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings

_moto: dict[str, Any] = {}


def install() -> None:
    """Sweep what has lingered long enough whenever interfaces are looked at."""
    for name in ("delete_subnet", "delete_security_group", "delete_vpc", "get_all_network_interfaces"):
        _moto[name] = patching.replace(EC2Backend, name, _after_sweep(name))
    _moto["delete_eni"] = patching.replace(EC2Response, "delete_network_interface", delete_network_interface)


def _after_sweep(name: str) -> Any:
    def swept(backend: Any, *args: Any, **kwargs: Any) -> Any:
        sweep(backend)
        return _moto[name](backend, *args, **kwargs)

    return swept


def make(backend: Any, subnet_id: str, group_ids: list[str], description: str, kind: str) -> str:
    """An interface owned by AWS in the subnet; gives its id."""
    eni = backend.create_network_interface(
        backend.get_subnet(subnet_id), _free_ip(backend, subnet_id), group_ids=group_ids, description=description
    )
    eni.requester_managed, eni.status, eni.interface_type = True, "in-use", kind
    if not group_ids:
        eni._group_set = []
    return str(eni.id)


def _free_ip(backend: Any, subnet_id: str) -> str:
    subnet = backend.get_subnet(subnet_id)
    taken = {eni.private_ip_address for eni in backend.enis.values() if eni.subnet.id == subnet_id}
    for host in islice(subnet.cidr.hosts(), 3, None):
        if str(host) not in taken:
            return str(host)
    raise AwsError("InsufficientFreeAddressesInSubnet", f"Not enough free addresses in subnet '{subnet_id}'.")


def release(backend: Any, eni_ids: list[str]) -> None:
    """Let interfaces go; they are gone after `eni_linger_seconds`."""
    gone = clock.now() + settings.eni_linger_seconds
    for eni_id in eni_ids:
        table("lingering")[eni_id] = (backend.account_id, backend.region_name, gone)


def sweep(backend: Any) -> None:
    """Drop the interfaces of this account and region whose time is over."""
    lingering = table("lingering")
    now = clock.now()
    for eni_id, (account, region, gone) in list(lingering.items()):
        if now >= gone and (account, region) == (backend.account_id, backend.region_name):
            backend.enis.pop(eni_id, None)
            backend.tags.pop(eni_id, None)
            del lingering[eni_id]


def delete_network_interface(response: Any) -> Any:
    """A person cannot delete an interface that AWS manages."""
    eni_id = response._get_param("NetworkInterfaceId")
    eni = response.ec2_backend.enis.get(eni_id)
    if eni is not None and eni.requester_managed:
        message = f"Network interface '{eni_id}' is currently in use."
        raise AwsError("InvalidParameterValue", message)
    return _moto["delete_eni"](response)


def addresses(backend: Any, eni_ids: list[str]) -> list[str]:
    """The private IPs of the interfaces, in order."""
    return [str(backend.enis[eni].private_ip_address) for eni in eni_ids if eni in backend.enis]
