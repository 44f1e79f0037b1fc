"""The rows of a product's plan, by a dry drive of its checklist: nothing is called or written (features 12, 13).

The engine itself decides in the same way: what the inventory has is reused, settings are set again, what
a converging kind no longer wants is removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from onboarding.models import Resource
from onboarding.plan import commands, manual
from onboarding.plan.commands import mark
from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.plan.facts import Known, Looked, Zones, known
from onboarding.plan.rows import Row, Sign
from onboarding.plan.variables import ANY
from onboarding.steps import by_slug, checklist
from onboarding.things import kinds
from onboarding.things.base import Idempotency

NAMED = {
    "load_balancer": ("nlb", 32),
    "target_group": ("tg", 32),
    "security_group": ("sg", 120),
    "endpoint_group": ("sg", 120),
}


def title(facts: Known, one: Yielded) -> str:
    """The chosen id, what a rule, setting or record says, or the name that the thing gets."""
    thing: Any = one.thing
    if thing.given:
        return str(thing.given)
    if said := _said(thing):
        return said
    found = mark(facts, one)
    if one.thing.kind in NAMED:
        kind, limit = NAMED[one.thing.kind]
        return found.name(kind, limit)
    return re.sub(r"[ -]{2,}", " ", ANY.sub("", found.tags["Name"])).strip(" -")


def _said(thing: Any) -> str:
    match thing.kind:
        case "security_rule" | "endpoint_rule":
            return f"TCP {thing.from_port} from {_source(thing)}"
        case "record":
            return f"{thing.type} {ANY.sub('…', thing.name)}"
        case "principal" | "trial_principal":
            return str(thing.principal)
        case "target":
            return f"{ANY.sub('the instance', thing.target_id)}:{thing.port}"
        case "certificate":
            return ", ".join(thing.names)
        case "listener":
            return f"{thing.protocol} {thing.port}"
        case "private_dns_verification":
            return str(thing.name)
        case _:
            return f"{thing.name}: {thing.value}" if hasattr(thing, "old") else ""


def _source(thing: Any) -> str:
    if thing.source_group_id:
        return ANY.sub("the load balancer's security group", thing.source_group_id)
    return ANY.sub("the VPC's range", thing.cidr)


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
    if one.thing.kind == "instance" and sign is Sign.CREATE and not _offered(one, walk):
        yield f"A zone in which AWS does not offer {one.thing.params()['instance_type']} gets no target."
    if sign is Sign.CHANGE and one.row is None:
        old = getattr(one.thing, "old", "")
        first = f"It is {old} now" if old else "Left as it is if it is so already"
        yield f"{first}; the earlier value is put back by a teardown."
    if one.thing.kind == "listener" and sign is Sign.CREATE and _unseen(one, walk):
        yield (
            "If the load balancer has one on this port, the run takes it with its target group, makes neither, and "
            "adds the targets that it lacks. Check now looks."
        )
    if sign is Sign.CHANGE and one.row is not None and one.thing.idempotency is not Idempotency.SET:
        yield (
            f"{one.row.aws_id} was made with other inputs, and nothing that exists is changed silently: put the input "
            "back, or tear this region down first."
        )
    if "$NAME_SERVER" in str(one.thing.params()):
        yield "Seller Operations give the name servers; the run waits for them."
    if one.thing.kind == "record" and walk.spec.connections.dns is None and sign is Sign.CREATE:
        yield "Set by a run if the account holds the live zone of the name; otherwise it is shown for you to set."


def _unseen(one: Yielded, walk: DryRun) -> bool:
    """Whether the load balancer is the seller's, and nobody has looked which listeners it has."""
    given = walk.spec.regions[one.region].load_balancer.arn
    return bool(given) and not any(key[:2] == (one.region, "listener_before") for key in walk.known.looked)


def _offered(one: Yielded, walk: DryRun) -> bool:
    """Whether somebody has looked in which zones the instance type is offered."""
    kind = str(one.thing.params()["instance_type"])
    return walk.known.live((one.slug, one.region, "instance_offer", kind)) is not None


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
