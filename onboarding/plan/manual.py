"""Choices that a person makes by hand: two drives, one as if we made it, one as if the ids were given already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.plan.facts import Known, Node
from onboarding.plan.rows import Sign
from onboarding.steps import by_slug, checklist
from onboarding.steps.access import Access
from onboarding.steps.network import Network
from onboarding.things.base import Idempotency
from onboarding.things.variables import Variables
from sellers.spec import OnboardSpec

CREATE: Mapping[str, Any] = {"mode": "create"}


def walked(known: Known, only: Node | None = None) -> tuple[DryRun | None, DryRun]:
    """The drive in which we make what a person is to make by hand (None if nothing is), and the one of the product.

    Both share their variables. With `only`, other choices count as answered, and that one does not. As if we made it
    means with a role that may change things, also where ours only reads.
    """
    spec, open_ = answered(known, only)
    able = replace(known, evidence=lambda slug, at: () if slug == Access.slug else known.evidence(slug, at))
    names = Variables(many=len(spec.regions) > 1)
    others = [node for node in open_ if only is not None and node != only]
    if others:
        before = DryRun.of(able, chosen(spec, {node: CREATE for node in open_}), names)
        spec, open_ = chosen(spec, _filled(before, others)), [only] if only in open_ else []
    if not open_:
        return None, DryRun.of(known, spec, names)
    hands = DryRun.of(able, chosen(spec, {node: CREATE for node in open_}), names)
    networks = {node for node in open_ if node[0] == Network.slug}
    return hands, DryRun.of(known, chosen(spec, _filled(hands, open_)), names, networks)


def added(hands: DryRun, walk: DryRun) -> Sequence[Yielded]:
    """The things that are made by hand: those that only the first drive has, and of networks what is chosen."""
    there = {one.key for one in walk.yielded if not one.thing.given and one.sign is not Sign.BY_HAND}
    return [
        one
        for one in hands.yielded
        if one.key not in there and not one.thing.given and one.thing.idempotency is not Idempotency.READ
    ]


def _filled(hands: DryRun, nodes: Iterable[Node]) -> dict[Node, Mapping[str, Any]]:
    """The choices as if they were answered with what was made. A network is planned as if we made it: in which zones
    its subnets will stand is not known, and all else hangs on them.
    """
    return {node: CREATE if node[0] == Network.slug else {**given(hands, node), "mode": "existing"} for node in nodes}


def answered(known: Known, only: Node | None = None) -> tuple[OnboardSpec, list[Node]]:
    """The spec with the answers to manual choices filled in, and the (slug, region) of those that have none."""
    filled: dict[Node, Mapping[str, Any]] = {}
    open_: list[Node] = []
    for step in checklist():
        for region, choices in known.spec.regions.items() if step.choice else ():
            if getattr(choices, step.choice).mode != "manual":
                continue
            node = (step.slug, region)
            values = known.answer(node).values
            ids = {ask.field: _value(values[ask.field]) for ask in step.inputs if ask.field in values}
            if ids and node != only:
                filled[node] = {**ids, "mode": "existing"}
            else:
                open_.append(node)
    return chosen(known.spec, filled), open_


def chosen(spec: OnboardSpec, changes: Mapping[Node, Mapping[str, Any]]) -> OnboardSpec:
    """The spec with these parts of its regions' choices replaced, unchecked: variables are no ids yet."""
    regions = dict(spec.regions)
    for (slug, region), change in changes.items():
        part = by_slug()[slug].choice
        new = getattr(regions[region], part).model_copy(update=dict(change))
        if slug == Network.slug and change.get("mode") == "create" and not new.cidr:
            new = new.model_copy(update={"cidr": "10.0.0.0/16"})
        regions[region] = regions[region].model_copy(update={part: new})
    return spec.model_copy(update={"regions": regions})


def given(hands: DryRun, node: Node) -> dict[str, Any]:
    """The ids of what was made, as the answer to the step's asks would give them."""
    slug, region = node
    step = by_slug()[slug]
    made = hands.outputs.get(((step.manual_outputs or step).slug, region))
    found: dict[str, Any] = {}
    for ask in step.inputs:
        value = getattr(made, ask.output or ask.field, None)
        if value:
            found[ask.field] = value
    return found


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
