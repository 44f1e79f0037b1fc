"""The evidence that a step may ask for, read at most twice a claim: its own item's, and that of the whole product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.db.models import Max, QuerySet

from onboarding.checklist.results import DRIFT
from onboarding.checklist.step import Outcome, PastResult
from onboarding.engine.lease import Lease
from onboarding.models import Evidence
from sellers.models import Product
from sellers.prepared import Prepared


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


Items = dict[tuple[str, str], list[PastResult]]


class Row(NamedTuple):
    """What is read of evidence. The item itself is not: it would come with every row."""

    item__slug: str
    item__region: str
    item_id: UUID
    run_id: UUID | None
    attempt: int
    check_name: str
    outcome: str
    sentence: str
    facts: dict[str, Any]
    at: Any


_OWN = Prepared(lambda pk: latest(Evidence.objects.filter(item_id=pk)).values_list(*Row._fields), UUID)
_ALL = Prepared(lambda pk: latest(Evidence.objects.filter(item__product_id=pk)).values_list(*Row._fields), UUID)


class Evidences:
    """The newest evidence of each check, by item, as it was at the first question: it changes with the item's own next
    move, so a claim need not ask for it again.
    """

    def __init__(self, held: Lease) -> None:
        self._held = held
        self._own: Items | None = None
        self._all: Items | None = None

    def __call__(self, slug: str, region: str = "") -> list[PastResult]:
        """That of one item of the held one's product, oldest first."""
        item = self._held.item
        if (slug, region) == (item.slug, item.region):
            self._own = self._read(_OWN(item.pk)) if self._own is None else self._own
            return self._own.get((slug, region), [])
        self._all = self._read(_ALL(item.product_id)) if self._all is None else self._all
        return self._all.get((slug, region), [])

    def _read(self, rows: list[tuple[Any, ...]]) -> Items:
        found: Items = defaultdict(list)
        for row in standing([Row(*row) for row in rows]):
            found[row.item__slug, row.item__region].append(self._past(row))
        return found

    def _past(self, row: Row) -> PastResult:
        now, own = self._held.now(), self._held.item
        return PastResult(
            check=row.check_name,
            outcome=Outcome(row.outcome),
            sentence=row.sentence,
            facts=row.facts,
            at=row.at,
            age=now - row.at,
            current=(row.item_id, row.run_id, row.attempt) == (own.pk, own.run_id, own.attempt),
        )
