"""A DNS record in a public hosted zone of Route 53 (S21, S22, Q9): set by UPSERT, taken away with its exact values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from onboarding.things.grants import HOSTED_ZONE, RECORDS, Grant
from onboarding.things.hcl import Expr
from onboarding.things.terraform import Block
from onboarding.things.variables import ANY

if TYPE_CHECKING:
    from mypy_boto3_route53.type_defs import ChangeTypeDef

    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Known, Place
    from onboarding.things.terraform import Writer

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)
_LONGEST = 255  # characters of one string of a TXT record


@dataclass(frozen=True, kw_only=True)
class Record(Thing):
    """`type` (CNAME, NS, TXT) and `values` at `name` of zone `zone_id`; names absolute, without final dot, TXT without
    quotes. `ttl` in seconds. The id is `<zone>/<type>/<name>`. Values: found (what stands there), ttl.

    One with other values counts as gone: it is not in force, and not ours to take away.
    """

    kind = "record"
    words = "DNS record"
    idempotency = Idempotency.SET
    makes = ("route53:ChangeResourceRecordSets",)
    reads = ("route53:ListResourceRecordSets",)
    removes = ("route53:ChangeResourceRecordSets",)
    converges = True
    batch_size = 100
    grants = (Grant("route53:ChangeResourceRecordSets", RECORDS, (HOSTED_ZONE,)),)
    terraform_type = "aws_route53_record"

    role: str = "dns"
    zone_id: str = ""
    type: str = ""
    name: str = ""
    values: tuple[str, ...] = ()
    ttl: int = 300

    @property
    def aws_id(self) -> str:
        """What stands for the record."""
        return f"{self.zone_id}/{self.type}/{self.name}"

    @property
    def within(self) -> str:
        """Its zone."""
        return self.zone_id

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.aws_id] if self._holds(listed(door, self.zone_id, self.name)) else []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        return self.make_together(door, [self])[0]

    @classmethod
    def make_together(cls, door: RegionClients, things: Sequence[Self]) -> list[Observation]:
        """One ChangeResourceRecordSets for all of a zone: all of it or none."""
        changes = [_change("UPSERT", thing.name, thing.type, _wire(thing), thing.ttl) for thing in things]
        door.route53.change_resource_record_sets(
            HostedZoneId=things[0].zone_id, ChangeBatch={"Comment": "privatelink onboarding", "Changes": changes}
        )
        return [thing._seen(thing.values, thing.ttl) for thing in things]

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        places = {(thing.zone_id, thing.name): listed(door, thing.zone_id, thing.name) for thing, _ in wanted}
        return [thing._told(places[thing.zone_id, thing.name]) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        for standing in listed(door, self.zone_id, self.name):
            if standing["Type"] == self.type and _same(self.type, values_of(standing), self.values):
                wire = [record["Value"] for record in standing["ResourceRecords"]]
                change = _change("DELETE", self.name, self.type, wire, standing["TTL"])
                self._delete(door, change)

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.aws_id, values={"found": list(self.values), "ttl": self.ttl})

    def describe(self) -> str:
        return f"{self.type} {ANY.sub('…', self.name)}"

    def warnings(self, known: Known) -> Iterator[str]:
        if known.spec.connections.dns is None:
            yield "Set by a run if the account holds the live zone of the name; otherwise it is shown for you to set."

    def standing(self, aws_id: str) -> Mapping[str, Any]:
        values = [{"Value": f'"{value}"' if self.type == "TXT" else f"{value}."} for value in self.values]
        found = {"Name": self.name, "Type": self.type, "TTL": self.ttl, "ResourceRecords": values}
        return {"ListResourceRecordSets": {"ResourceRecordSets": [found]}}

    def terraform(self, plan: Writer) -> list[Block]:
        values = Expr("var.name_servers") if "$NAME_SERVER" in self.values else plan.ref(list(self.values))
        body = {"zone_id": plan.ref(self.zone_id), "name": plan.ref(self.name), "type": self.type, "ttl": self.ttl}
        return [Block({**body, "records": values})]

    def import_id(self, aws_id: str) -> str:
        return f"{self.zone_id}_{self.name}_{self.type}"

    def _delete(self, door: RegionClients, change: ChangeTypeDef) -> None:
        try:
            door.route53.change_resource_record_sets(HostedZoneId=self.zone_id, ChangeBatch={"Changes": [change]})
        except ClientError as error:
            if code_of(error) != "InvalidChangeBatch" or self._holds(listed(door, self.zone_id, self.name)):
                raise  # else somebody else has taken it away since we looked

    def _holds(self, standing: Sequence[Any]) -> bool:
        return self._told(standing).state is State.READY

    def _told(self, standing: Sequence[Any]) -> Observation:
        for found in standing:
            if found["Type"] == self.type:
                return self._seen(values_of(found), found.get("TTL", 0))
        return self._seen((), 0)

    def _seen(self, found: Sequence[str], ttl: int) -> Observation:
        values = {"found": list(found), "ttl": ttl}
        if _same(self.type, found, self.values):
            said = f"{self.type} {self.name} stands in zone {self.zone_id}."
            return Observation(id=self.aws_id, sentence=said, values=values)
        there = ", ".join(found) or "not there"
        said = f"{self.type} {self.name} of zone {self.zone_id} is {there}; {', '.join(self.values)} is wanted."
        return Observation(id=self.aws_id, state=State.GONE, sentence=said, values=values)


def listed(door: RegionClients, zone_id: str, name: str) -> list[Any]:
    """All record sets at exactly this name; none when the zone is gone."""
    try:
        found = door.route53.list_resource_record_sets(HostedZoneId=zone_id, StartRecordName=f"{name}.", MaxItems="20")[
            "ResourceRecordSets"
        ]
    except ClientError as error:
        if code_of(error) != "NoSuchHostedZone":
            raise
        return []
    return [one for one in found if one["Name"].replace("\\052", "*").rstrip(".").lower() == name]


def values_of(standing: Any) -> tuple[str, ...]:
    """The values of a record set of Route 53 as we write them; an alias is its target."""
    alias = standing.get("AliasTarget")
    if alias:
        return (f"an alias for {alias['DNSName'].rstrip('.')}",)
    return tuple(_plain(standing["Type"], record["Value"]) for record in standing.get("ResourceRecords", []))


def _plain(type: str, value: str) -> str:
    if type == "TXT":
        strings = _STRING.findall(value)
        return "".join(_ESCAPE.sub(_unescaped, part) for part in strings) if strings else value
    return value.rstrip(".").lower() if type in ("CNAME", "NS") else value


def _unescaped(found: re.Match[str]) -> str:
    inner = found.group(1)
    return chr(int(inner, 8)) if len(inner) == 3 else inner


def _same(type: str, one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sets of values are the same; only TXT minds capitals."""
    fold = (lambda value: value) if type == "TXT" else str.lower
    return sorted(map(fold, one)) == sorted(map(fold, other))


def _wire(thing: Record) -> list[str]:
    """The values as Route 53 takes them: host names with their final dot, TXT in quotes."""
    if thing.type == "TXT":
        return [" ".join(_quoted(value)) for value in thing.values]
    dotted = thing.type in ("CNAME", "NS")
    return [f"{value.rstrip('.')}." if dotted else value for value in thing.values]


def _quoted(text: str) -> Iterator[str]:
    for start in range(0, max(len(text), 1), _LONGEST):
        part = text[start : start + _LONGEST].replace("\\", "\\\\").replace('"', '\\"')
        yield f'"{part}"'


def _change(action: str, name: str, type: str, wire: Sequence[str], ttl: int) -> ChangeTypeDef:
    return {
        "Action": cast("Literal['DELETE', 'UPSERT']", action),
        "ResourceRecordSet": {
            "Name": f"{name}.",
            "Type": cast("Literal['CNAME', 'NS', 'TXT']", type),
            "TTL": ttl,
            "ResourceRecords": [{"Value": value} for value in wire],
        },
    }
