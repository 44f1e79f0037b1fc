"""Looking into a product's accounts before any run: read-only sessions, and a context like the one that steps get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from onboarding.aws import sessions
from onboarding.aws.clients import RegionClients
from onboarding.checklist.step import Answer, Context, Outcome
from onboarding.engine.context import arn_for, home, resolver, side_by_side
from onboarding.models import Resource, ResourceState
from onboarding.preflight.findings import Closed, Finding
from onboarding.things.base import Observation, Ownership, State, Thing
from onboarding.things.setting import PreviousValue
from onboarding.things.zones import NO_MARK, Zones
from sellers.models import Connection, Product
from sellers.models.choices import ConnectionState
from sellers.spec import OnboardSpec, RegionChoices
from sellers.spec_writer import spec_of

ROLES = ("service", "certificates", "dns", "buyer_test")


class Look:
    """One Check now. All of the database is read when it is made, so that looks may go side by side."""

    def __init__(self, product: Product) -> None:
        self.spec: OnboardSpec = spec_of(product)
        self.product_id, self.owner, self.slug = str(product.pk), str(product.seller_id), product.slug
        self.purpose = f"plc-{product.seller.slug}-plan"[:64]
        proven = Connection.objects.filter(seller_id=product.seller_id, state=ConnectionState.PROVEN)
        self._external = dict(proven.values_list("role_arn", "external_id"))
        things = Resource.objects.filter(product=product).exclude(state=ResourceState.GONE).exclude(aws_id="")
        self.ours = set(things.order_by().values_list("aws_id", flat=True))

    def roles(self) -> list[str]:
        """The roles in use; one that another stands for is asked once."""
        arns = {role: arn_for(self.spec, role) for role in ROLES}
        return [role for at, role in enumerate(ROLES) if arns[role] and arns[role] not in list(arns.values())[:at]]

    def doors(self, role: str, region: str) -> RegionClients:
        """The read-only door of a role. Raises Closed for a role without a proven connection."""
        return self._door(role, region, read_only=True)

    def writing(self, region: str) -> RegionClients:
        """The service role's door as a run has it, for dry runs: outside a run the gate lets nothing else through."""
        return self._door("service", region, read_only=False)

    def context(self, region: str = "") -> Context:
        """What a step would be told of this region, before anything was made."""
        return Context(
            product_id=self.product_id,
            owner=self.owner,
            spec=self.spec,
            region=region,
            outputs={},
            answer=Answer(),
            doors=self.doors,
            probe=None,
            side_by_side=side_by_side,
            evidence=lambda slug, region: (),
            dns=resolver(),
            now=timezone.now(),
            writes=False,
        )

    def _door(self, role: str, region: str, *, read_only: bool) -> RegionClients:
        arn = arn_for(self.spec, role)
        if arn not in self._external:
            words = f"The AWS connection {arn} is not proven." if arn else "The product lacks an AWS connection."
            raise Closed(words, "Test it on the Connections page, then check again.")
        key = sessions.Role(arn=arn, external_id=self._external[arn], purpose=self.purpose, read_only=read_only)
        return sessions.door(key, region or home(self.spec))


@dataclass
class RegionSnapshot:
    """`zones` are the region's zone ids by this account's names; `facts` is what a changed account changes."""

    look: Look
    region: str
    door: RegionClients
    zones: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def choices(self) -> RegionChoices:
        """What the seller chose for this region."""
        return self.look.spec.regions[self.region]

    def ids(self, names: list[str]) -> list[str]:
        """The zone ids of these names, sorted."""
        return sorted({self.zones[name] for name in names if name in self.zones})

    def before(self, what: PreviousValue) -> str:
        """What stands there now, "" for nothing; kept among the facts, from which the plan's rows know it as a run."""
        value = what.look(self.door)
        self.facts.setdefault("before", []).append([what.kind, what.target, what.name, value])
        return value

    def finding(self, outcome: Outcome, slug: str, sentence: str, *guide: str) -> Finding:
        """A finding about this region."""
        return Finding(outcome=outcome, sentence=sentence, region=self.region, slug=slug, guide=guide)

    def mark(self, slug: str, key: str) -> Ownership:
        """The mark that a first run would give a thing, without its tags: enough for its name."""
        where = f"{self.look.product_id}/{self.region}/{slug}/{key}/g1"
        return Ownership(item=where, token="", label=self.look.slug, tags={})


def snapshot_region(look: Look, region: str) -> RegionSnapshot:
    """The region, its zones asked of AWS. Raises ClientError if it may not be looked at."""
    door = look.doors("service", region)
    seen = Zones(key="zones").make(door, NO_MARK)
    zones = dict(zip(seen.values["names"], seen.values["ids"], strict=True))
    return RegionSnapshot(
        look, region, door, zones, {"zones": sorted([zone_id, name] for name, zone_id in zones.items())}
    )


def judged(ground: RegionSnapshot, slug: str, thing: Thing, seen: Observation) -> Iterator[Finding]:
    """What stands against a thing that the seller chose, and what should be known of it."""
    if seen.state is State.GONE:
        yield ground.finding(Outcome.FAIL, slug, seen.sentence)
        return
    for sentence in thing.judge(seen):
        yield ground.finding(Outcome.FAIL, slug, sentence)
    for sentence in seen.warnings:
        yield ground.finding(Outcome.WARN, slug, sentence)
