"""The timeline of a run: what worked when, without the pauses; what is expected; the chain that decides the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from onboarding.models import Item, Run
from onboarding.pages.common.waits import now_known
from onboarding.pages.run.timeline import Axis, Change, ahead, awaited, expectation, longest_path, spans
from onboarding.pages.run.timeline_drawing import timeline_of
from tests import factories
from tests.factories import Tenant

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEEDS = {"access": (), "network": ("access",), "load_balancer": ("network",), "name_servers": ("access",)}
A, N, L, M = ("access", ""), ("network", "eu-west-1"), ("load_balancer", "eu-west-1"), ("name_servers", "")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def way(node: tuple[str, str], *steps: tuple[float, str] | tuple[float, str, str]) -> list[Change]:
    return [Change(node, at(step[0]), step[1], step[2] if len(step) > 2 else "") for step in steps]


def test_work_and_a_wait_for_aws_are_one_bar_in_the_colour_of_its_end() -> None:
    found = spans(way(L, (10, "working"), (20, "waiting", "aws"), (200, "working"), (205, "done")), at(300))
    assert [(span.start, span.end, span.state, span.open) for span in found] == [(at(10), at(205), "done", False)]


def test_each_attempt_has_its_own_bar() -> None:
    changes = way(L, (0, "working"), (5, "failed"), (90, "todo"), (91, "working"), (100, "done"))
    assert [(span.seconds, span.state) for span in spans(changes, at(200))] == [(5, "failed"), (9, "done")]


def test_a_persons_wait_is_told_apart_with_whom_it_waited_for() -> None:
    changes = way(
        M, (0, "working"), (2, "waiting", "you"), (50, "waiting", "marketplace"), (90, "working"), (91, "done")
    )
    found = spans(changes, at(100))
    assert [(span.people, span.reason, span.seconds) for span in found] == [
        (False, "you", 2),
        (True, "you", 48),
        (True, "marketplace", 40),
        (False, "", 1),
    ]


def test_what_goes_on_ends_now_and_never_before_it_began() -> None:
    assert spans(way(A, (10, "working")), at(4))[0].seconds == 0
    (running,) = spans(way(A, (10, "working")), at(40))
    assert (running.open, running.seconds) == (True, 30)


def test_a_night_without_work_takes_no_room_on_the_axis() -> None:
    changes = way(N, (0, "working"), (60, "failed"), (36_000, "working"), (36_020, "done"))
    axis = Axis(spans(changes, at(40_000)))
    assert (axis.total, axis.breaks, axis.left_out) == (80, [60], 35_940)
    assert [axis.at(at(second)) for second in (-5, 30, 5_000, 36_010, 99_999)] == [0, 30, 60, 70, 80]


def test_days_at_marketplace_are_no_work() -> None:
    changes = way(M, (0, "working"), (4, "waiting", "marketplace"), (200_000, "working"), (200_002, "done"))
    assert Axis(spans(changes, at(300_000))).total == 6


def test_a_step_is_expected_to_take_what_it_took_in_another_region_else_what_was_learnt() -> None:
    found = spans([*way(L, (0, "working"), (100, "done")), *way(N, (0, "working"))], at(50))
    assert expectation(found, {"load_balancer": 7.0, "network": 30.0}) == {"load_balancer": 100.0, "network": 30.0}


def test_what_is_to_come_follows_what_it_stands_on() -> None:
    states = {A: ("done", ""), N: ("working", ""), L: ("todo", "")}
    coming = ahead(states, NEEDS, {"network": 30.0, "load_balancer": 180.0}, {N: 10.0}, 100.0)
    assert {one.node: (one.start, one.end) for one in coming} == {N: (100, 120), L: (120, 300)}


@pytest.mark.parametrize("state", [("failed", ""), ("waiting", "you"), ("waiting", "marketplace"), ("cancelled", "")])
def test_nothing_is_foretold_of_what_stands_on_a_person(state: tuple[str, str]) -> None:
    states = {A: ("done", ""), N: state, L: ("todo", "")}
    assert ahead(states, NEEDS, {"network": 30.0, "load_balancer": 180.0}, {}, 0.0) == []


def test_the_longest_path_goes_back_over_what_ended_last() -> None:
    states = {A: "done", N: "done", L: "done", M: "done"}
    up = awaited(NEEDS, states, down=False)
    assert longest_path({A: 5, N: 40, L: 200, M: 8}, up) == [A, N, L]
    down = awaited(NEEDS, states, down=True)
    assert longest_path({L: 20, N: 60, M: 3, A: 61}, down) == [L, N, A]
    assert longest_path({}, up) == []


def test_a_run_is_drawn_from_its_events_with_its_table(own: Tenant) -> None:
    run = factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    for region in factories.REGIONS:
        factories.moved(factories.item(own.product, "network", region), "waiting", waiting_for="aws", next_in=60)
    items, runs = list(Item.objects.filter(product=own.product)), list(Run.objects.filter(pk=run.pk))
    drawn = timeline_of(items, runs, now_known().seconds)
    assert drawn is not None
    assert (drawn.table[0].words, drawn.table[0].mark.word) == ("Access", "Done")
    assert len(drawn.lanes["network"].bars) == 2
    assert len({bar.y for bar in drawn.lanes["network"].bars}) == 2, "a region each"
    assert drawn.path == "Access → Network"
    assert drawn.now


def test_before_the_first_run_there_is_no_timeline(own: Tenant) -> None:
    assert timeline_of([], [], {}) is None
