"""Evidence: what a step's checks saw, written with the item's move, and read by later steps, at most twice a claim."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet

from onboarding.checklist.results import DRIFT
from onboarding.checklist.step import CheckResult, Outcome, PastResult
from onboarding.engine.lease import Lease
from onboarding.models import Evidence
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
            if self._own is None:
                self._own = self._read(Evidence.objects.filter(item=item.pk))
            return self._own.get((slug, region), [])
        if self._all is None:
            self._all = self._read(Evidence.objects.filter(item__product=item.product_id))
        return self._all.get((slug, region), [])

    def _read(self, rows: QuerySet[Evidence]) -> Items:
        found: Items = defaultdict(list)
        for row in standing([Row(*row) for row in latest(rows).values_list(*Row._fields)]):
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


def evidence_rows(held: Lease, proofs: Sequence[CheckResult]) -> list[Evidence]:
    """Rows of a step's proofs, not saved, each with the SHA-256 of its facts."""
    return [
        Evidence(
            item=held.item,
            run_id=held.item.run_id,
            attempt=held.item.attempt,
            check_name=proof.check[:320],
            outcome=proof.outcome,
            sentence=proof.sentence,
            facts=dict(proof.facts),
            at=held.now(),
            build=settings.BUILD,
            account=str(proof.facts.get("account", ""))[:12],
            sha256=hashlib.sha256(json.dumps(dict(proof.facts), sort_keys=True, default=str).encode()).hexdigest(),
        )
        for proof in proofs
    ]


def news(held: Lease, rows: Sequence[Evidence]) -> list[Evidence]:
    """Those rows that say something else than the newest of their check in this attempt, or that are a day older: a
    wait that is looked at every few seconds does not fill the table.
    """
    if not rows:
        return []
    mine = Evidence.objects.filter(item=held.item, run_id=held.item.run_id, attempt=held.item.attempt)
    mine = mine.filter(at__gt=held.now() - timedelta(days=1))
    known: dict[str, tuple[str, str, str]] = {}
    for check, *said in mine.order_by("id").values_list("check_name", "outcome", "sentence", "sha256"):
        known[check] = (said[0], said[1], said[2])
    return [row for row in rows if known.get(row.check_name) != (row.outcome, row.sentence, row.sha256)]
