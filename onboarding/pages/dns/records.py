"""The DNS desk: every record to set, who sets it, expected against found at each server (S21, S22, Q4, Q9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from onboarding.checklist import guide
from onboarding.checklist.words import counted
from onboarding.dns.difference import Piece, closest, pieces
from onboarding.dns.records import Record, below, relative
from onboarding.dns.server_rows import AWAITED
from onboarding.engine.evidence import newest
from onboarding.models import Evidence, Item, ItemState, Resource
from onboarding.pages.common.items import items_of
from onboarding.pages.common.states import MARKS, Mark, mark
from onboarding.pages.common.times import Moment, moment
from sellers.models import Product

RECORD = "record."
GOOD = Mark("Right", "s-done", "circle-check")
BAD = Mark("Not right", "s-fail", "circle-x")
LATER = Mark("Not asked yet", "s-todo", "circle-dashed", 4)
GONE = Mark("Warning", "s-you", "user-exclamation", 4)
ROLES = {
    "parent": ("Zone above", "zone above"),
    "authoritative": ("Name server of the zone", "own name servers"),
    "server": ("Name server it is delegated to", "delegated name servers"),
    "resolver": ("Public resolver", "public resolvers"),
}
WORDS = {
    "validation": ("Proof of control for the certificates", ("S21", "Q4")),
    "private_dns": ("Ownership of the private name", ("S45", "Q9")),
    "delegation": ("Delegation to Marketplace’s name servers", ("S22",)),
}
OTHER = ("Record", ())
US, YOU = "We set it in Route 53", "You set it at your DNS provider"
KEEPS = "Marketplace keeps it, too, once the name is delegated"


@dataclass(frozen=True)
class Found:
    """What one server serves."""

    server: str
    role: str
    mark: Mark
    values: list[str]
    ttl: int
    problem: str


@dataclass(frozen=True)
class Tally:
    """How many servers of one kind serve it: "2 of 2"."""

    words: str
    number: str
    mark: Mark


@dataclass(frozen=True)
class RecordRow:
    """One record. `host` is absolute with its final dot; `short` as it is typed in its zone, "" if that is not known.

    `check_url` posts a look at its item, if that waits.
    """

    key: str
    record: Record
    title: str
    guide: list[tuple[str, str]]
    host: str
    short: str
    zone: str
    values: list[str]
    who: str
    keeps: str
    mark: Mark
    sentence: str
    diagnosis: str
    letters: list[Piece]
    tallies: list[Tally]
    found: list[Found]
    seen: Moment | None
    item: Item
    check_url: str

    @property
    def good(self) -> bool:
        """Whether it is served as it should be."""
        return self.mark == MARKS[ItemState.DONE]


def record_rows(product: Product, items: Sequence[Item], evidence: Iterable[Evidence]) -> list[RecordRow]:
    """The product's records in the order of the checklist; one query more."""
    places = {item.pk: item for item in items}
    seen = [row for row in evidence if row.check_name.startswith(RECORD) and row.item_id in places]
    known: dict[tuple[str, str], tuple[Record, Item, Evidence | None]] = {}
    for item, facts in _outputs(items):
        record = Record.of(facts)
        known[record.type, record.name] = (record, item, None)
    for row in _current(seen):
        record = Record.of(row.facts)
        known[record.type, record.name] = (record, places[row.item_id], row)
    order = {slug: place for place, slug in enumerate(WORDS)}
    wanted = sorted(known.values(), key=lambda one: (order.get(one[1].slug, 9), one[1].region, one[0].name))
    zones = _zones(product)
    return [_row(f"r{number}", product, *one, zones) for number, one in enumerate(wanted)]


def records_of(product: Product) -> tuple[list[Record], str]:
    """The records to set, and the zone that encloses most of them ("" if none is known): what a download holds."""
    rows = record_rows(product, items_of(product), newest(product))
    zones = [row.zone for row in rows if row.zone]
    return [row.record for row in rows], max(zones, key=zones.count, default="")


def _outputs(items: Sequence[Item]) -> Iterator[tuple[Item, Mapping[str, Any]]]:
    """The validation records that ACM has told already, though nobody looked for them in DNS yet."""
    validation = next((item for item in items if item.slug == "validation"), None)
    for item in items:
        if validation and item.outputs and item.slug == "certificate_request" and item.state != ItemState.UNDONE:
            for name in ("records", "listener_records"):
                yield from ((validation, facts) for facts in item.outputs.get(name, ()))


