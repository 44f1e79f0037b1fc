"""The rows of a product's plan, by a dry drive of its checklist: nothing is called or written (features 12, 13).

The engine itself decides in the same way: what the inventory has is reused, settings are set again, what
a converging kind no longer wants is removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from onboarding.models import Resource
from onboarding.plan import commands, manual
from onboarding.plan.commands import mark
from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.plan.facts import Known, Looked, Zones, known
from onboarding.plan.rows import Row, Sign
from onboarding.steps import by_slug, checklist
from onboarding.things import kinds
from onboarding.things.base import Idempotency
from onboarding.things.variables import ANY
from sellers.spec import OnboardSpec


def title(facts: Known, one: Yielded) -> str:
    """The chosen id, what a rule, setting or record says, or the name that the thing gets."""
    thing = one.thing
    if thing.given:
        return thing.given
    if said := thing.describe():
        return said
    found, (part, limit) = mark(facts, one), thing.named
    return found.name(part, limit) if part else re.sub(r"[ -]{2,}", " ", ANY.sub("", found.tags["Name"])).strip(" -")


LONG = ("user_data",)  # shown in the command alone


def rows(product: Any, zones: Zones | None = None, looked: Looked | None = None) -> list[Row]:
    """What a run would create, reuse, change or delete, in the order of the checklist.

    `zones` (region -> pairs of zone id and name) tells the zones of regions that nobody has looked at yet; without
    them a subnet stands for one in each zone (`values["per_zone"]`). `looked` tells what stands on the things that the
    seller chose; without it the rows show what a run does where nothing does. Raises ValueError without a connection.
    """
    return rows_of(known(product, zones, looked))


def rows_of(facts: Known) -> list[Row]:
    """The rows of a product that was read already."""
    hands, walk = manual.walked(facts)
    found = [*_things(facts, hands, walk), *_records(walk), *_stuck(walk)]
    found += _surplus(facts, walk)
    order = {step.slug: number for number, step in enumerate(checklist())}
    regions = {region: number for number, region in enumerate(["", *facts.spec.regions])}
    found.sort(key=lambda row: (order.get(row.slug, len(order)), regions.get(row.region, len(regions))))
    return found


def _things(facts: Known, hands: DryRun | None, walk: DryRun) -> list[Row]:
    """What the run makes and what a person makes, in the order in which it is made."""
    found = [(one, _made(facts, one, walk)) for one in walk.yielded if _shown(one, walk)]
    if hands is None:
        return [row for _, row in found]
    found += [(one, _by_hand(facts, one, hands)) for one in manual.added(hands, walk)]
    ranks: dict[object, int] = {}
    for one in (*hands.yielded, *walk.yielded):
        ranks.setdefault(one.key, len(ranks))
    return [row for _, row in sorted(found, key=lambda pair: ranks[pair[0].key])]


def _shown(one: Yielded, walk: DryRun) -> bool:
    """A fact is looked up and nothing is made; what a person makes has a row of its own."""
    if one.sign is Sign.BY_HAND or walk.names.within(one.thing.given):
        return False
    return one.thing.idempotency is not Idempotency.READ or bool(one.thing.given)


def _made(facts: Known, one: Yielded, walk: DryRun) -> Row:
    told = commands.making(facts, one, walk.names) if one.sign is not Sign.REUSE else ()
    return row(facts, one, walk, one.sign, told)


def _by_hand(facts: Known, one: Yielded, hands: DryRun) -> Row:
    """Of a choice that is manual and has no answer yet."""
    return row(facts, one, hands, Sign.BY_HAND, commands.making(facts, one, hands.names, ours=False))


def row(facts: Known, one: Yielded, walk: DryRun, sign: Sign, told: tuple[str, ...]) -> Row:
    """The row of one thing that a step asked for."""
    each = one.seen.id in walk.for_each
    values = {name: value for name, value in one.thing.params().items() if name not in LONG}
    return Row(
        slug=one.slug,
        region=one.region,
        sign=sign,
        kind=one.thing.kind,
        words=f"{one.thing.words} in each Availability Zone" if each else one.thing.words,
        name=f"{facts.product.slug} {one.thing.kind}s" if each else title(facts, one),
        aws_id=one.seen.id if sign is Sign.REUSE else "",
        guide=by_slug()[one.slug].guide,
        commands=told,
        warnings=tuple(_warnings(one, walk, sign, each)),
        values={**values, "account": one.account, "per_zone": each},
    )


def _warnings(one: Yielded, walk: DryRun, sign: Sign, each: bool) -> Iterator[str]:
    yield from one.seen.warnings
    if each:
        yield "One for each Availability Zone of the Region. The first run looks which there are."
    if sign is Sign.CHANGE and one.row is None:
        old = getattr(one.thing, "old", "")
        first = f"It is {old} now" if old else "Left as it is if it is so already"
        yield f"{first}; the earlier value is put back by a teardown."
    if sign is Sign.CHANGE and one.row is not None and one.thing.idempotency is not Idempotency.SET:
        yield (
            f"{one.row.aws_id} was made with other inputs, and nothing that exists is changed silently: put the input "
            "back, or tear this region down first."
        )
    if "$NAME_SERVER" in str(one.thing.params()):
        yield "Seller Operations give the name servers; the run waits for them."
    if sign is Sign.CREATE:
        yield from one.thing.warnings(_Known(one, walk))


@dataclass(frozen=True)
class _Known:
    """What is known of a thing's Region."""

    one: Yielded
    walk: DryRun

    @property
    def spec(self) -> OnboardSpec:
        return self.walk.spec

    @property
    def region(self) -> str:
        return self.one.region

    def recorded(self, kind: str, key: str) -> bool:
        return self.walk.known.live((self.one.slug, self.region, kind, key)) is not None

    def looked(self, kind: str) -> bool:
        return any(key[:2] == (self.region, kind) for key in self.walk.known.looked)


