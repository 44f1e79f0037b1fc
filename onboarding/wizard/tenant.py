"""What one user may see of drafts (SEC1)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sellers.access import Action, Tenant, require
from sellers.models import Draft


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
