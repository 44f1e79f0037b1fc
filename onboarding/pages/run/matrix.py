"""The run page: items x regions with their states, counts, the last runs; the turn bar is in `board.turn`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from onboarding.checklist import guide
from onboarding.checklist.words import counted
from onboarding.engine.schedule import nodes
from onboarding.models import Item, ItemState, Run, RunState, Verb
from onboarding.pages.common.items import counts, moves
from onboarding.pages.common.states import MARKS, RUN_MARKS, Mark, mark
from onboarding.pages.common.times import Moment, age, between, clock, moment
from onboarding.pages.run.timeline_drawing import Lane, Timeline
from onboarding.steps import by_slug, checklist, place, title
from sellers.models import Product
from sellers.spec_writer import spec_of

LAST_RUNS = 5
VERBS = {Verb.PROVISION: "Build", Verb.VERIFY: "Verify", Verb.TEARDOWN: "Tear down"}


@dataclass(frozen=True)
class Cell:
    """One item in the matrix. `url` is empty before the first run; `label` says for screen readers which one it is."""

    key: str
    mark: Mark
    label: str
    url: str = ""
    small: str = ""


@dataclass(frozen=True)
class Line:
    """A step of the checklist: a cell for each region, or one that spans them all."""

    slug: str
    title: str
    guide: list[tuple[str, str]]
    cells: list[Cell | None]
    wide: bool
    lane: Lane | None = None


@dataclass(frozen=True)
class RunRow:
    """A past or present run."""

    title: str
    what: str
    mark: Mark
    by: str
    started: Moment | None
    took: str


@dataclass(frozen=True)
class Matrix:
    """All that the run page shows below the turn bar. `moves`: something changes by itself, so the page polls."""

    regions: list[str]
    lines: list[Line]
    counts: str
    running: Moment | None
    moves: bool
    runs: list[RunRow]
    open_run: Run | None
    may_cancel: bool
    laid_out: bool
    legend: list[Mark]
    timeline: Timeline | None = None


def moving_run(items: Sequence[Item]) -> Run | None:
    """The open run on whose items something moves by itself: while there is one, no run begins or ends."""
    if not any(moves(item) for item in items):
        return None
    return next((item.run for item in items if item.run is not None and item.run.state == RunState.OPEN), None)


def runs_of(product: Product) -> list[Run]:
    """The last runs, newest first, with who asked."""
    return list(Run.objects.filter(product=product).select_related("by").order_by("-number")[:LAST_RUNS])


def matrix(product: Product, items: Sequence[Item], runs: Sequence[Run], timeline: Timeline | None = None) -> Matrix:
    """The matrix of a product from rows already read; no further query once it has items."""
    lanes = timeline.lanes if timeline else {}
    cells = {(item.slug, item.region): _cell(item) for item in items} or _planned(product)
    regions = list(dict.fromkeys(region for _, region in cells if region))
    open_run = next((run for run in runs if run.state == RunState.OPEN and run.writes), None)
    return Matrix(
        regions=regions,
        lines=[_line(slug, regions, cells, lanes.get(slug)) for slug in _slugs(cells)],
        counts=counts(getattr(product, "progress", None)),
        running=age(open_run.started_at) if open_run else None,
        moves=any(moves(item) for item in items) or any(run.state == RunState.OPEN for run in runs if not run.writes),
        runs=[_run(run) for run in runs],
        open_run=open_run,
        may_cancel=open_run is not None and open_run.verb == Verb.PROVISION,
        laid_out=bool(items),
        legend=[MARKS[state] for state in (ItemState.DONE, ItemState.WORKING)]
        + [Mark("Waiting on …", "s-wait", "hourglass"), Mark("Action required", "s-you", "user-exclamation")]
        + [MARKS[state] for state in (ItemState.FAILED, ItemState.TODO)],
        timeline=timeline,
    )


def _cell(item: Item) -> Cell:
    seen = mark(item.state, item.waiting_for)
    url = reverse("onboarding:item", args=[item.pk])
    return Cell(f"c-{item.pk}", seen, place(item.slug, item.region), url, _small(item, seen))


def _small(item: Item, seen: Mark) -> str:
    if item.state == ItemState.DONE:
        took = between(item.started_at, item.ended_at)
        return "" if took == clock(0) else took  # less than a second is not worth a number
    if item.state == ItemState.WORKING and item.started_at:
        return clock((timezone.now() - item.started_at).total_seconds())
    if item.state == ItemState.FAILED and item.attempt > 1:
        return counted(item.attempt, "attempt")
    return seen.more


def _planned(product: Product) -> dict[tuple[str, str], Cell]:
    """What a first run would lay out; nothing while the product has no connection or no region."""
    try:
        wanted = nodes(spec_of(product))
    except ValueError:
        return {}
    todo = MARKS[ItemState.TODO]
    return {node: Cell(f"c-{node[0]}-{node[1]}", todo, place(*node)) for node in wanted}


def _slugs(cells: Iterable[tuple[str, str]]) -> list[str]:
    present = {slug for slug, _ in cells}
    known = [step.slug for step in checklist() if step.slug in present]
    return known + sorted(present - set(known))


def _line(slug: str, regions: Sequence[str], cells: dict[tuple[str, str], Cell], lane: Lane | None) -> Line:
    step = by_slug().get(slug)
    wide = (slug, "") in cells
    own = [cells[slug, ""]] if wide else [cells.get((slug, region)) for region in regions]
    return Line(slug, title(slug), guide.lines(step.guide if step else ()), list(own), wide, lane)


def _run(run: Run) -> RunRow:
    where = [run.region] if run.region else []
    until = [f"up to {title(run.until)}"] if run.until else []
    return RunRow(
        title=f"Run {run.number}",
        what=", ".join([VERBS[Verb(run.verb)], *where, *until]),
        mark=RUN_MARKS[RunState(run.state)],
        by=run.by.get_full_name() if run.by else "the command line",
        started=moment(run.started_at),
        took=between(run.started_at, run.ended_at),
    )
