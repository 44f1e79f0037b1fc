"""The dry drive: the checklist's steps in order, each asked for its things, and answered from what is known.

No call to AWS or DNS is made and nothing is written: what exists is answered from the inventory, what does not exist
yet is predicted. A step that reads AWS while it says what it needs continues with its own `after_reads`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding.checklist.run import run
from onboarding.checklist.side_by_side import one_by_one
from onboarding.checklist.step import Build, Context, NeedsAction, Step, Wait
from onboarding.dns.answers import Home, Host, Reply
from onboarding.dns.resolver import Resolver, registered_domain
from onboarding.engine.context import arn_for, home
from onboarding.engine.inventory import seen_of
from onboarding.engine.schedule import nodes
from onboarding.models import Resource
from onboarding.plan.facts import Known, Node
from onboarding.plan.recorder import Closed, Undriven
from onboarding.plan.rows import Sign
from onboarding.steps import by_slug
from onboarding.things.base import Idempotency, Observation, Thing
from onboarding.things.place import Place
from onboarding.things.setting import NOTHING, PreviousValue, Setting
from onboarding.things.variables import Variables
from sellers import formats
from sellers.spec import OnboardSpec

# Of a network that a person makes: what they make, and what a run sets on it if it is not so.
BY_HAND = {"vpc": Sign.BY_HAND, "subnet": Sign.BY_HAND, "vpc_attribute": Sign.CHANGE}


@dataclass(frozen=True, kw_only=True)
class Yielded:
    """One thing that a step asked for: what is done about it, and what was answered. `row`: its row, if it exists."""

    slug: str
    region: str
    thing: Thing
    seen: Observation
    sign: Sign
    row: Resource | None
    account: str
    where: str  # the region in which it is made

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Its place in the inventory."""
        return (self.slug, self.region, self.thing.kind, self.thing.key)


