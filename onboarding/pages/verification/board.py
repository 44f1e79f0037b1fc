"""Verification: both checklists of the guide, line by line and region by region, with the evidence's age (S39-S49)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from onboarding.checklist import guide
from onboarding.checklist.results import FRESH
from onboarding.checklist.words import counted
from onboarding.engine.evidence import newest
from onboarding.models import MET, Evidence, Item, Run, RunState, Verb
from onboarding.pages.common.evidence import MARK_OF, known
from onboarding.pages.common.items import items_of, moves
from onboarding.pages.common.states import RUN_MARKS, Mark, mark
from onboarding.pages.common.times import Moment, age
from onboarding.pages.common.turn import DONE, YOURS, Button, Turn, turn
from onboarding.pages.verification.tables import Cover, Rehearsal, ZoneTable, coverage, rehearsals, zone_tables
from onboarding.steps import place
from onboarding.submission.lines import OWN, TITLES, Part
from onboarding.submission.readiness import Cell, ReadinessState, Row, rows
from sellers.models import Product

# Until the submission has looked at AWS itself, these items already show how a line stands.
BEFORE = {"S42": "access", "S43": "endpoint_service", "S44": "certificate", "S45": "private_dns", "S46": "buyers"}
HINTS = {Part.CREATION: "evidence counts for 7 days; older is stale", Part.TESTING: "seen from the buyer’s account"}


@dataclass(frozen=True)
class Seen:
    """A line in one region: its state, the item that it comes from, the evidence's words and age."""

    mark: Mark
    label: str
    sentence: str
    url: str
    age: Moment | None
    small: str


@dataclass(frozen=True)
class CheckLine:
    """A line of a checklist. `whole` is said of the product, `cells` of each region (None: not there)."""

    words: str
    guide: list[tuple[str, str]]
    whole: Seen | None
    cells: list[Seen | None]


@dataclass(frozen=True)
class Checklist:
    """One of the guide's two checklists."""

    key: str
    title: str
    hint: str
    lines: list[CheckLine]


@dataclass(frozen=True)
class Verification:
    """The page. `moves`: something of it changes by itself."""

    turn: Turn
    regions: list[str]
    lists: list[Checklist]
    rehearsals: list[Rehearsal]
    zones: list[ZoneTable]
    covers: list[Cover]
    moves: bool
    started: bool


def verification(product: Product, *, may_run: bool) -> Verification:
    """The verification page of a product; three queries."""
    items = items_of(product)
    evidence = newest(product)
    running = Run.objects.filter(product=product, verb=Verb.VERIFY, state=RunState.OPEN).first()
    regions = list(dict.fromkeys(item.region for item in items if item.region))
    judged = [row for row in rows(known(items, evidence)) if row.line.part is not Part.MAIL]
    by_place = {(item.slug, item.region): item for item in items}
    lists = [
        Checklist(
            part.value,
            TITLES[part],
            HINTS[part],
            [_line(r, regions, by_place, evidence) for r in judged if r.line.part is part],
        )
        for part in (Part.CREATION, Part.TESTING)
    ]
    return Verification(
        turn=_turn(product, items, [line for one in lists for line in one.lines], running, may_run),
        regions=regions,
        lists=lists,
        rehearsals=rehearsals(regions, evidence),
        zones=zone_tables(regions, by_place, evidence),
        covers=coverage(product, by_place, regions),
        moves=running is not None or any(moves(item) for item in items),
        started=bool(items),
    )


def _line(
    row: Row, regions: Sequence[str], items: dict[tuple[str, str], Item], evidence: Sequence[Evidence]
) -> CheckLine:
    seen = {cell.region: _seen(row, cell, items) for cell in _early(row, items, evidence)}
    return CheckLine(
        words=row.words,
        guide=guide.lines([row.code]),
        whole=seen.get(""),
        cells=[seen.get(region) for region in regions] if set(seen) - {""} else [],
    )


def _early(row: Row, items: dict[tuple[str, str], Item], evidence: Sequence[Evidence]) -> list[Cell]:
    """The line's cells; one that the submission has not looked at yet is told by the item that knows already."""
    slug = BEFORE.get(row.code, "")
    last = {seen.item.region: seen for seen in evidence if seen.item.slug == slug}
    found: list[Cell] = []
    for cell in row.cells:
        places = [place for other, place in items if other == slug and (place in ("", cell.region) or not cell.region)]
        if cell.outcome is ReadinessState.MISSING and cell.slug == OWN and places:
            found += [_told(cell, slug, place, last.get(place)) for place in places]
        else:
            found.append(cell)
    return found


