"""The evidence that a step may ask for, read at most twice a claim: its own item's, and that of the whole product."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple
from uuid import UUID

from onboarding.engine.claim import Held
from onboarding.evidence import latest, standing
from onboarding.models import Evidence
from onboarding.steps.base import Outcome, Past
from sellers.prepared import Prepared

Items = dict[tuple[str, str], list[Past]]


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

    def __init__(self, held: Held) -> None:
        self._held = held
        self._own: Items | None = None
        self._all: Items | None = None

    def __call__(self, slug: str, region: str = "") -> list[Past]:
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

    def _past(self, row: Row) -> Past:
        now, own = self._held.now(), self._held.item
        return Past(
            check=row.check_name, outcome=Outcome(row.outcome), sentence=row.sentence, facts=row.facts, at=row.at,
            age=now - row.at,
            current=(row.item_id, row.run_id, row.attempt) == (own.pk, own.run_id, own.attempt),
        )  # fmt: skip
