"""The verification page: both checklists with their evidence, zones by id, what the certificates cover."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from onboarding.pages.common.polling import polled_page, tag_of
from onboarding.pages.common.tenant import product_of
from onboarding.pages.verification.board import verification
from sellers.access import Action, can
from sellers.models import Product


def _context(request: HttpRequest, product: Product) -> dict[str, Any]:
    may_run = can(request.user, Action.RUN_PRODUCT, product)
    return {
        "product": product,
        "board": verification(product, may_run=may_run),
        "may_run": may_run,
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
        "back": reverse("onboarding:verification", args=[product.pk]),
        "etag": tag_of(request, product),
    }


page, live = polled_page("onboarding/verification.html", "onboarding/verification/live.html", product_of, _context)
