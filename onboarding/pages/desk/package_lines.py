"""A package line by line: what the mail says, the seller's evidence as it was sent, and what was seen since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Max, Value, When

from onboarding.checklist import guide
from onboarding.checklist.step import Outcome, PastResult
from onboarding.models import Evidence, Item, ItemState, Submission
from onboarding.pages.common.remarks import Said, of_line
from onboarding.pages.common.states import OUTCOMES, Mark
from onboarding.pages.common.times import Moment, moment
from onboarding.submission.lines import LINES, TITLES, Line, Part
from onboarding.submission.readiness import Cell, Everything, Known, ReadinessState, Row, rows

IDENTITY = Line(code="S30", part=Part.MAIL, words="Company identity, and the right to the DNS name", sources=())
CODES = tuple(line.code for line in (*LINES, IDENTITY))
MAILED = tuple(line.code for line in (*LINES, IDENTITY) if line.part is Part.MAIL)
MARKS = {
    **OUTCOMES,
    ReadinessState.SKIPPED: Mark("Skipped", "s-undone", "arrow-right"),
    ReadinessState.STALE: Mark("Stale", "s-you", "hourglass"),
    ReadinessState.MISSING: Mark("Missing", "s-you", "circle-dashed"),
}
YOURS = Mark("Yours to verify", "s-todo", "circle-dashed")
UNSEEN = Mark("Not looked at again", "s-todo", "circle-dashed")


@dataclass(frozen=True)
class Fact:
    """One value of the mail: where it stands, and what it is."""

    label: str
    text: str
    code: bool = True


@dataclass(frozen=True)
class Sight:
    """What one item's evidence says of a line, in one region."""

    region: str
    mark: Mark
    sentence: str
    age: Moment | None


@dataclass(frozen=True)
class Look:
    """How a line stood at one time: its worst sentence, and every region's where there are several."""

    mark: Mark
    sentence: str
    age: Moment | None
    sights: list[Sight]


@dataclass(frozen=True)
class PackageLine:
    """One line: the mail's facts on the left, evidence on the right, and what was said about it."""

    code: str
    words: str
    guide: list[tuple[str, str]]
    facts: list[Fact]
    changed: bool
    sent: Look
    since: Look | None
    said: list[Said]

    @property
    def quiet(self) -> bool:
        """Whether it needs no eye first: a checklist's line that passed, is as it was, and nobody spoke of."""
        looks = [self.sent, self.since or self.sent]
        passed = all(look.mark in (OUTCOMES["pass"], UNSEEN) for look in looks)
        return passed and self.code not in MAILED and not self.changed and not self.said


@dataclass(frozen=True)
class Group:
    """The mail's items, or one of the guide's two checklists."""

    title: str
    lines: list[PackageLine]


def groups(
    submission: Submission, before: Mapping[str, Any] | None, said: Sequence[Said], now: datetime
) -> list[Group]:
    """All lines of a sent version; `before` are the facts of the version that it replaced. Two queries."""
    sent, since = _evidence(submission, now)
    told, looked = rows(sent), {row.code: row for row in rows(since)} if _any(since) else {}
    found = [
        PackageLine(
            code=row.code,
            words=row.words,
            guide=guide.lines([row.code]),
            facts=facts(row.code, submission.facts),
            changed=before is not None and facts(row.code, before) != facts(row.code, submission.facts),
            sent=_look(row, now),
            since=_since(looked[row.code], now) if looked else None,
            said=of_line(said, row.code),
        )
        for row in told
    ]
    found.append(_identity(submission, said))
    parts = {line.code: line.part for line in (*LINES, IDENTITY)}
    return [Group(TITLES[part], [line for line in found if parts[line.code] is part]) for part in Part]


def facts(code: str, of: Mapping[str, Any]) -> list[Fact]:
    """What the mail says for a line of the guide."""
    return _FACTS[code](of) if code in _FACTS else []


def _services(of: Mapping[str, Any]) -> list[Fact]:
    return [Fact(f"{one['region']}, account {one['account']}", one["service_name"]) for one in of.get("regions", [])]


def _certificates(of: Mapping[str, Any]) -> list[Fact]:
    found = [(one["region"], one["certificate"]) for one in of.get("regions", [])]
    return [Fact(f"{region}: {', '.join(one['names'])}", one["arn"]) for region, one in found]


