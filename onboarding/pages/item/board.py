"""One item as people see it: its state, what it waits for or why it failed, and what may be pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from onboarding.checklist import graph, guide
from onboarding.checklist.step import Input
from onboarding.engine.schedule import needs
from onboarding.models import Failure, Item, ItemState, RunState, Verb, WaitsFor
from onboarding.pages.common.items import moves
from onboarding.pages.common.states import Mark, mark
from onboarding.pages.common.times import Moment, moment
from onboarding.pages.common.waits import Wait, by_clock, known, wait_of
from onboarding.pages.item.history import pairs
from onboarding.plan.by_hand import ByHand
from onboarding.plan.by_hand import page as by_hand_page
from onboarding.steps import by_slug, checklist, doing, place

RETRIED = (ItemState.FAILED, ItemState.CANCELLED, ItemState.SKIPPED)
LEFT_OUT = (ItemState.TODO, ItemState.WAITING, ItemState.FAILED)
ANSWERED = ("you", "marketplace")  # Seller Operations answers at the desk, or the engineer from their mail


@dataclass(frozen=True)
class Before:
    """An item that must be done first."""

    words: str
    url: str
    mark: Mark


@dataclass(frozen=True)
class ItemBoard:
    """The item page's live part. `words` are the templates to try for the step's long words; `readers` the titles of
    the steps that stand on this one.
    """

    title: str
    mark: Mark
    now: str
    doing: str
    guide: list[tuple[str, str]]
    words: list[str]
    attempt: int
    started: Moment | None
    wait: Wait | None
    failure: Failure | None
    before: list[Before]
    readers: list[str]
    asks: Sequence[Input]
    moves: bool
    may_retry: bool
    may_skip: bool
    may_check: bool
    why_not: str = ""  # why its buttons cannot be pressed
    by_hand: ByHand | None = None  # what to run before the asks can be answered


def item_board(item: Item, *, may_run: bool) -> ItemBoard:
    """The board of an item whose run and product are loaded; at most three further queries."""
    step = by_slug().get(item.slug)
    waiting = item.state == ItemState.WAITING
    return ItemBoard(
        title=place(item.slug, item.region),
        mark=mark(item.state, item.waiting_for),
        now=_now(item),
        doing=step.doing if step else "This version no longer has this step.",
        guide=guide.lines(step.guide if step else ()),
        words=[f"onboarding/steps/{item.slug}.html", "onboarding/item/no_words.html"],
        attempt=item.attempt,
        started=moment(item.started_at),
        wait=wait_of(item, known()) if waiting else None,
        failure=item.why if item.state == ItemState.FAILED else None,
        before=_before(item) if item.state in (ItemState.TODO, ItemState.UNDOING) else [],
        readers=_readers(item) if may_run and item.state in LEFT_OUT else [],
        asks=step.inputs if step and waiting and item.waiting_for in ANSWERED and may_run else (),
        moves=moves(item) or _next(item),
        may_retry=may_run and item.state in RETRIED and item.run is not None,
        may_skip=may_run and item.state in LEFT_OUT and item.direction == "up" and item.run is not None,
        may_check=may_run and (item.state == ItemState.UNDOING or (waiting and by_clock(item))),
        why_not=_why_not(item, may_run),
        by_hand=by_hand_page(item) if step and step.choice and waiting and item.waiting_for == WaitsFor.YOU else None,
    )


def _next(item: Item) -> bool:
    """Whether it is to do in a run that is going on: it begins by itself when what it stands on is done."""
    return item.state == ItemState.TODO and item.run is not None and item.run.state == RunState.OPEN


def _why_not(item: Item, may_run: bool) -> str:
    """Why nothing can be pressed: who looks may not, or what comes first is not done."""
    if not may_run:
        return "Only engineers and leads of the seller can start a run."
    return "This step isn't part of a run. Start a run on the run page." if item.run is None else ""


def _readers(item: Item) -> list[str]:
    """The titles of the product's steps that stand on this one."""
    mine = Item.objects.filter(product_id=item.product_id).exclude(state=ItemState.NOT_NEEDED)
    there = set(mine.values_list("slug", flat=True))
    return [step.title for step in checklist() if step.slug in there and item.slug in needs()[step.slug]]


