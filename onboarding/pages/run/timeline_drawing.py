"""Draws the timeline of a run: lanes of bars in a viewBox of 416 wide, one lane a step, and the same as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from onboarding.checklist.graph import Node
from onboarding.engine.schedule import needs
from onboarding.models import STATE_CHANGES, Event, Item, Run, Verb
from onboarding.pages.common.states import Mark, mark
from onboarding.pages.common.times import Moment, clock, moment, span
from onboarding.pages.run.timeline import Ahead, Axis, Change, Span, ahead, awaited, expectation, longest_path, spans
from onboarding.steps import place, title

LEFT, WIDTH, LEAST = 6.0, 380.0, 2.0
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800)
NEAR = 44.0  # so close to "now" a tick's words would touch it


@dataclass(frozen=True)
class Bar:
    """A rectangle; `css_class` is its class."""

    x: str
    y: str
    width: str
    height: str
    css_class: str


@dataclass(frozen=True)
class Lane:
    """The bars of a step, in the order of its regions. `path`: it is part of the longest path."""

    bars: list[Bar]
    path: bool


@dataclass(frozen=True)
class Tick:
    """A word on the axis."""

    x: str
    words: str
    anchor: str


@dataclass(frozen=True)
class Told:
    """A line of the table that says the same as the bars."""

    words: str
    mark: Mark
    started: Moment | None
    took: str
    path: bool


@dataclass(frozen=True)
class Timeline:
    """All of it. `height` is that of a lane, `said` the axis in words, `path` the longest path in words."""

    run: int
    lanes: Mapping[str, Lane]
    ticks: list[Tick]
    grid: list[str]
    breaks: list[str]
    now: str
    height: int
    said: str
    path: str
    left: str
    left_out: str
    table: list[Told]

    @property
    def tick(self) -> int:
        """The height of the mark of the longest path."""
        return self.height - 8


def timeline_of(items: Sequence[Item], runs: Sequence[Run], usual: Mapping[str, float]) -> Timeline | None:
    """The timeline of the last run that writes; None before there is one. One query, however many items. `usual` are
    the seconds that a step usually takes, by slug.
    """
    run = next((run for run in runs if run.writes), None)
    if run is None or not items:
        return None
    nodes = {item.pk: (item.slug, item.region) for item in items if item.run_id == run.pk}
    rows = Event.objects.filter(
        product_id=run.product_id, run_id=run.pk, what__in=STATE_CHANGES, at__gte=run.started_at
    )
    found = [
        Change(nodes[pk], at, to, data.get("reason", ""))
        for pk, at, to, data in rows.order_by("id").values_list("item_id", "at", "after", "data")
        if pk in nodes
    ]
    return draw(items, run, found, usual, timezone.now())


def draw(
    items: Sequence[Item], run: Run, changes: Sequence[Change], learnt: Mapping[str, float], now: datetime
) -> Timeline | None:
    """The timeline from rows already read; None when nothing has worked yet."""
    found = spans(changes, now)
    axis = Axis(found)
    states = {(item.slug, item.region): (str(item.state), item.waiting_for) for item in items}
    busy: dict[Node, float] = {one.node: one.seconds for one in found if one.open and not one.people}
    usual = expectation(found, learnt)
    coming = ahead(states, needs(), usual, busy, axis.total) if run.verb == Verb.PROVISION and busy else []
    if not found or not axis.total:
        return None
    down = run.verb == Verb.TEARDOWN
    path = _path(found, coming, axis, states, down=down)
    return _Drawing(found, coming, axis, list(dict.fromkeys(r for _, r in states if r)), path).timeline(run)


def _path(
    found: Sequence[Span], coming: Sequence[Ahead], axis: Axis, states: Mapping[Node, tuple[str, str]], *, down: bool
) -> list[Node]:
    ends: dict[Node, float] = {}
    for one in found:
        if not one.people:
            ends[one.node] = max(ends.get(one.node, 0.0), axis.at(one.end))
    ends |= {one.node: one.end for one in coming}
    return longest_path(ends, awaited(needs(), {node: state for node, (state, _) in states.items()}, down=down))


class _Drawing:
    """Turns seconds into places."""

    def __init__(
        self, found: Sequence[Span], coming: Sequence[Ahead], axis: Axis, regions: Sequence[str], path: Sequence[Node]
    ) -> None:
        self.found, self.coming, self.axis, self.regions, self.path = found, coming, axis, regions, path
        self.total = max([axis.total, *(one.end for one in coming)])
        count = max(len(regions), 1)
        self.pitch = max(min(9.0, 27.0 / count), 4.0)
        self.height = max(int(self.pitch * count) + 9, 36)

    def x(self, seconds: float) -> float:
        return LEFT + WIDTH * seconds / self.total

    def bar(self, node: Node, start: float, end: float, css_class: str) -> Bar:
        count, thick = max(len(self.regions), 1), min(5.0, self.pitch - 1)
        rank = self.regions.index(node[1]) if node[1] in self.regions else (count - 1) / 2
        top = (self.height - self.pitch * count) / 2 + self.pitch * rank + (self.pitch - thick) / 2
        width = max(self.x(end) - self.x(start), LEAST)
        return Bar(f"{self.x(start):.1f}", f"{top:.1f}", f"{width:.1f}", f"{thick:.1f}", css_class)

    def bars(self) -> dict[str, list[Bar]]:
        drawn: dict[str, list[Bar]] = defaultdict(list)
        for one in self.coming:
            drawn[one.node[0]].append(self.bar(one.node, one.start, one.end, "exp"))
        for span_ in self.found:
            start, end = self.axis.at(span_.start), self.axis.at(span_.end)
            css_class = f"{'thin' if span_.people else 'bar'} {mark(span_.state, span_.reason).css_class}"
            drawn[span_.node[0]].append(self.bar(span_.node, start, end, css_class))
        return drawn

    def timeline(self, run: Run) -> Timeline:
        slugs = {slug for slug, _ in self.path}
        now, running = self.x(self.axis.total), any(one.open and not one.people for one in self.found)
        step = next((size for size in STEPS if self.total / size <= 6), STEPS[-1])
        places = [number * step for number in range(int(self.total / step) + 1)]
        words = [(self.x(at), span(at)) for at in places if not running or abs(self.x(at) - now) > NEAR]
        ticks = [Tick(f"{x:.1f}", text, "start" if x == LEFT else "middle") for x, text in words]
        if running:
            ticks.append(Tick(f"{now:.1f}", "now", "middle" if now < LEFT + WIDTH - 16 else "end"))
        left = self.total - self.axis.total
        return Timeline(
            run=run.number,
            lanes={slug: Lane(bars, slug in slugs) for slug, bars in self.bars().items()},
            ticks=ticks,
            grid=[f"{self.x(at):.1f}" for at in places],
            breaks=[f"{self.x(at):.1f}" for at in self.axis.breaks],
            now=f"{now:.1f}" if running else "",
            height=self.height,
            said=f"{span(self.axis.total)} of work so far" if running else f"{span(self.axis.total)} of work",
            path=" → ".join(dict.fromkeys(title(slug) for slug, _ in self.path)),
            left=f"about {span(left)} left of what moves by itself" if running and left >= 1 else "",
            left_out=span(self.axis.left_out) if self.axis.left_out else "",
            table=self.table(),
        )

    def table(self) -> list[Told]:
        chain = set(self.path)
        return [
            Told(
                place(*one.node),
                mark(one.state, one.reason),
                moment(one.start),
                clock(one.seconds),
                one.node in chain and not one.people,
            )
            for one in sorted(self.found, key=lambda one: one.start)
        ]
