"""The evidence that counts: of each item, the newest of each check (domain.md section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import Max, QuerySet

from onboarding.models import Evidence
from onboarding.steps.told import DRIFT
from sellers.models import Product


class Seen(Protocol):
    """A row of evidence, as far as it is read here."""

    @property
    def item_id(self) -> UUID: ...
    @property
    def check_name(self) -> str: ...


R = TypeVar("R", bound=Seen)


def newest(product: Product) -> list[Evidence]:
    """What counts of a product's items, oldest first; one query, items joined."""
    return standing(list(latest(Evidence.objects.filter(item__product=product)).select_related("item")))


def latest(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Of these rows the newest of each check of each item, oldest first."""
    last = rows.order_by().values("item_id", "check_name").annotate(last=Max("id")).values("last")
    return Evidence.objects.filter(pk__in=last).order_by("id")


def standing(rows: Sequence[R]) -> list[R]:
    """Those rows without a drift that a later look at its item no longer saw. They come oldest first."""
    ends = {row.item_id: row for row in rows}
    return [row for row in rows if not row.check_name.endswith(DRIFT) or ends[row.item_id] is row]
