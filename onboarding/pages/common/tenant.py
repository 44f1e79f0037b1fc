"""What one user may see of the checklist: `sellers.access.Tenant`, with its engine's rows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from onboarding.models import Item, Run, Submission
from sellers.access import TABLE, Action, Tenant, require
from sellers.models import Membership, Product
from sellers.models.choices import Role

_WITH = ("seller", "progress", "service_connection")


class ChecklistTenant(Tenant):
    """Products come with their progress and service connection, in the same query: a poll asks no more."""

    def products(self) -> QuerySet[Product]:
        """As the base's."""
        return super().products().select_related(*_WITH)

    def overseen(self) -> QuerySet[Product]:
        """Those of sellers whose people the user manages: all for an administrator, a lead's own."""
        if Action.VIEW_ADMIN in TABLE.get(getattr(self.user, "platform_role", ""), ()):
            return self.products()
        managing = [role for role in Role.values if Action.INVITE in TABLE[role]]
        mine = Membership.objects.filter(user=self.user.pk, role__in=managing).values("seller")
        return self.products().filter(seller__in=mine)

    def run(self, pk: UUID) -> Run:
        """One run with its product, or Http404."""
        run = get_object_or_404(Run.objects.filter(self._mine("seller")), pk=pk)
        run.product = self.product(run.product_id)
        return run

    def item(self, pk: UUID) -> Item:
        """One item with its run and product, or Http404. The product's version is the one that the item was read at:
        a later one would tell a browser that it shows what it does not, and its page would stay as it is.
        """
        mine = Item.objects.filter(self._mine("seller")).select_related("run")
        item = get_object_or_404(mine.annotate(read_at=F("product__progress__version")), pk=pk)
        item.product = self.product(item.product_id)
        read_at = getattr(item, "read_at", None)
        if read_at is not None:
            item.product.progress.version = read_at
        return item

    def item_of(self, product: Product, slug: str) -> Item:
        """A product's own item of a step that has no region, or Http404."""
        item = get_object_or_404(Item.objects.select_related("run"), product=product, slug=slug, region="")
        item.product = product
        return item

    def submission(self, pk: UUID) -> Submission:
        """One version of a submission with its product, or Http404."""
        row = get_object_or_404(Submission.objects.filter(self._mine("seller")), pk=pk)
        row.product = self.product(row.product_id)
        return row


def for_checklist(request: HttpRequest) -> ChecklistTenant:
    """As `sellers.access.for_tenant`."""
    return ChecklistTenant(request.user)


def product_of(request: HttpRequest, pk: UUID) -> Product:
    """A product that the user may look at, or Http404."""
    product = for_checklist(request).product(pk)
    require(request, Action.VIEW_PRODUCT, product)
    return product
