"""The timeline of a run: what worked when, on one axis of working time, with what is still expected, and the longest
path.

Pure: changes of items in, bars in seconds out; `board.run_lanes` draws them. Time in which no step worked (a night
before a retry, days at Marketplace) takes no room: a bar's place is the working time that had passed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onboarding.checklist import graph
from onboarding.checklist.graph import Needs, Node, States
from onboarding.models import ItemState

AT_WORK = (ItemState.WORKING, ItemState.UNDOING)
BY_ITSELF = ("aws", "dns")
LONGEST_GAP = timedelta(seconds=30)  # a pause so long between two steps is left out of the axis


@dataclass(frozen=True)
class Change:
    """An item's change of state, from its event."""

    node: Node
    at: datetime
    to: str
    reason: str = ""


@dataclass(frozen=True)
class Span:
    """A stretch of time in which an item worked or waited. `state` and `reason` are what it then became, or is; of a
    person's wait, whom it waited for.
    """

    node: Node
    start: datetime
    end: datetime
    state: str
    reason: str = ""
    people: bool = False  # it waited for somebody
    open: bool = False  # it goes on

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return max((self.end - self.start).total_seconds(), 0.0)


@dataclass(frozen=True)
class Ahead:
    """What an item will probably still take, in seconds of the axis."""

    node: Node
    start: float
    end: float


def spans(changes: Iterable[Change], now: datetime) -> list[Span]:
    """The stretches of each item, oldest first. What AWS and DNS take belongs to the work; a person's wait is its own
    stretch. One that has not ended ends `now`.
    """
    ways: dict[Node, list[Change]] = defaultdict(list)
    for change in changes:
        ways[change.node].append(change)
    return [span for way in ways.values() for span in _stretches(way, now)]


def _stretches(way: Sequence[Change], now: datetime) -> Iterable[Span]:
    running: Span | None = None
    for change in way:
        busy, people = change.to in AT_WORK or change.to == ItemState.WAITING, _for_people(change)
        if running and busy and not running.people and not people:
            running = replace(running, state=change.to, reason=change.reason)
            continue
        if running:
            yield _over(running, change)
        running = Span(change.node, change.at, now, change.to, change.reason, people, open=True) if busy else None
    if running:
        yield replace(running, end=max(now, running.start))


def _over(span: Span, change: Change) -> Span:
    became = (span.state, span.reason) if span.people else (change.to, change.reason)
    return replace(span, end=change.at, state=became[0], reason=became[1], open=False)


def _for_people(change: Change) -> bool:
    return change.to == ItemState.WAITING and change.reason not in BY_ITSELF


class Axis:
    """Working time: how many seconds of it had passed at a moment. Pauses longer than LONGEST_GAP do not count."""

    def __init__(self, worked: Iterable[Span]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for span in sorted((s for s in worked if not s.people), key=lambda s: s.start):
            if self._ends and span.start <= self._ends[-1] + LONGEST_GAP:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)
        self._before = [0.0]
        for start, end in zip(self._starts, self._ends, strict=True):
            self._before.append(self._before[-1] + (end - start).total_seconds())

    @property
    def total(self) -> float:
        """All working time so far, in seconds."""
        return self._before[-1]

    @property
    def breaks(self) -> list[float]:
        """Where a pause was left out."""
        return self._before[1:-1]

    @property
    def left_out(self) -> float:
        """The seconds that the pauses lasted."""
        pairs = zip(self._ends, self._starts[1:], strict=False)
        return sum((start - end).total_seconds() for end, start in pairs)

    def at(self, moment: datetime) -> float:
        """The place of a moment on the axis."""
        place = bisect_right(self._starts, moment) - 1
        if place < 0:
            return 0.0
        within = (min(moment, self._ends[place]) - self._starts[place]).total_seconds()
        return self._before[place] + within


def expectation(worked: Iterable[Span], learnt: Mapping[str, float]) -> dict[str, float]:
    """slug -> seconds that a step usually takes: the mean of its finished stretches in this run, else what was learnt
    of AWS's waits. A step of which nothing is known is left out.
    """
    done: dict[str, list[float]] = defaultdict(list)
    for span in worked:
        if span.state == ItemState.DONE and not span.people and not span.open:
            done[span.node[0]].append(span.seconds)
    return {**learnt, **{slug: sum(took) / len(took) for slug, took in done.items()}}


def ahead(
    states: Mapping[Node, tuple[str, str]],
    needs: Needs,
    usual: Mapping[str, float],
    busy: Mapping[Node, float],
    now: float,
) -> list[Ahead]:
    """What is still to come of items that need nobody. `states` are (state, reason), `busy` the seconds that an item
    has worked already, `now` the present on the axis. What stands on a person's step, or on one of which nothing is
    known, is not foretold.
    """
    ends: dict[Node, float | None] = {}
    found: dict[Node, Ahead] = {}
    plain = {node: state for node, (state, _) in states.items()}

    def end(node: Node) -> float | None:
        if node not in ends:
            ends[node] = None
            ends[node] = _end(node)
        return ends[node]

    def _end(node: Node) -> float | None:
        state, reason = states[node]
        if state in graph.MET:
            return now
        waits = state == ItemState.WAITING and reason in BY_ITSELF
        if node[0] not in usual or not (waits or state in (ItemState.WORKING, ItemState.TODO)):
            return None
        first = [end(other) for other in graph.missing(node, needs, plain)]
        if None in first:
            return None
        start = max([now, *(one for one in first if one is not None)])
        last = start + max(usual[node[0]] - busy.get(node, 0.0), 0.0)
        found[node] = Ahead(node, start, last)
        return last

    for node in states:
        end(node)
    return [one for one in found.values() if one.end > one.start]


def longest_path(ends: Mapping[Node, float], before: Callable[[Node], Iterable[Node]]) -> list[Node]:
    """The chain that decides when the run ends: from the item that ends last back over the one that ended last of
    those it had to wait for. Empty when nothing has worked.
    """
    path: list[Node] = []
    node = max(ends, key=lambda one: ends[one], default=None)
    while node is not None and node not in path:
        path.append(node)
        node = max((one for one in before(node) if one in ends), key=lambda one: ends[one], default=None)
    return path[::-1]


def awaited(needs: Needs, states: States, *, down: bool) -> Callable[[Node], Iterable[Node]]:
    """What an item had to wait for: on the way up what it stands on, on the way down what stands on it."""
    if not down:
        return lambda node: graph.needed(node, needs, states)
    above: dict[Node, list[Node]] = defaultdict(list)
    for other in states:
        for node in graph.needed(other, needs, states):
            above[node].append(other)
    return lambda node: above[node]