def _current(rows: Iterable[Evidence]) -> list[Evidence]:
    """Of each item the evidence of its last attempt: a record of an older one may not be wanted any more."""
    by_item: dict[object, list[Evidence]] = {}
    for row in rows:
        by_item.setdefault(row.item_id, []).append(row)
    return [
        row for own in by_item.values() for row in own if (row.run_id, row.attempt) == (own[-1].run_id, own[-1].attempt)
    ]


def _zones(product: Product) -> list[str]:
    """Names of the hosted zones that were looked up for the product."""
    rows = Resource.objects.filter(product=product, kind="zone").values_list("values", flat=True)
    return [str(values["name"]).rstrip(".") for values in rows if values.get("name")]


def _zone(record: Record, facts: Mapping[str, Any], zones: Sequence[str]) -> str:
    """The enclosing zone: as DNS said, else the longest hosted zone that ends the name."""
    fitting = [zone for zone in zones if below(record.name, zone)]
    return str(facts.get("zone", "")) or max(fitting, key=len, default="")


def _row(
    key: str, product: Product, record: Record, item: Item, seen: Evidence | None, zones: Sequence[str]
) -> RecordRow:
    facts = seen.facts if seen else {}
    zone = _zone(record, facts, zones)
    title, numbers = WORDS.get(item.slug, OTHER)
    found = [_found(row) for row in facts.get("found", ())]
    hidden = bool(product.friendly_dns_name) and below(record.name, product.friendly_dns_name)
    waits = item.state == ItemState.WAITING
    return RecordRow(
        key=key,
        record=record,
        title=f"{title}, {item.region}" if item.region else title,
        guide=guide.lines(numbers),
        host=f"{record.name}.",
        short=relative(record.name, zone) if zone else "",
        zone=zone,
        values=[f"{value}." if record.type in ("CNAME", "NS") else value for value in record.values],
        who=YOU if facts.get("by_hand", product.dns is None) else US,
        keeps=KEEPS if hidden and record.type == "CNAME" else "",
        mark=_mark(item, seen),
        sentence=seen.sentence if seen else "Nobody has looked for it yet.",
        diagnosis=str(facts.get("diagnosis", "")),
        letters=_letters(record, facts),
        tallies=_tallies(facts.get("found", ())),
        found=found,
        seen=moment(seen.at, how="unchanged for {}") if seen else None,  # the same sight is not stored twice
        item=item,
        check_url=reverse("onboarding:check", args=[item.pk]) if waits else "",
    )


def _mark(item: Item, seen: Evidence | None) -> Mark:
    """Done once it is really served; else what its item waits for. One that is served no more is a warning."""
    if item.state == ItemState.DONE and seen and seen.outcome == "warn":
        return GONE
    if item.state != ItemState.UNDONE and seen and seen.outcome == "pass":
        return MARKS[ItemState.DONE]
    return MARKS[ItemState.TODO] if item.state == ItemState.DONE else mark(item.state, item.waiting_for)


def _found(row: Mapping[str, Any]) -> Found:
    role = str(row.get("role", ""))
    return Found(
        server=str(row.get("server", "")),
        role=ROLES.get(role, (role, role))[0],
        mark=_sight(row),
        values=[str(value) for value in row.get("values", ())],
        ttl=int(row.get("ttl", 0)),
        problem=str(row.get("problem", "")),
    )


def _tallies(rows: Sequence[Mapping[str, Any]]) -> list[Tally]:
    found = []
    for role, (_, many) in ROLES.items():
        mine = [row for row in rows if row.get("role") == role]
        good = sum(bool(row.get("ok")) for row in mine)
        if mine:
            waits = all(_sight(row) is LATER for row in mine)
            found.append(Tally(many, f"{good} of {len(mine)}", GOOD if good == len(mine) else LATER if waits else BAD))
    return found


def _sight(row: Mapping[str, Any]) -> Mark:
    """Right, not right, or not asked while the zone's own servers do not serve it."""
    return GOOD if row.get("ok") else LATER if row.get("problem") == AWAITED else BAD


def _letters(record: Record, facts: Mapping[str, Any]) -> list[Piece]:
    """The one expected value and the other value that was found, letter by letter; [] if there is no such pair."""
    other = [str(value) for row in facts.get("found", ()) if not row.get("ok") for value in row.get("values", ())]
    if len(record.values) != 1 or not other:
        return []
    found = pieces(record.values[0], closest(record.values[0], other))
    return found if any(not one.same for one in found) else []


def said(rows: Sequence[RecordRow]) -> str:
    """How many records are as they should be: "2 of 5 records"."""
    good = sum(row.good for row in rows)
    return f"{good} of {counted(len(rows), 'record')} found everywhere"
