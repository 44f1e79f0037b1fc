"""Home, and the overview of all products for administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onboarding.board.home import home
from onboarding.board.overview import overview as all_products
from onboarding.views.tenant import for_checklist
from sellers.access import Action, can, require, signed_in


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The user's products in lanes by whose turn it is."""
    acts = can(request.user, Action.RUN_PRODUCT)
    board = home(for_checklist(request).products(), request.GET.get("page"), acts=acts)
    context = {"board": board, "acts": acts, "may_create": can(request.user, Action.CREATE_PRODUCT)}
    return render(request, "onboarding/home.html", context)


@require_GET
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """All products and what stands still, for the platform's administrators."""
    require(request, Action.VIEW_ADMIN)
    board = all_products(for_checklist(request).products(), request.GET.get("page"))
    return render(request, "onboarding/overview.html", {"board": board})
