"""What the buyer test account finds (S2, S32, S33, S47): the service by its exact name, and in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from onboarding.things.setting import PreviousValue

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

UNKNOWN = "InvalidServiceName"  # wrong name, wrong region, or not allowed: a buyer cannot tell


@dataclass(frozen=True, kw_only=True)
class Discovery(Thing):
    """The service `service_name`, as a buyer who is on the allow list sees it; pending until it is found by name.

    Values: found, code (why not), owner, service_name, zone_ids (those that buyer and service share), base_names,
    private_dns_name, acceptance_required.
    """

    kind = "discovery"
    words = "discovery"
    idempotency = Idempotency.READ
    reads = ("ec2:DescribeVpcEndpointServices",)
    converges = True
    temporary = True

    role: str = "buyer_test"
    service_name: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        detail, code = by_name(door, self.service_name)
        if detail is None:
            said = f"AWS does not show {self.service_name} to account {door.account} yet ({code})."
            values = {"found": False, "code": code}
            return Observation(id=self.service_name, state=State.PENDING, aws_status=code, sentence=said, values=values)
        said = f"Account {door.account} finds {self.service_name}."
        return Observation(id=self.service_name, sentence=said, values=_values(detail))

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing.make(door, _NO_MARK) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        values = {
            "found": True,
            "code": "",
            "owner": place.account,
            "service_name": self.service_name,
            "zone_ids": [],
            "base_names": [],
            "private_dns_name": "",
            "acceptance_required": True,
        }
        return Observation(id=self.service_name, values=values)


@dataclass(frozen=True, kw_only=True)
class Refusal(PreviousValue):
    """How the service `target` answered the buyer test account before it was allowed: value InvalidServiceName, or ""
    if it was found.
    """

    kind = "refusal"
    words = "refusal before the account is allowed"
    reads = ("ec2:DescribeVpcEndpointServices",)
    converges = True
    temporary = True

    role: str = "buyer_test"

    def look(self, door: RegionClients) -> str:
        return by_name(door, self.target)[1]

    def predict(self, place: Place) -> Observation:
        return self._remembered(UNKNOWN)


def by_name(door: RegionClients, service_name: str) -> tuple[Any | None, str]:
    """The service's detail and "", or None and AWS's code."""
    try:
        found = door.ec2.describe_vpc_endpoint_services(ServiceNames=[service_name])["ServiceDetails"]
    except ClientError as error:
        if code_of(error) != UNKNOWN:
            raise
        return None, UNKNOWN
    return (found[0], "") if found else (None, UNKNOWN)


def listed(door: RegionClients, service_name: str, owner: str) -> bool:
    """Whether the service is in the list that the console shows, of one owner, all pages: `*` alone does not list it
    (S33).
    """
    wanted: Any = [{"Name": "owner", "Values": [owner]}] if owner else []
    pages = door.ec2.get_paginator("describe_vpc_endpoint_services").paginate(Filters=wanted)
    return any(service_name in page["ServiceNames"] for page in pages)


def _values(detail: Any) -> dict[str, Any]:
    return {
        "found": True,
        "code": "",
        "owner": detail.get("Owner", ""),
        "service_name": detail["ServiceName"],
        "zone_ids": sorted(detail.get("AvailabilityZoneIds", [])),
        "base_names": detail.get("BaseEndpointDnsNames", []),
        "private_dns_name": detail.get("PrivateDnsName", ""),
        "acceptance_required": detail.get("AcceptanceRequired", False),
    }


_NO_MARK = Ownership(item="", token="", label="", tags={})
