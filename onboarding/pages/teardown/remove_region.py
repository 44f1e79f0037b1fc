"""A region leaves a product: only when nothing of ours is there, so that nothing is left behind and none comes back."""

from __future__ import annotations

from django.db import transaction

from onboarding.checklist.words import counted
from onboarding.engine.counters import recount, touch
from onboarding.engine.history import record_event
from onboarding.models import Item, ItemState, Resource, ResourceState
from onboarding.pages.teardown.preview import takedown
from sellers.models import Product, User

IDLE = (ItemState.TODO, ItemState.CANCELLED, ItemState.UNDONE, ItemState.NOT_NEEDED)
BEGUN = "its steps have begun"


def leave(product: Product, region: str, by: User | None) -> str:
    """Take the region off the product. Otherwise says why it stays, as a part of a sentence: "still has 3 things"."""
    with transaction.atomic():
        touch(product.pk)
        if left := _left(product, region):
            return left
        items = list(Item.objects.filter(product=product, region=region))
        here = Item.objects.filter(pk__in=[item.pk for item in items])
        idle = here.filter(state__in=IDLE, lease_owner__isnull=True)
        if idle.update(state=ItemState.NOT_NEEDED, next_check_at=None) != len(items):
            transaction.set_rollback(True)
            return BEGUN
        for item in items:
            if item.state != ItemState.NOT_NEEDED:
                record_event(item, by, "item", item.state, ItemState.NOT_NEEDED, "The product left this region.")
        product.regions.filter(region=region).delete()
        recount(product.pk)
    return ""


def _left(product: Product, region: str) -> str:
    if not Resource.objects.filter(product=product, item__region=region).exclude(state=ResourceState.GONE).exists():
        return ""
    things = takedown(product, region).count  # the number that the preview of a teardown shows
    return f"still has {counted(things, 'thing')}" if things else BEGUN
