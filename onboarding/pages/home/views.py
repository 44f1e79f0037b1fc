"""Home, and the overview of all products for administrators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from onboarding.pages.common.polling import fragment, unchanged
from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.home.board import home, version
from onboarding.pages.home.overview import overview as all_products
from sellers.access import Action, can, require, signed_in


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The user's products in lanes by whose turn it is; who has none and decides on packages is at the review desk."""
    if can(request.user, Action.REVIEW) and not can(request.user, Action.VIEW_PRODUCT):
        return redirect("onboarding:desk")
    acts = can(request.user, Action.RUN_PRODUCT)
    tag = version(for_checklist(request).products(), acts)
    if request.headers.get("HX-Request"):
        return unchanged(request, tag) or fragment(
            request, "onboarding/home/live.html", _board(request, acts, tag), tag
        )
    return render(request, "onboarding/home.html", _board(request, acts, tag))


def _board(request: HttpRequest, acts: bool, tag: str) -> dict[str, Any]:
    products, asked = for_checklist(request).products(), request.GET
    return {
        "board": home(products, asked.get("page"), asked.get("lane", ""), acts=acts),
        "acts": acts,
        "etag": tag,
        "path": request.get_full_path(),
        "may_create": can(request.user, Action.CREATE_PRODUCT),
        "oversees": can(request.user, Action.INVITE),
    }


@require_GET
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """What stands still: all products for the platform's administrators, a lead's own sellers' for a lead."""
    require(request, Action.INVITE)
    products, asked = for_checklist(request).overseen(), request.GET
    acts = not can(request.user, Action.VIEW_ADMIN)
    board = all_products(products, asked.get("page"), asked.get("show", ""), acts=acts)
    return render(request, "onboarding/overview.html", {"board": board})
