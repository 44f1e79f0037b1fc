"""Stored evidence as the readiness rules read it, and their standings in the words and colours of pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from onboarding.checklist.step import Outcome, PastResult
from onboarding.models import Evidence, Item, ItemState
from onboarding.pages.common.states import MARKS, Mark
from onboarding.submission.readiness import Everything, Known, ReadinessState

MARK_OF = {
    ReadinessState.PASS: MARKS[ItemState.DONE],
    ReadinessState.ATTESTED: Mark("Self-reported", "s-done", "fingerprint", 3),
    ReadinessState.WARN: Mark("Warning", "s-you", "user-exclamation", 4),
    ReadinessState.SKIPPED: MARKS[ItemState.SKIPPED],
    ReadinessState.STALE: Mark("Stale", "s-you", "user-exclamation", 8),
    ReadinessState.MISSING: MARKS[ItemState.TODO],
    ReadinessState.FAIL: MARKS[ItemState.FAILED],
}


def known(items: Sequence[Item], evidence: Iterable[Evidence]) -> Everything:
    """What readiness judges by: of every item that applies its newest evidence, or why it was skipped."""
    now = timezone.now()
    past: dict[object, list[PastResult]] = defaultdict(list)
    for row in evidence:
        past[row.item_id].append(
            PastResult(
                check=row.check_name,
                outcome=Outcome(row.outcome),
                sentence=row.sentence,
                facts=row.facts,
                at=row.at,
                age=now - row.at,
                current=False,
            )
        )
    return {
        (item.slug, item.region): Known(
            past=past[item.pk], skipped=item.state == ItemState.SKIPPED, why=item.skip_reason
        )
        for item in items
        if item.state not in (ItemState.NOT_NEEDED, ItemState.UNDONE)
    }
