"""The private DNS name of an endpoint service (S6, S45, Q9): set on it, and what it was before us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from onboarding.things.base import Observation
from onboarding.things.endpoint_service import configurations
from onboarding.things.grants import ENDPOINT_SERVICE, RESOURCE, Grant
from onboarding.things.setting import NOTHING, PreviousValue, Setting

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients

NAME = "private DNS name"


@dataclass(frozen=True, kw_only=True)
class PrivateDnsName(Setting):
    """`value` is the name, `target` the service's id; an `old` of "none" is put back by taking the name away.

    Values: value, old, and as AWS tells them label, token and state of the TXT record that proves the name.
    """

    kind = "private_dns_name"
    words = "Endpoint service"
    makes = ("ec2:ModifyVpcEndpointServiceConfiguration",)
    reads = ("ec2:DescribeVpcEndpointServiceConfigurations",)
    removes = ("ec2:ModifyVpcEndpointServiceConfiguration",)
    grants = (Grant("ec2:ModifyVpcEndpointServiceConfiguration", RESOURCE, (ENDPOINT_SERVICE,)),)

    name: str = NAME

    @classmethod
    def read(cls, door: RegionClients, target: str, name: str) -> str:
        facts = proof_of(door, target)
        return str(facts["name"] or NOTHING) if facts else ""

    def put(self, door: RegionClients, value: str) -> None:
        if value == NOTHING:
            door.ec2.modify_vpc_endpoint_service_configuration(ServiceId=self.target, RemovePrivateDnsName=True)
        else:
            door.ec2.modify_vpc_endpoint_service_configuration(ServiceId=self.target, PrivateDnsName=value)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing._with(proof_of(door, thing.target)) for thing, _ in wanted]

    def _with(self, facts: Mapping[str, str]) -> Observation:
        seen = self._seen(str(facts["name"] or NOTHING) if facts else "")
        more = {name: facts[name] for name in ("label", "token", "state")} if facts else {}
        return Observation(
            id=seen.id,
            state=seen.state,
            aws_status=more.get("state", "")[:120],
            sentence=seen.sentence,
            values={**seen.values, **more},
        )


@dataclass(frozen=True, kw_only=True)
class PrivateDnsNameBefore(PreviousValue):
    """The private name of an adopted endpoint service, before we changed it."""

    kind = "private_dns_name_before"
    words = "earlier private DNS name"
    reads = ("ec2:DescribeVpcEndpointServiceConfigurations",)

    name: str = NAME

    def look(self, door: RegionClients) -> str:
        return str(proof_of(door, self.target).get("name", ""))


def proof_of(door: RegionClients, service_id: str) -> dict[str, str]:
    """name, label, token and state of a service's private name: all "" without one; {} when the service is gone.

    AWS's `Name` is only a label, such as `_6e86v84tqgqubxbwii1m`; its `Value` minds capitals.
    """
    for service in configurations(door, "service-id", [service_id]):
        proof: Any = service.get("PrivateDnsNameConfiguration") or {}
        return {
            "name": str(service.get("PrivateDnsName") or "").lower(),
            "label": str(proof.get("Name") or ""),
            "token": str(proof.get("Value") or ""),
            "state": str(proof.get("State") or ""),
        }
    return {}