def _requested(of: Mapping[str, Any]) -> list[Fact]:
    accounts = sorted({one["certificate"]["account"] for one in of.get("regions", [])})
    private = of.get("private_name", "")
    return [Fact("account", ", ".join(accounts)), Fact("private DNS name", private or "not provided", bool(private))]


def _delegation(of: Mapping[str, Any]) -> list[Fact]:
    servers = [Fact("name server", server) for server in of.get("servers", [])]
    return servers + [Fact("CNAME to keep", f"{one['name']} CNAME {one['value']}") for one in of.get("keep", [])]


_FACTS: dict[str, Callable[[Mapping[str, Any]], list[Fact]]] = {
    "S26": lambda of: [Fact("product", of.get("product", ""), False), Fact("product ID", of.get("product_id", ""))],
    "S27": _services,
    "S28": lambda of: [Fact("", of.get("friendly_name", ""))],
    "S29": _requested,
    "S22": _delegation,
    "S42": lambda of: [Fact("", account) for account in sorted({one["account"] for one in of.get("regions", [])})],
    "S44": _certificates,
    "S45": lambda of: [Fact("", of.get("private_name") or "not provided", bool(of.get("private_name")))],
    "S46": lambda of: [Fact("", of.get("process", ""), False)],
}


def _identity(submission: Submission, said: Sequence[Said]) -> PackageLine:
    return PackageLine(
        code=IDENTITY.code,
        words=IDENTITY.words,
        guide=guide.lines([IDENTITY.code]),
        facts=[Fact("seller", submission.facts.get("seller", ""), False)],
        changed=False,
        sent=Look(YOURS, "This is not the seller's to prove. Compare the seller's record at Marketplace.", None, []),
        since=None,
        said=of_line(said, IDENTITY.code),
    )


def _evidence(submission: Submission, now: datetime) -> tuple[Everything, Everything]:
    """The newest evidence of each check up to the moment of sending, and since then."""
    mine = Evidence.objects.filter(item__product_id=submission.product_id)
    later = Case(When(at__gt=submission.sent_at, then=Value(1)), default=Value(0), output_field=IntegerField())
    last = mine.annotate(later=later).order_by().values("item_id", "check_name", "later").annotate(last=Max("id"))
    past: dict[tuple[object, bool], list[PastResult]] = {}
    for row in Evidence.objects.filter(pk__in=last.values("last")).order_by("id"):
        seen = PastResult(
            check=row.check_name,
            outcome=Outcome(row.outcome),
            sentence=row.sentence,
            facts=row.facts,
            at=row.at,
            age=now - row.at,
            current=False,
        )
        past.setdefault((row.item_id, submission.sent_at is not None and row.at > submission.sent_at), []).append(seen)
    before: dict[tuple[str, str], Known] = {}
    after: dict[tuple[str, str], Known] = {}
    items = Item.objects.filter(product_id=submission.product_id).exclude(state=ItemState.NOT_NEEDED)
    for pk, slug, region, state, why in items.values_list("pk", "slug", "region", "state", "skip_reason"):
        skipped = state == ItemState.SKIPPED
        before[slug, region] = Known(past=past.get((pk, False), ()), skipped=skipped, why=why)
        after[slug, region] = Known(past=past.get((pk, True), ()), skipped=skipped, why=why)
    return before, after


def _any(known: Everything) -> bool:
    return any(one.past for one in known.values())


def _look(row: Row, now: datetime) -> Look:
    sights = [Sight(cell.region, MARKS[cell.outcome], cell.sentence, _age(cell, now)) for cell in row.cells]
    age = moment(now - row.age, how="{} old") if row.age is not None else None
    return Look(MARKS[row.outcome], row.sentence, age, sights if len(sights) > 1 else [])


def _since(row: Row, now: datetime) -> Look:
    """As `_look`; what was not looked at again is not missing, the seller's evidence still stands."""
    seen = tuple(cell for cell in row.cells if cell.outcome is not ReadinessState.MISSING)
    if not seen:
        return Look(UNSEEN, "", None, [])
    look = _look(Row(line=row.line, cells=seen), now)
    if len(seen) == len(row.cells):
        return look
    where = ", ".join(cell.region for cell in seen if cell.region) or "part"
    return replace(look, sentence=f"{look.sentence} Looked at again in {where} alone.")


def _age(cell: Cell, now: datetime) -> Moment | None:
    return moment(now - cell.age, how="{} old") if cell.age is not None else None
