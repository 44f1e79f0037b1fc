"""A product many times: what pages cost when a seller has a thousand of them."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import TypeVar
from uuid import uuid4

from django.db.models import Model

from onboarding.models import Item, Progress
from sellers.models import Product, ProductRegion

Row = TypeVar("Row", bound=Model)
AT_ONCE = 2_000


def copies(product: Product, count: int, items: Iterable[Item] | None = None) -> list[Product]:
    """So many copies of a started product with its regions, counters and items (or only these of its items)."""
    found = list(product.items.all()) if items is None else list(items)
    progress = Progress.objects.get(product=product)
    made = [_like(product, name=f"Copy {number:04}", slug=f"copy-{number:04}") for number in range(count)]
    Product.objects.bulk_create(made, AT_ONCE)
    regions = list(product.regions.all())
    fresh = [_like(region, product=one) for one in made for region in regions]
    ProductRegion.objects.bulk_create(fresh, AT_ONCE)
    Progress.objects.bulk_create([_of(progress, one) for one in made], AT_ONCE)
    Item.objects.bulk_create((_like(item, product=one, run=None) for one in made for item in found), AT_ONCE)
    return made


def _like(row: Row, **other: object) -> Row:
    """A row that is not yet stored, with other values in these fields."""
    new = copy(row)
    new._state = copy(row._state)
    new._state.adding, new._state.fields_cache = True, {}
    new.pk = None if type(row.pk) is int else uuid4()
    for field, value in other.items():
        setattr(new, field, value)
    return new


def _of(progress: Progress, product: Product) -> Progress:
    new = _like(progress)
    new.product = product
    return new
