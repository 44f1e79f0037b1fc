"""Home, and the overview of all products for administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from onboarding.board.home import home
from onboarding.board.overview import overview as all_products
from onboarding.views.tenant import for_checklist
from sellers.access import Action, can, require, signed_in


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The user's products in lanes by whose turn it is; who has none and decides on packages is at the review desk."""
    if can(request.user, Action.REVIEW) and not can(request.user, Action.VIEW_PRODUCT):
        return redirect("onboarding:desk")
    acts = can(request.user, Action.RUN_PRODUCT)
    board = home(for_checklist(request).products(), request.GET.get("page"), acts=acts)
    context = {
        "board": board,
        "acts": acts,
        "may_create": can(request.user, Action.CREATE_PRODUCT),
        "oversees": can(request.user, Action.INVITE),
    }
    return render(request, "onboarding/home.html", context)


@require_GET
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """What stands still: all products for the platform's administrators, a lead's own sellers' for a lead."""
    require(request, Action.INVITE)
    products, asked = for_checklist(request).overseen(), request.GET
    acts = not can(request.user, Action.VIEW_ADMIN)
    board = all_products(products, asked.get("page"), asked.get("show", ""), acts=acts)
    return render(request, "onboarding/overview.html", {"board": board})
