"""What the checklist adds to a product's pages: its permissions policies, and a region that leaves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.product.policies import role_policies
from onboarding.pages.teardown.remove_region import leave
from sellers.access import Action, can, require, signed_in, user_of


@require_GET
@signed_in
def policy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The permissions policy of each of the product's roles, with its read-only part (SEC10)."""
    product = for_checklist(request).product(pk)
    require(request, Action.VIEW_PRODUCT, product)
    context = {
        "product": product,
        "policies": role_policies(product),
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
    }
    return render(request, "onboarding/policy.html", context)


@require_POST
@signed_in
def remove_region(request: HttpRequest, pk: UUID, region: str) -> HttpResponse:
    """Take a region off the product; while things exist there it stays, and the page says what to do."""
    product = for_checklist(request).product(pk)
    require(request, Action.EDIT_PRODUCT, product)
    if not product.regions.exclude(region=region).exists():
        messages.error(request, "A product needs at least one region. Add another one first.")
    elif left := leave(product, region, user_of(request)):
        messages.error(request, f"{region} cannot be removed: {left}. Take it down first, on the run page.")
    else:
        messages.success(request, f"{region} is removed from the product.")
    return redirect("sellers:product", pk)
