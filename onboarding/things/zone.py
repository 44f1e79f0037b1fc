"""The live public hosted zone in which a record has to stand (S22): of several zones of one name
only that one counts whose name servers the world asks.

Which zone is live only DNS knows, so the step asks it and hands in the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.terraform import Lookup, name_of

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

NOBODY = "none"


@dataclass(frozen=True, kw_only=True)
class Zone(Thing):
    """The zone for a record `name`: `apex` and `servers` are the live zone's, as public DNS tells them. With `optional`
    an account without a zone of that name is no mistake.

    The id is the zone's, or "none". Values: zone (name, "" for none), servers.
    """

    kind = "zone"
    words = "hosted zone"
    idempotency = Idempotency.READ
    reads = ("route53:ListHostedZonesByName", "route53:GetHostedZone")

    role: str = "dns"
    name: str = ""
    apex: str = ""
    servers: tuple[str, ...] = ()
    optional: bool = False

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        zones = [_held(door, zone_id) for zone_id in _ids(door, self.apex)]
        for zone in zones:
            if zone and set(_servers(zone)) & set(self.servers):
                return _seen(zone)
        if self.optional and not zones:
            return _nobody(self.apex, door.account)
        return Observation(
            id=NOBODY, state=State.WRONG, sentence=self._why(door.account, [zone for zone in zones if zone])
        )

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [cls._look(thing, door, zone_id) for thing, zone_id in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        aws_id = place.read(
            f"zone {self.apex}",
            "route53",
            "ListHostedZonesByName",
            "HostedZones[0].Id",
            DNSName=self.apex,
            MaxItems="1",
        )
        return Observation(id=aws_id, values={"zone": self.apex, "servers": []})

    def terraform_lookup(self, seen: Observation) -> Lookup | None:
        if not seen.id.startswith("$"):
            return None
        body = {"name": self.apex, "private_zone": False}
        return Lookup("aws_route53_zone", name_of(seen.id), body, seen.id, "zone_id")

    def _look(self, door: RegionClients, zone_id: str) -> Observation:
        if zone_id == NOBODY:
            return _nobody(self.apex, door.account)
        zone = _held(door, zone_id)
        return _seen(zone) if zone else missing(zone_id, "Hosted zone")

    def _why(self, account: str, zones: Sequence[Any]) -> str:
        cure = (
            "Connect the account that holds the live zone as the product's DNS connection, or set that connection to "
            "“none” and set the records by hand."
        )
        if not zones:
            return f"Account {account} has no public hosted zone {self.apex}, in which {self.name} belongs. {cure}"
        told = "; ".join(f"{_plain(zone)} ({', '.join(_servers(zone))})" for zone in zones)
        return (
            f"Account {account} has a zone {self.apex}, but not the live one: the world asks "
            f"{', '.join(self.servers) or 'no name server'}, and this account's is {told}. {cure} "
            "Or have the registrar delegate the domain to this zone's name servers."
        )


def _ids(door: RegionClients, name: str) -> list[str]:
    """Ids of the account's public zones of exactly this name."""
    if not name:
        return []
    answer = door.route53.list_hosted_zones_by_name(DNSName=f"{name}.")
    return [
        zone["Id"].rpartition("/")[2]
        for zone in answer["HostedZones"]
        if zone["Name"].rstrip(".").lower() == name and not zone.get("Config", {}).get("PrivateZone")
    ]


def _held(door: RegionClients, zone_id: str) -> Any:
    try:
        return door.route53.get_hosted_zone(Id=zone_id)
    except ClientError as error:
        if code_of(error) != "NoSuchHostedZone":
            raise
        return None


def _servers(zone: Any) -> list[str]:
    return sorted(str(host).rstrip(".").lower() for host in zone.get("DelegationSet", {}).get("NameServers", []))


def _plain(zone: Any) -> str:
    return str(zone["HostedZone"]["Id"]).rpartition("/")[2]


def _seen(zone: Any) -> Observation:
    name = str(zone["HostedZone"]["Name"]).rstrip(".").lower()
    said = f"Zone {name} ({_plain(zone)}) is the live one."
    return Observation(id=_plain(zone), sentence=said, values={"zone": name, "servers": _servers(zone)})


def _nobody(apex: str, account: str) -> Observation:
    said = f"Account {account} has no public hosted zone {apex or 'for this name'}: its records are set by hand."
    return Observation(id=NOBODY, sentence=said, values={"zone": "", "servers": []})
