"""Which items a product has: the steps that apply, over each of its regions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from onboarding.models import Event, Item, ItemState, Run
from onboarding.steps import checklist
from onboarding.steps.base import Scope
from sellers.spec import OnboardSpec


@cache
def needs() -> dict[str, tuple[str, ...]]:
    """slug -> the slugs that it stands on, from the steps' classes."""
    return {step.slug: tuple(need.slug for need in step.needs) for step in checklist()}


def nodes(spec: OnboardSpec) -> list[tuple[str, str]]:
    """(slug, region) of every item that a product with this spec has, in the order of the checklist."""
    found = []
    for step in checklist():
        if step.applies(spec):
            found += [(step.slug, r) for r in (spec.regions if step.scope is Scope.REGION else [""])]
    return found


def lay_out(run: Run, spec: OnboardSpec) -> list[Item]:
    """The product's items, the missing ones created, in no run yet. One that no longer applies becomes not needed,
    unless it holds things.
    """
    wanted = nodes(spec)
    kept = {(item.slug, item.region): item for item in Item.objects.filter(product_id=run.product_id)}
    new = [
        Item(seller_id=run.seller_id, product_id=run.product_id, slug=slug, region=region)
        for slug, region in wanted
        if (slug, region) not in kept
    ]
    Item.objects.bulk_create(new)
    _retire(run, [item for node, item in kept.items() if node not in set(wanted)])
    return [kept[node] for node in wanted if node in kept] + new


def _retire(run: Run, items: Iterable[Item]) -> None:
    idle = [item for item in items if item.state in (ItemState.TODO, ItemState.UNDONE, ItemState.CANCELLED)]
    Item.objects.filter(pk__in=[item.pk for item in idle]).update(state=ItemState.NOT_NEEDED, next_check_at=None)
    Event.objects.bulk_create(
        Event(
            at=run.started_at, seller_id=run.seller_id, product_id=run.product_id, item_id=item.pk, run_id=run.pk,
            what="item", before=item.state, after=ItemState.NOT_NEEDED,
        )
        for item in idle
    )  # fmt: skip
