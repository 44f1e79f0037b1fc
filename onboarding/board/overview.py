"""The overview for the platform's administrators: every product, what stands still, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from onboarding.board.run import counts
from onboarding.board.times import Moment, age
from onboarding.models import Item, ItemState, Progress
from sellers.models import Product

A_PAGE = 50
STUCK = Q(state=ItemState.FAILED) | Q(state=ItemState.WAITING, reason__in=("you", "marketplace", "buyer"))


@dataclass(frozen=True)
class OverviewRow:
    """One product. `stuck`: since when its longest standing item waits for a person, or has failed."""

    name: str
    url: str
    seller: str
    counts: str
    failed: int
    on_you: int
    on_marketplace: int
    stuck: Moment | None


@dataclass(frozen=True)
class Overview:
    """A page of the table, the longest standing first."""

    rows: list[OverviewRow]
    page: Page[Any]


def overview(products: QuerySet[Product], page: str | None) -> Overview:
    """Two queries a page, however many products there are."""
    still = Item.objects.filter(STUCK, product=OuterRef("pk")).values("product")
    since = still.annotate(since=Min(Coalesce("waiting_since", "ended_at"))).values("since")
    rows = products.annotate(stuck=Subquery(since)).select_related("progress")
    ordered = rows.order_by(F("stuck").asc(nulls_last=True), "seller__name", "name", "pk")
    shown = Paginator(ordered, A_PAGE).get_page(page)
    return Overview([_row(product) for product in shown.object_list], shown)


def _row(product: Any) -> OverviewRow:
    progress = getattr(product, "progress", None) or Progress()
    return OverviewRow(
        name=product.name,
        url=reverse("onboarding:run", args=[product.pk]),
        seller=product.seller.name,
        counts=counts(progress) if progress.version else "Not started",
        failed=progress.failed,
        on_you=progress.on_you,
        on_marketplace=progress.on_marketplace,
        stuck=age(product.stuck),
    )
