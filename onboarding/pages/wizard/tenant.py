"""What one user may see of drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sellers.access import Action, Tenant, require
from sellers.drafts import begin, change, clone, values_of
from sellers.models import Draft, Product, Seller, User


class DraftTenant(Tenant):
    """Drafts of the user's sellers."""

    def drafts(self) -> QuerySet[Draft]:
        """With their seller and product, the last changed first."""
        return Draft.objects.filter(self._mine("seller")).select_related("seller", "product__seller", "changed_by")

    def open_drafts(self) -> QuerySet[Draft]:
        """Those that no product was made of yet."""
        return self.drafts().filter(finished_at=None)


def draft_of(request: HttpRequest, pk: UUID, action: Action = Action.EDIT_PRODUCT) -> Draft:
    """A draft to which the user may do `action`; Http404 if it is none of their business."""
    draft = get_object_or_404(DraftTenant(request.user).drafts(), pk=pk)
    require(request, action, draft)
    return draft


def started(seller: Seller, by: User) -> Draft:
    """A new draft, or the user's own untouched one. The connections are those of the seller's last product."""
    return begin(seller, by, _usual(seller))


def of_product(product: Product, by: User, what: str = "") -> Draft:
    """The draft that changes the product, or with "clone" a new one with its values."""
    return clone(product, by) if what == "clone" else change(product, by)


def _usual(seller: Seller) -> dict[str, Any]:
    last = Product.objects.filter(seller=seller).order_by("-created_at").first()
    if last:
        return {path: value for path, value in values_of(last).items() if path.startswith("connections.")}
    proven = [row for row in seller.connections.all() if row.is_proven]
    tests = [row for row in proven if "test" in f"{row.label} {row.role_arn.rpartition('/')[2]}".lower()]
    others = [row for row in proven if row not in tests]
    found = {"connections.service": others[0].role_arn} if len(others) == 1 else {}
    if found and len(tests) == 1 and tests[0].account_id != others[0].account_id:
        found["connections.buyer_test"] = tests[0].role_arn
    return found
