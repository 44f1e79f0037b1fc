"""The DNS records of a step, alike for all of them: written where we may, shown where a person sets them, and looked
for until they are really served (S21, S22, Q9).

`records` are {"type", "name", "values", "ttl"} each: names absolute, lower case, without final dot; TXT unquoted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import Build, CheckResult, Context, Outcome, PastResult, Wait, WaitingFor, each
from onboarding.dns import lookup as look
from onboarding.dns.records import Record as Facts
from onboarding.things.record import Record
from onboarding.things.record_before import RecordBefore
from onboarding.things.zone import NOBODY, Zone

KINDS = (Zone, RecordBefore, Record)
LONGEST_KEY = 100


@dataclass(frozen=True, kw_only=True)
class Written:
    """`zones` are the ids of the zones that the records stand in. `by_hand`: a person sets at least one of them."""

    by_hand: bool
    zones: tuple[str, ...] = ()


def written(ctx: Context, records: Sequence[Mapping[str, Any]]) -> Build[Written]:
    """`done = yield from written(ctx, records)`: puts the records into the live zones of the DNS connection.

    What stood there before us in the same form is left alone, so that no teardown takes it away; another value there,
    or a zone that is not the live one, is a sentence. Without a connection nothing is yielded.
    """
    if not records or ctx.spec.connections.dns == "none":
        yield from each([])
        return Written(by_hand=bool(records))
    homes = _homes(ctx, [_enclosed(record) for record in records])
    zones = yield from each([_zone(ctx, record, home) for record, home in zip(records, homes, strict=True)])
    ours = [(record, zone.id) for record, zone in zip(records, zones, strict=True) if zone.id != NOBODY]
    wanted = [_record(ctx, record, zone_id) for record, zone_id in ours]
    before = yield from each([_before(record) for record in wanted])
    yield from each([r for r, look in zip(wanted, before, strict=True) if not look.values["there"]])
    ids = tuple(sorted({zone_id for _, zone_id in ours}))
    return Written(by_hand=len(ours) < len(records), zones=ids)


def served(
    ctx: Context,
    records: Sequence[Mapping[str, Any]],
    by_hand: bool,
    past: Sequence[PastResult] = (),
    *,
    wait: bool = True,
) -> list[CheckResult]:
    """A proof for each record, served at every authoritative server and configured resolver. Raises NotYet until then.

    `past` is the step's own evidence: a record that was served before is no reason to wait again, only a warning. With
    `wait` False none is.
    """
    looks = look.look_all(ctx.dns, [Facts.of(record) for record in records]) if records else []
    proofs = [_proof(found, by_hand, not wait or _once(found, past)) for found in looks]
    missing = [found for found, p in zip(looks, proofs, strict=True) if not found.ok and not p.facts["once"]]
    if not missing:
        return proofs
    first = missing[0]
    said = _said(missing, by_hand)
    if by_hand:
        raise Wait(WaitingFor.YOU, said, kind="records_by_hand", aws_status=first.diagnosis, proofs=proofs, poll=True)
    raise Wait(WaitingFor.DNS, said, kind="records", aws_status=first.diagnosis, proofs=proofs)


def check_name(record: Mapping[str, Any]) -> str:
    """The name under which a record's evidence is kept."""
    return f"record.{record['type']}.{record['name']}"


def _homes(ctx: Context, names: Sequence[str]) -> list[Any]:
    homes = together(ctx, [partial(ctx.dns.home, name) for name in names])
    for name, home in zip(names, homes, strict=True):
        if "." not in home.apex:  # none, or that of a top-level domain
            why = home.problem or f"Its domain is not delegated by {home.apex or 'the root'}: see your registrar."
            raise Wait(WaitingFor.DNS, f"No public zone of yours holds {name}. {why}", kind="zone")
    return homes


def _enclosed(record: Mapping[str, Any]) -> str:
    """The name whose zone the record belongs in: a delegation stands in the zone above its name."""
    name = str(record["name"])
    return name.partition(".")[2] if record["type"] == "NS" else name


def _zone(ctx: Context, record: Mapping[str, Any], home: Any) -> Zone:
    return Zone(
        key=_key(record),
        name=str(record["name"]),
        apex=home.apex,
        servers=tuple(sorted(home.servers)),
        optional=ctx.spec.connections.dns is None,
        region=_region(ctx),
    )


def _region(ctx: Context) -> str:
    """One Region for all: Route 53 is global, and so are its few calls a second."""
    return next(iter(ctx.spec.regions))


def _record(ctx: Context, record: Mapping[str, Any], zone_id: str) -> Record:
    return Record(
        key=_key(record),
        region=_region(ctx),
        zone_id=zone_id,
        type=str(record["type"]),
        name=str(record["name"]),
        values=tuple(record["values"]),
        ttl=int(record["ttl"]),
    )


def _before(record: Record) -> RecordBefore:
    return RecordBefore(
        key=record.key,
        region=record.region,
        zone_id=record.zone_id,
        type=record.type,
        name=record.name,
        values=record.values,
    )


def _key(record: Mapping[str, Any]) -> str:
    """Type and name; of a name too long for the inventory the end is a digest."""
    text = f"{record['type']} {record['name']}"
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 11]} {hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _once(found: look.Served, past: Sequence[PastResult]) -> bool:
    """Whether this record, with these values, was served before."""
    facts = found.record.facts()
    return any(
        each.check == check_name(facts)
        and list(each.facts.get("values", ())) == facts["values"]
        and (each.outcome is Outcome.PASS or bool(each.facts.get("once")))
        for each in past
    )


def _proof(found: look.Served, by_hand: bool, once: bool) -> CheckResult:
    facts = found.record.facts()
    check, what = check_name(facts), f"{facts['type']} {facts['name']}"
    facts |= {"found": _steady(found.found), "diagnosis": found.diagnosis, "zone": found.zone}
    facts |= {"by_hand": by_hand, "once": once or found.ok}
    if found.ok:
        return CheckResult(check=check, outcome=Outcome.PASS, sentence=f"{what} is served everywhere.", facts=facts)
    said = f"{what} is not served{' any more' if once else ' yet'}. {found.sentence}".strip()
    return CheckResult(check=check, outcome=Outcome.WARN, sentence=said, facts=facts)


def _steady(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """The rows without what changes from look to look by itself: a resolver counts a TTL down."""
    return [{k: v for k, v in row.items() if k != "ttl" or row.get("role") != "resolver"} for row in rows]


def _said(missing: Sequence[look.Served], by_hand: bool) -> str:
    """What is awaited. A person is given every record with its value: the command line shows nothing else."""
    first = missing[0]
    if by_hand:
        wanted = [found.record for found in missing]
        told = " ".join(f"Set the {r.type} record {r.name} with the value {', '.join(r.values)}." for r in wanted)
        return f"{told} {first.sentence}".strip()
    more = f" ({len(missing) - 1} more wait.)" if len(missing) > 1 else ""
    return f"Waits until {first.record.type} {first.record.name} is served everywhere. {first.sentence}{more}".strip()
