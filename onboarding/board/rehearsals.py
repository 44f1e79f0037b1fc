"""What each region's rehearsal saw, stage by stage, from the buyer's account (S47, S49)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from onboarding.board.history import OUTCOMES
from onboarding.board.times import Moment, age
from onboarding.board.words import Mark
from onboarding.models import Evidence


@dataclass(frozen=True)
class Stage:
    """One check of a rehearsal."""

    mark: Mark
    sentence: str


@dataclass(frozen=True)
class Rehearsal:
    """The last rehearsal in one region. A verdict that repeats the words of its stage is said once."""

    region: str
    url: str
    age: Moment | None
    stages: list[Stage]


def rehearsals(regions: Sequence[str], evidence: Iterable[Evidence]) -> list[Rehearsal]:
    """Those of the regions that have been rehearsed, each with the checks of its last attempt; no query."""
    mine: dict[str, list[Evidence]] = {}
    for row in evidence:
        if row.item.slug == "rehearsal":
            mine.setdefault(row.item.region, []).append(row)
    return [_rehearsal(region, mine[region]) for region in regions if region in mine]


def _rehearsal(region: str, rows: Sequence[Evidence]) -> Rehearsal:
    last = rows[-1]
    stages = [row for row in rows if (row.run_id, row.attempt) == (last.run_id, last.attempt)]
    return Rehearsal(
        region=region,
        url=reverse("onboarding:item", args=[last.item_id]),
        age=age(last.at),
        stages=list(dict.fromkeys(Stage(OUTCOMES[row.outcome], row.sentence) for row in stages)),
    )
