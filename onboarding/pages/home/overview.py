"""The overview of many products, for administrators and leads: whose turn it is, what stands still, for how long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Item, ItemState, Progress, WaitsFor
from onboarding.pages.common.items import counts
from onboarding.pages.common.states import SELLER, Mark, mark
from onboarding.pages.common.times import Moment, age
from onboarding.pages.common.turn import YOURS
from onboarding.pages.home.board import lane
from onboarding.pages.home.cards import AWS, DONE, THEIRS, YOU, Rect
from onboarding.steps import place
from sellers.models import Product

A_PAGE = 50
LONG = timedelta(days=1)
STILL = Q(state=ItemState.FAILED) | Q(state=ItemState.WAITING, waiting_for__in=("you", "marketplace", "buyer"))
STUCK = "stuck"
WIDTH = 120.0
TURNS = {
    YOU: Mark("The seller", "s-you", "user-exclamation"),
    AWS: Mark("AWS", "s-work", "loader-2"),
    THEIRS: Mark("Marketplace", "s-wait", "hourglass"),
    DONE: Mark("Nobody", "s-done", "circle-check"),
}
# The strip's marks in this order; the counters are stored ones (never aggregated over items).
STRIP: tuple[tuple[str, Callable[[Progress], int]], ...] = (
    ("s-done", lambda p: p.done + p.skipped),
    ("s-work", lambda p: p.working + p.undoing),
    ("s-wait", lambda p: p.waiting - p.on_you),
    ("s-you", lambda p: p.on_you),
    ("s-fail", lambda p: p.failed),
    ("s-todo", lambda p: p.todo + p.cancelled + p.undone),
)


@dataclass(frozen=True)
class Still:
    """The item that has stood longest, where it is, and since when."""

    words: str
    url: str
    mark: Mark
    since: Moment | None


@dataclass(frozen=True)
class OverviewRow:
    """One product."""

    name: str
    url: str
    seller: str
    turn: Mark
    strip: list[Rect]
    counts: str
    still: Still | None


@dataclass(frozen=True)
class Filter:
    """A link that narrows the list. `current`: it is the one in use."""

    key: str
    words: str
    number: int
    current: bool


@dataclass(frozen=True)
class Overview:
    """A page of the table, the longest standing first."""

    rows: list[OverviewRow]
    page: Page[Any]
    filters: list[Filter]
    query: str


def overview(products: QuerySet[Product], page: str | None, show: str = "", *, acts: bool = False) -> Overview:
    """Five queries a page, however many products there are. An unknown `show` shows all.

    `acts`: the person is the sellers' own, and is told what waits for them; who only looks reads of the seller.
    """
    conditions = _conditions(acts)
    rows = products.annotate(stuck=_since()).select_related("progress", "seller")
    stored = {key: where for key, (_, where) in conditions.items() if key != STUCK}
    numbers = products.aggregate(**{key: Count("pk", filter=where) for key, where in stored.items()})
    numbers[STUCK] = rows.filter(conditions[STUCK][1]).count()
    show = show if show in conditions else "all"
    ordered = rows.filter(conditions[show][1]).annotate(lane=lane())
    shown = Paginator(ordered.order_by(F("stuck").asc(nulls_last=True), "seller__name", "name", "pk"), A_PAGE).get_page(
        page
    )
    still = _still([product.pk for product in shown.object_list], acts)
    return Overview(
        rows=[_row(product, still.get(product.pk), acts) for product in shown.object_list],
        page=shown,
        filters=[Filter(key, words, numbers[key], key == show) for key, (words, _) in conditions.items()],
        query="" if show == "all" else f"show={show}&",
    )


def _conditions(acts: bool) -> dict[str, tuple[str, Q]]:
    return {
        "all": ("All", Q(pk__isnull=False)),
        STUCK: ("Stuck for a day or more", Q(stuck__lte=timezone.now() - LONG)),
        "failed": ("Failed", Q(progress__failed__gt=0)),
        "marketplace": ("Waiting on AWS Marketplace", Q(progress__on_marketplace__gt=0)),
        "seller": ("Waiting on you" if acts else "Waiting on the seller", Q(progress__on_you__gt=0)),
    }


def _since() -> Subquery:
    """Since when a product's longest standing item waits for a person, or has failed."""
    rows = Item.objects.filter(STILL, product=OuterRef("pk")).order_by().values("product")
    return Subquery(rows.annotate(since=Min(Coalesce("waiting_since", "ended_at"))).values("since"))


def _still(products: Sequence[UUID], acts: bool) -> dict[UUID, Still]:
    """Of each of these products the item that has stood longest; one query."""
    rows = Item.objects.filter(STILL, product_id__in=products).annotate(since=Coalesce("waiting_since", "ended_at"))
    found: dict[UUID, Still] = {}
    for item in rows.order_by(F("since").asc(nulls_last=True), "slug", "region"):
        if item.product_id not in found:
            url = reverse("onboarding:item", args=[item.pk])
            theirs = not acts and (item.state, item.waiting_for) == (ItemState.WAITING, WaitsFor.YOU)
            seen = SELLER if theirs else mark(item.state, item.waiting_for)
            found[item.product_id] = Still(place(item.slug, item.region), url, seen, age(item.since))
    return found


def _row(product: Any, still: Still | None, acts: bool) -> OverviewRow:
    progress = getattr(product, "progress", None)
    return OverviewRow(
        name=product.name,
        url=reverse("onboarding:run", args=[product.pk]),
        seller=product.seller.name,
        turn=YOURS if acts and product.lane == YOU else TURNS[product.lane],
        strip=_strip(progress) if progress else [],
        counts=counts(progress) or "Not started",
        still=still,
    )


def _strip(progress: Progress) -> list[Rect]:
    """A bar as wide as the checklist is long, its parts as wide as there are items of a kind."""
    parts = [(css_class, count(progress)) for css_class, count in STRIP]
    step = WIDTH / max(sum(number for _, number in parts), 1)
    found, at = [], 0.0
    for css_class, number in parts:
        if number > 0:
            found.append(Rect(f"{at:.1f}", f"{max(number * step - 1, 1):.1f}", css_class))
            at += number * step
    return found
