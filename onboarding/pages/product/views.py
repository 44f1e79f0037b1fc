"""What the checklist adds to a product's pages: its permissions policies."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.product.policies import role_policies
from sellers.access import Action, can, require, signed_in


@require_GET
@signed_in
def policy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The permissions policy of each of the product's roles, with its read-only part."""
    product = for_checklist(request).product(pk)
    require(request, Action.VIEW_PRODUCT, product)
    context = {
        "product": product,
        "policies": role_policies(product),
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
    }
    return render(request, "onboarding/policy.html", context)
