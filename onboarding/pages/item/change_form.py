"""The inputs that a step reads, to be changed before it is tried again: the region's choice and the product's facts.

The form is the product form with everything but these as it is stored, so that the same rules judge the whole and
every problem has its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.forms import BoundField
from django.http import QueryDict

from onboarding.engine import commands
from onboarding.engine.signals import Blocked, DueItem
from onboarding.models import Item
from onboarding.steps import by_slug
from sellers.forms.product import ProductForm
from sellers.forms.regions import Resource
from sellers.models import Connection, Product, User

NAMES = ("product.friendly_dns_name", "product.private_dns_name")
LISTENER = ("product.listener.",)
FACTS: Mapping[str, tuple[str, ...]] = {
    "access": ("connections.",),
    "targets": ("product.listener.target_port",),
    "listener": LISTENER,
    "reach": LISTENER,
    "certificate_request": NAMES,
    "certificate": (*NAMES, "connections.certificates"),
    "validation": ("connections.dns",),
    "dns": ("connections.dns",),
    "private_dns": ("product.private_dns_name", "connections.dns"),
    "delegation": ("product.friendly_dns_name", "connections.dns"),
    "rehearsal": ("connections.buyer_test", "regions.{row}.rehearsal."),
    "name_servers": ("product.friendly_dns_name",),
    "submission": ("product.marketplace_product_id",),
}
OVER = "This step no longer needs a retry. Change its inputs under Setup; the next run reads them."


class ChangeForm(ProductForm):
    """The inputs of one item. `resource` is the region's choice, `facts` the product's values; other fields keep what
    is stored, whatever is sent.
    """

    def __init__(self, item: Item, data: QueryDict | None = None) -> None:
        self.item = item
        product = item.product
        self._links = list(Connection.objects.filter(seller_id=product.seller_id).select_related("seller"))
        typed = None if data is None else self._whole(product, data)
        super().__init__(typed, sellers=[product.seller], connections=self._links, product=product)

    def _whole(self, product: Product, data: QueryDict) -> QueryDict:
        """What was typed in the fields shown, and what is stored in all others."""
        stored = ProductForm(sellers=[product.seller], connections=self._links, product=product)
        shown = set(_shown(self.item, stored))
        whole = QueryDict(mutable=True)
        for name in stored.fields:
            if name in shown and name in data:
                whole[name] = str(data[name])
            elif name not in shown and (value := stored[name].value()) not in (None, "", False):
                whole[name] = "on" if value is True else str(value)
        for number, row in stored.stored.items():
            whole[f"regions.{number}.region"] = row.region
        return whole

    def resource(self) -> Resource | None:
        """The region's choice of this step, for the template."""
        choice, region = _choice(self.item), self.item.region
        rows = [row for row in self.region_rows() if row.stored and row.stored.region == region]
        return next((part for row in rows for part in row.resources if part.words.key == choice), None)

    def facts(self) -> list[BoundField]:
        """The other fields shown."""
        part = f".{choice}." if (choice := _choice(self.item)) else "-"
        return [self[name] for name in _shown(self.item, self) if not (name.startswith("regions.") and part in name)]

    def others(self) -> list[str]:
        """Problems of fields that are not shown here: they are corrected under Setup."""
        shown = {*_shown(self.item, self), "__all__"}
        return [str(sentence) for name, found in self.errors.items() if name not in shown for sentence in found]

    def retry(self, by: User) -> list[DueItem] | None:
        """Save and try the item again, both or nothing; who is due, or None with the reason as an error of the form."""
        try:
            with transaction.atomic():
                if self.save(by) is None:
                    return None
                return self._again(by)
        except Blocked as blocked:
            self.add_error(None, blocked.sentence)
            return None

    def _again(self, by: User) -> list[DueItem]:
        before = self.item.state
        self.item.product = Product.objects.get(pk=self.item.product_id)  # as it was just saved
        due = commands.retry(self.item, by)
        if self.item.state == before:
            raise Blocked(OVER)
        return due


def change_form(item: Item, data: QueryDict | None = None) -> ChangeForm | None:
    """The form of an item whose step reads something that can be changed here; None for others."""
    if not (_choice(item) or item.slug in FACTS):
        return None
    form = ChangeForm(item, data)
    return form if _shown(item, form) else None


def _choice(item: Item) -> str:
    step = by_slug().get(item.slug)
    return step.choice if step else ""


def _shown(item: Item, form: ProductForm) -> list[str]:
    """The names of the fields that this step reads."""
    row = next((number for number, stored in form.stored.items() if stored.region == item.region), None)
    starts = [start.format(row=row) for start in FACTS.get(item.slug, ())]
    if (choice := _choice(item)) and row is not None:
        starts.append(f"regions.{row}.{choice}.")
    return [name for name in form.fields if name.startswith(tuple(starts))]