def _records(walk: DryRun) -> Iterator[Row]:
    """The DNS records that a person sets, where the product has no DNS connection."""
    if walk.spec.connections.dns != "none":
        return
    for (slug, region), made in walk.outputs.items():
        for record in _set_by_hand(walk, slug, made):
            yield Row(
                slug=slug,
                region=region,
                sign=Sign.BY_HAND,
                kind="record",
                words="DNS record",
                name=f"{record['type']} {record['name']}",
                guide=by_slug()[slug].guide,
                values=dict(record),
                warnings=("Set by you: the DNS page shows it with its value when the step comes to it.",),
            )


def _set_by_hand(walk: DryRun, slug: str, made: Any) -> list[dict[str, Any]]:
    if slug == "validation":
        return list(made.records)
    if slug == "private_dns":
        return [made.record]
    if slug == "delegation":
        name = walk.spec.product.friendly_dns_name or ""
        return [{"type": "NS", "name": name, "values": list(made.servers), "ttl": 300}]
    return []


def _stuck(walk: DryRun) -> Iterator[Row]:
    """A step that cannot be driven to its end, in its own words."""
    for (slug, region), sentence in walk.troubles.items():
        step = by_slug()[slug]
        if step.kinds:
            yield Row(
                slug=slug,
                region=region,
                sign=Sign.CREATE,
                kind=step.kinds[-1].kind,
                words=step.title,
                name=step.doing,
                guide=step.guide,
                warnings=(sentence,),
            )


def _surplus(facts: Known, walk: DryRun) -> Iterator[Row]:
    """What exists and is not wanted any more: of converging kinds, and of regions that the product has left."""
    wanted = {one.key for one in walk.yielded}
    driven = {node for node in walk.outputs if node not in walk.troubles}
    for key, found in facts.inventory.items():
        kind = kinds().get(found.kind)
        if kind is None or kind.idempotency is Idempotency.READ or facts.live(key) is None or key in wanted:
            continue
        left = bool(key[1]) and key[1] not in facts.spec.regions
        if (kind.converges and key[:2] in driven) or (left and found.managed):
            yield _delete(key, found, left)


def _delete(key: tuple[str, str, str, str], found: Resource, left: bool) -> Row:
    step = by_slug().get(key[0])
    said = (f"The product has left {key[1]}: a teardown of that Region removes it, a run does not.",)
    return Row(
        slug=key[0],
        region=key[1],
        sign=Sign.DELETE,
        kind=found.kind,
        words=kinds()[found.kind].words,
        name=found.logical_key,
        aws_id=found.aws_id,
        guide=step.guide if step else (),
        commands=commands.removing(found),
        warnings=said if left else (),
        values={**{k: v for k, v in found.params.items() if k not in LONG}, "account": found.account},
    )