def _told(cell: Cell, slug: str, place: str, seen: Evidence | None) -> Cell:
    """A cell as the item of another step tells it, by its newest evidence."""
    told = dataclasses.replace(cell, region=cell.region or place, slug=slug, at=place)
    if seen is None:
        return told
    old = timezone.now() - seen.at
    outcome = ReadinessState.STALE if old > FRESH else ReadinessState(seen.outcome)
    return dataclasses.replace(told, outcome=outcome, sentence=seen.sentence, age=old)


def _seen(row: Row, cell: Cell, items: dict[tuple[str, str], Item]) -> Seen:
    """An item that is not finished says how it stands itself; else its evidence does. The submission's item, waiting
    for one line, has judged the others.
    """
    item = items.get((cell.slug, cell.at))
    judged_all = cell.slug == OWN and cell.outcome is not ReadinessState.MISSING
    finished = item is not None and (item.state in MET or judged_all)
    judged = MARK_OF[cell.outcome]
    if finished and cell.outcome is ReadinessState.MISSING and cell.slug in BEFORE.values():
        judged = mark(item.state) if item else judged
    shown = judged if finished or item is None else mark(item.state, item.waiting_for)
    where = f"{row.words}, {cell.region}" if cell.region else row.words
    return Seen(
        mark=shown,
        label=where,
        sentence=cell.sentence if finished or item is None else item.message or f"{place(item.slug, item.region)}.",
        url=reverse("onboarding:item", args=[item.pk]) if item else "",
        age=_age(cell.age) if finished else None,
        small=shown.more,
    )


def _age(old: timedelta | None) -> Moment | None:
    return age(timezone.now() - old) if old is not None else None


def _turn(product: Product, items: Sequence[Item], lines: Sequence[CheckLine], run: Run | None, may_run: bool) -> Turn:
    cells = [seen for line in lines for seen in (line.whole, *line.cells) if seen]
    warned = [seen for seen in cells if seen.mark == MARK_OF[ReadinessState.WARN]]
    good = sum(seen.mark.css_class == "s-done" for seen in cells) + len(warned)
    more = f", {len(warned)} of them with a warning" if warned else ""
    summary = f"{good} of {counted(len(cells), 'answer')} are in order{more}."
    button = _verify(product, items, may_run)
    if run is not None:
        return Turn(
            RUN_MARKS[RunState.OPEN], f"Run {run.number} looks at everything again; it changes nothing.", summary
        )
    bad = [seen for seen in cells if seen.mark.css_class in ("s-fail", "s-you") and seen not in warned]
    if bad:
        worst = max(bad, key=lambda seen: seen.mark.rank)
        if may_run and worst.url and worst.mark != MARK_OF[ReadinessState.STALE]:
            button = Button("Open step", worst.url)  # another look alone does not cure it
        return Turn(YOURS, f"{worst.label}: {worst.mark.whole}. {worst.sentence}", summary, button)
    if not items:
        return Turn(YOURS, "Nothing has been verified yet.", "The run checks each step as it completes.", button)
    if good == len(cells):
        now = "Both checklists are answered in every region."
        return Turn(DONE, f"{now} {_warnings(warned)}".strip(), "Verify again at any time: it only reads.", button)
    rest = turn(product, items, None, may_run=may_run)
    asked = rest.button if rest.mark is YOURS and rest.button and not rest.button.posts else button
    return Turn(rest.mark, f"{rest.now} {summary}", rest.next, asked)


def _warnings(warned: Sequence[Seen]) -> str:
    """Advice that nothing waits for: a warning keeps nothing back."""
    if not warned:
        return ""
    first = f"{warned[0].label}: {warned[0].sentence}"
    return f"One has a warning. {first}" if len(warned) == 1 else f"{len(warned)} have a warning, first {first}"


def _verify(product: Product, items: Sequence[Item], may_run: bool) -> Button | None:
    if not may_run:
        return None
    if not any(item.state in MET for item in items):
        return Button("Open the run", reverse("onboarding:run", args=[product.pk]))
    return Button("Verify all", reverse("onboarding:verify", args=[product.pk]), "refresh", posts=True)
