"""A region leaves a product: only when nothing of ours is there, so that nothing is left behind and none comes back."""

from __future__ import annotations

from django.db import transaction

from onboarding.checklist.words import counted
from onboarding.engine.counters import touch
from onboarding.engine.transition import apply
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
        items = Item.objects.filter(product=product, region=region)
        if items.exclude(state__in=IDLE, lease_owner__isnull=True).exists():
            return BEGUN
        told = "The product left this region."
        apply(list(items), ItemState.NOT_NEEDED, columns={"next_check_at": None}, by=by, sentence=told)
        product.regions.filter(region=region).delete()
    return ""


def _left(product: Product, region: str) -> str:
    if not Resource.objects.filter(product=product, item__region=region).exclude(state=ResourceState.GONE).exists():
        return ""
    things = takedown(product, region).count  # the number that the preview of a teardown shows
    return f"still has {counted(things, 'thing')}" if things else BEGUN
