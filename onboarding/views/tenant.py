"""What one user may see of the checklist: `sellers.access.Tenant`, with its engine's rows (SEC1)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from onboarding.models import Item, Run
from sellers.access import Tenant
from sellers.models import Product


class ChecklistTenant(Tenant):
    """Products come with their progress and service connection, in the same query: a poll asks no more."""

    def products(self) -> QuerySet[Product]:
        """As the base's."""
        return super().products().select_related("progress", "service_connection")

    def run(self, pk: UUID) -> Run:
        """One run with its product, or Http404."""
        run = get_object_or_404(Run.objects.filter(self._mine("seller")), pk=pk)
        run.product = self.product(run.product_id)
        return run

    def item(self, pk: UUID) -> Item:
        """One item with its run and product, or Http404."""
        item = get_object_or_404(Item.objects.filter(self._mine("seller")).select_related("run"), pk=pk)
        item.product = self.product(item.product_id)
        return item


def for_checklist(request: HttpRequest) -> ChecklistTenant:
    """As `sellers.access.for_tenant`."""
    return ChecklistTenant(request.user)