def _now(item: Item) -> str:
    """The sentence of an item that neither waits nor failed."""
    if item.message:
        return item.message
    words = {
        ItemState.TODO: "Not started yet.",
        ItemState.WORKING: f"{doing(item.slug, item.region)}.",
        ItemState.DONE: "Done.",
        ItemState.UNDOING: f"Taking down {place(item.slug, item.region)}.",
    }
    return words.get(ItemState(item.state), f"{mark(item.state, item.waiting_for).word}.")


def _before(item: Item) -> list[Before]:
    """What must come first: on the way up what it stands on, on the way down what stands on it."""
    rows = {
        (slug, region): (pk, state, reason, direction)
        for pk, slug, region, state, reason, direction in Item.objects.filter(product_id=item.product_id).values_list(
            "pk", "slug", "region", "state", "waiting_for", "direction"
        )
    }
    node = (item.slug, item.region)
    if item.state == ItemState.UNDOING:
        falling = {n: state for n, (_, state, _, direction) in rows.items() if direction == "down" or n == node}
        found = graph.holding(node, needs(), falling)
    else:
        found = graph.missing(node, needs(), {n: state for n, (_, state, _, _) in rows.items()})
    return [
        Before(place(*n), reverse("onboarding:item", args=[rows[n][0]]), mark(rows[n][1], rows[n][2])) for n in found
    ]


def way(item: Item) -> str:
    """Which run the item belongs to: "Run 3, taking down"."""
    if item.run is None:
        return ""
    down = ", taking down" if item.run.verb == Verb.TEARDOWN else ""
    return f"Run {item.run.number}{down}"


MODES = {"create": "Create for me", "existing": "Use existing", "manual": "I will do it myself"}
SECRET = ("user_data",)


@dataclass(frozen=True)
class Source:
    """Values from one place: the choices, or an earlier item (then with its page)."""

    title: str
    url: str
    values: list[tuple[str, str]]


@dataclass(frozen=True)
class Flow:
    """Inputs by source, and the outputs."""

    inputs: list[Source]
    outputs: list[tuple[str, str]]


def flow(item: Item) -> Flow:
    """The values of an item's last run; one query. Long texts and user data are counted, not shown."""
    spec: dict[str, Any] = item.run.spec if item.run else {}
    chosen = [Source("Chosen", "", values)] if (values := _chosen(item, spec)) else []
    wanted = [(slug, region) for slug in needs().get(item.slug, ()) for region in {"", item.region}]
    found = Item.objects.filter(
        product_id=item.product_id, slug__in=[slug for slug, _ in wanted], outputs__isnull=False
    )
    rows = {
        (slug, region): (pk, made) for pk, slug, region, made in found.values_list("pk", "slug", "region", "outputs")
    }
    if not item.region:  # a step over the product reads every region's
        wanted = sorted(rows)
    earlier = [
        Source(place(*node), reverse("onboarding:item", args=[rows[node][0]]), pairs(rows[node][1] or {}))
        for node in wanted
        if node in rows
    ]
    return Flow([one for one in chosen + earlier if one.values], pairs(item.outputs or {}))


def _chosen(item: Item, spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    step = by_slug().get(item.slug)
    choice = spec.get("regions", {}).get(item.region, {}).get(step.choice, {}) if step and step.choice else {}
    shown = {name: _counted(name, value) for name, value in choice.items()}
    if "mode" in shown:
        shown["mode"] = MODES.get(str(shown["mode"]), shown["mode"])
    return pairs(shown)


def _counted(name: str, value: Any) -> Any:
    return f"{len(value)} characters, not shown" if name in SECRET and value else value
