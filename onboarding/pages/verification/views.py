"""The verification page: both checklists with their evidence, zones by id, what the certificates cover."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from onboarding.pages.common.polling import etag, fragment, unchanged
from onboarding.pages.common.tenant import for_checklist, product_of
from onboarding.pages.verification.board import verification
from sellers.access import Action, can, signed_in
from sellers.models import Product


@require_GET
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Line by line, region by region."""
    product = product_of(request, pk)
    return render(request, "onboarding/verification.html", _context(request, product))


@require_GET
@signed_in
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The moving part of that page."""
    product = product_of(request, pk)
    tag = etag(product, for_checklist(request).role(product))
    if same := unchanged(request, tag):
        return same
    return fragment(request, "onboarding/verification/live.html", _context(request, product), tag)


def _context(request: HttpRequest, product: Product) -> dict[str, Any]:
    may_run = can(request.user, Action.RUN_PRODUCT, product)
    return {
        "product": product,
        "board": verification(product, may_run=may_run),
        "may_run": may_run,
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
        "back": reverse("onboarding:verification", args=[product.pk]),
        "etag": etag(product, for_checklist(request).role(product)),
    }