@dataclass
class DryRun:
    """One dry drive of a product under `spec`. `troubles` are the items that could not be driven to their end, and why;
    `unseen` the regions whose zones nobody has looked at; `for_each` ids that stand for one in each zone of such.
    """

    known: Known
    spec: OnboardSpec
    names: Variables
    by_hand: set[Node] = field(default_factory=set)
    yielded: list[Yielded] = field(default_factory=list)
    outputs: dict[Node, Any] = field(default_factory=dict)
    troubles: dict[Node, str] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    for_each: set[str] = field(default_factory=set)
    _zone_of: dict[str, dict[str, str]] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, known: Known, spec: OnboardSpec, names: Variables, by_hand: Collection[Node] = ()) -> DryRun:
        """Drive every item of the checklist, needs first. In `by_hand` are the networks that a person makes."""
        found = cls(known, spec, names, set(by_hand))
        left_out = known.skipped()
        for slug, region in nodes(spec):
            if (slug, region) not in left_out:
                found._drive(by_slug()[slug], region)
        return found

    def _drive(self, step: Step[Any], region: str) -> None:
        node, ctx = (step.slug, region), self._context(step, region)
        try:
            try:
                self.outputs[node] = self._all_of(step, region, step.things(ctx))
            except Undriven:
                last = self.known.outputs.get(node)
                self.outputs[node] = self._all_of(step, region, step.after_reads(ctx, last, self.names))
        except (NeedsAction, Wait) as stopped:
            self.troubles[node] = self._trouble(step, region, stopped)
        if self.outputs.get(node) is None:
            self.outputs.pop(node, None)

    def _trouble(self, step: Step[Any], region: str, stopped: NeedsAction | Wait) -> str:
        """Why it stopped; of one that stands on another that stopped, only that."""
        for need in step.needs:
            if any(slug == need.slug and where in ("", region) for slug, where in self.troubles):
                return f"What this step makes is known once “{need.title}” can be planned."
        return f"{stopped.sentence} {getattr(stopped, 'cure', '')}".strip()

    def _all_of(self, step: Step[Any], region: str, build: Build[Any]) -> Any:
        made = run(build, lambda batch: [self._answer(step, region, thing) for thing in batch])
        return step.planned(made, self.names)

    def _answer(self, step: Step[Any], region: str, thing: Thing) -> Observation:
        account, where = self._account(thing.role or step.role), thing.region or region
        row = self.known.live((step.slug, region, thing.kind, thing.key))
        sign = self._sign((step.slug, region), thing, row)
        there = row is not None and (sign is Sign.REUSE or thing.idempotency is Idempotency.READ)
        seen = seen_of(row) if row is not None and there else self._foreseen(thing, self._place(step, where, account))
        if there and "zone_name" in seen.values:
            self._zone_of.setdefault(where, {})[seen.id] = str(seen.values["zone_name"])
        if thing.given:
            self._given.add(thing.given)
        elif where in self.unseen and _stands_in({*self.unseen, *self.for_each}, thing, where):
            self.for_each.add(seen.id)
        self.yielded.append(
            Yielded(
                slug=step.slug,
                region=region,
                thing=thing,
                seen=seen,
                sign=sign,
                row=row,
                account=account,
                where=where or home(self.spec),
            )
        )
        return seen

    def _foreseen(self, thing: Thing, place: Place) -> Observation:
        """What a look saw of the seller's own things, or what it will show."""
        if isinstance(thing, PreviousValue):
            value = self.known.looked.get((place.region, thing.kind, thing.target, thing.name))
            if value is not None:
                return Observation(id=value or NOTHING, values={"value": value})
        return thing.predict(place)

    def _sign(self, node: Node, thing: Thing, row: Resource | None) -> Sign:
        """As the engine would go about it (engine.ensure)."""
        if node in self.by_hand and thing.kind in BY_HAND:
            return BY_HAND[thing.kind]
        if row is not None and self._same(thing, row):
            return Sign.REUSE
        if thing.given:
            return Sign.REUSE
        if isinstance(thing, Setting) and thing.target in self._given:
            return Sign.CHANGE
        return Sign.CREATE if row is None or self.names.within(str(thing.params())) else Sign.CHANGE

    def _same(self, thing: Thing, row: Resource) -> bool:
        return thing.params() == row.params or thing.idempotency is Idempotency.READ or not thing.compare

    def _account(self, role: str) -> str:
        return formats.account_of(arn_for(self.spec, role))

    def _place(self, step: Step[Any], region: str, account: str) -> Place:
        where = region or home(self.spec)
        return Place(step.slug, where, account, self._zones(where), self.names, self._zone_of.setdefault(where, {}))

    def _zones(self, region: str) -> Sequence[tuple[str, str]]:
        if region in self.known.zones:
            return self.known.zones[region]
        self.unseen.add(region)
        line = f"aws ec2 describe-availability-zones --region {region} --query 'AvailabilityZones[0].ZoneId'"
        prefix = self.names.read("zone", region, f"{line} --output text | sed 's/-az.*//'")
        return [(f"{prefix}-az1", f"{prefix}-az1")]  # one for all of them, named like a zone's id

    def _context(self, step: Step[Any], region: str) -> Context:
        return Context(
            product_id=str(self.known.product.pk),
            owner=str(self.known.product.seller_id),
            spec=self.spec,
            region=region,
            outputs=self.outputs,
            answer=self.known.answer((step.slug, region)),
            doors=self._door,
            probe=None,
            side_by_side=one_by_one,
            evidence=self.known.evidence,
            dns=Nowhere(),
            now=self.known.held.now_at_claim,
            skipped=self.known.skipped(),
        )

    def _door(self, role: str, region: str) -> Closed:
        account = self._account(role)
        if not account:
            raise NeedsAction(f"The product has no AWS connection for “{role.replace('_', ' ')}”.")
        return Closed(account, region or home(self.spec))


def _stands_in(each: set[str], thing: Any, where: str) -> bool:
    """Whether a thing is one of each zone: a subnet that we make, or what stands in or behind such."""
    if thing.kind == "subnet":
        return where in each
    return getattr(thing, "subnet_id", "") in each or getattr(thing, "target_id", "") in each


class Nowhere(Resolver):
    """DNS that is not asked: a name's zone is taken to be that of its domain, and nothing stands in it."""

    def __init__(self) -> None:
        super().__init__([])

    def within(self, seconds: float = 0.0) -> Resolver:
        """Itself."""
        return self

    def home(self, name: str) -> Home:
        """The domain below the registry's."""
        return Home(apex=registered_domain(name) or name)

    def ask(self, host: Host, name: str, type: str) -> Reply:
        """No answer."""
        return Reply(server="")
