"""Home: the products as cards in lanes by whose turn it is. Five queries a page, however many products there are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import RowNumber

from onboarding.models import Run, RunState
from onboarding.pages.home.cards import AWS, DONE, THEIRS, YOU, Card, cards
from sellers.models import Product, ProductRegion

A_LANE = 6
A_PAGE = 24
ORDER = (F("progress__changed_at").asc(nulls_last=True), "name", "pk")


@dataclass(frozen=True)
class Lane:
    """Cards whose next move is the same party's; `count` are all of the lane, `more` those that are not shown."""

    key: str
    title: str
    css_class: str
    icon: str
    hint: str
    cards: list[Card]
    count: int

    @property
    def more(self) -> int:
        """Products of the lane beyond those shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Home:
    """The page. `first` is the card to begin with when something waits for the person, `yours` how many do; `alone` is
    the one lane that was asked for, and `page` the part of it that is shown.
    """

    lanes: list[Lane]
    first: Card | None
    yours: int
    total: int
    alone: Lane | None
    page: Page[Any] | None

    @property
    def moves(self) -> bool:
        """Whether something may change without the person: the page then asks again by itself."""
        return any(lane.count for lane in self.lanes if lane.key in ("aws", "theirs"))

    @property
    def query(self) -> str:
        """What the links to other pages of the lane keep."""
        return f"lane={self.alone.key}&" if self.alone else ""


LANES = (
    ("you", "Your turn", "s-you", "user-exclamation", "Nothing moves here until you act."),
    ("aws", "AWS is working", "s-work", "cloud", "In progress. No action needed."),
    ("theirs", "Waiting on AWS Marketplace", "s-wait", "building-store", "Others have it now; nothing waits for you."),
    ("done", "Done", "s-done", "circle-check", "Nothing is left to do."),
)
# Who only looks (an administrator) is not told that it is their turn.
SELLERS_TURN = ("you", "The seller’s turn", "s-you", "user-exclamation", "Nothing moves here until the seller acts.")
KEYS = {words[0]: number for number, words in enumerate(LANES)}


def lane() -> Combinable:
    """Whose turn it is, from the stored counters alone; the first rule that fits counts."""
    at_work = Q(progress__working__gt=0) | Q(progress__undoing__gt=0)
    asked = Q(progress__waiting__gt=F("progress__on_you") + F("progress__on_marketplace"))
    running = Exists(Run.objects.filter(product=OuterRef("pk"), state=RunState.OPEN))
    left = Q(progress__isnull=True) | Q(progress__todo__gt=0) | Q(progress__cancelled__gt=0)
    rules: list[When] = [
        When(Q(progress__failed__gt=0) | Q(progress__on_you__gt=0), then=Value(YOU)),
        When(at_work | asked, then=Value(AWS)),
        When(progress__on_marketplace__gt=0, then=Value(THEIRS)),
        When(running, then=Value(AWS)),
        When(left, then=Value(YOU)),
    ]
    return Case(*rules, default=Value(DONE), output_field=IntegerField())


def home(products: QuerySet[Product], page: str | None = None, alone: str = "", *, acts: bool = True) -> Home:
    """The first cards of each lane, the longest wait on top; with `alone` a lane's key, a page of that lane.

    `acts` is False for who may look and not act: the turn is then the seller's. An unknown key shows all lanes.
    """
    rows = _rows(products)
    numbers = _numbers(products)
    shown, first = None, []
    if alone in KEYS:
        shown = Paginator(rows.filter(lane=KEYS[alone]).order_by(*ORDER), A_PAGE).get_page(page)
        found = list(shown.object_list)
        first = [] if KEYS[alone] == YOU else list(rows.filter(lane=YOU).order_by(*ORDER)[:1])
    else:
        found = list(_tops(rows))
    made = cards([*first, *found], acts)
    lanes = _lanes(zip(found, made[len(first) :], strict=True), numbers, acts)
    yours = made[0] if made and (first or found[0].lane == YOU) else None
    only = lanes[KEYS[alone]] if alone in KEYS else None
    return Home(lanes, yours, numbers.get(YOU, 0), sum(numbers.values()), only, shown)


def version(products: QuerySet[Product], acts: bool) -> str:
    """An ETag of all that moves on the page by itself; one query. It grows with every change of an item."""
    found = products.order_by().aggregate(versions=Sum("progress__version"), number=Count("pk"))
    build = hashlib.sha256(settings.BUILD.encode()).hexdigest()[:12]
    return f'"{found["versions"] or 0}-{found["number"]}-{int(acts)}-{build}"'


def _rows(products: QuerySet[Product]) -> QuerySet[Any]:
    """The products with what a card needs of them."""
    regions = Prefetch("regions", ProductRegion.objects.only("product_id", "region", "created_at"))
    return products.annotate(lane=lane()).select_related("progress", "seller").prefetch_related(regions)


def _numbers(products: QuerySet[Product]) -> dict[int, int]:
    """How many products each lane has."""
    counted = products.order_by().annotate(lane=lane()).values("lane").annotate(number=Count("pk"))
    return {row["lane"]: row["number"] for row in counted}


def _tops(rows: QuerySet[Any]) -> Iterable[Any]:
    """The first products of each lane."""
    place = Window(RowNumber(), partition_by=[F("lane")], order_by=[ORDER[0], F("name").asc(), F("pk").asc()])
    tops: QuerySet[Any] = rows.annotate(place=place).filter(place__lte=A_LANE)
    return tops.order_by("lane", "place")


def _lanes(found: Iterable[tuple[Any, Card]], numbers: dict[int, int], acts: bool) -> list[Lane]:
    by_lane: dict[int, list[Card]] = {number: [] for number in range(len(LANES))}
    for product, card in found:
        by_lane[product.lane].append(card)
    titles = LANES if acts else (SELLERS_TURN, *LANES[1:])
    return [Lane(*words, by_lane[number], numbers.get(number, 0)) for number, words in enumerate(titles)]
