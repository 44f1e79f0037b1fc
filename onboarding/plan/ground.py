"""One region of the account, as it is before a run: its zones, and what of the seller's is used there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from onboarding.aws.door import Door
from onboarding.plan.findings import Finding
from onboarding.plan.look import Look
from onboarding.steps.base import Outcome
from onboarding.things.base import Mark, Seen, State, Thing
from onboarding.things.setting import Before
from onboarding.things.zones import NO_MARK, Zones
from sellers.spec import RegionChoices


@dataclass
class Ground:
    """`zones` are the region's zone ids by this account's names; `facts` is what a changed account changes."""

    look: Look
    region: str
    door: Door
    zones: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def choices(self) -> RegionChoices:
        """What the seller chose for this region."""
        return self.look.spec.regions[self.region]

    def ids(self, names: list[str]) -> list[str]:
        """The zone ids of these names, sorted."""
        return sorted({self.zones[name] for name in names if name in self.zones})

    def before(self, what: Before) -> str:
        """What stands there now, "" for nothing; kept among the facts, from which the plan's rows know it as a run."""
        value = what.look(self.door)
        self.facts.setdefault("before", []).append([what.kind, what.target, what.name, value])
        return value

    def finding(self, outcome: Outcome, slug: str, sentence: str, *guide: str) -> Finding:
        """A finding about this region."""
        return Finding(outcome=outcome, sentence=sentence, region=self.region, slug=slug, guide=guide)

    def mark(self, slug: str, key: str) -> Mark:
        """The mark that a first run would give a thing, without its tags: enough for its name."""
        where = f"{self.look.product_id}/{self.region}/{slug}/{key}/g1"
        return Mark(item=where, token="", label=self.look.slug, tags={})


def stand_on(look: Look, region: str) -> Ground:
    """The region, its zones asked of AWS. Raises ClientError if it may not be looked at."""
    door = look.doors("service", region)
    seen = Zones(key="zones").make(door, NO_MARK)
    zones = dict(zip(seen.values["names"], seen.values["ids"], strict=True))
    return Ground(look, region, door, zones, {"zones": sorted([zone_id, name] for name, zone_id in zones.items())})


def judged(ground: Ground, slug: str, thing: Thing, seen: Seen) -> Iterator[Finding]:
    """What stands against a thing that the seller chose, and what should be known of it."""
    if seen.state is State.GONE:
        yield ground.finding(Outcome.FAIL, slug, seen.sentence)
        return
    for sentence in thing.judge(seen):
        yield ground.finding(Outcome.FAIL, slug, sentence)
    for sentence in seen.warnings:
        yield ground.finding(Outcome.WARN, slug, sentence)
