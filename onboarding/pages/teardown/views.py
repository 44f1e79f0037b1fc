"""Taking a product, or one of its regions, down: first what will be deleted and what is kept, then the name, typed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onboarding.engine import commands
from onboarding.pages.common.actions import Done, back, run_command
from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.teardown.forms import TeardownForm
from onboarding.pages.teardown.leftovers import remains
from onboarding.pages.teardown.preview import Takedown, run_of, takedown
from onboarding.pages.teardown.remove_region import leave
from onboarding.preflight import leftovers as accounts
from sellers.access import Action, can, confirm, require, signed_in, user_of
from sellers.models import Product


@require_http_methods(["GET", "POST"])
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview; with the product's name typed, the teardown."""
    product = for_checklist(request).product(pk)
    require(request, Action.RUN_PRODUCT, product)
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET
    board = takedown(product, asked.get("region", ""), run_of(product, asked.get("run", "")))
    left = remains(product, board.region, board.services)
    form = TeardownForm(
        request.POST if posted else None,
        product_name=product.name,
        regions=board.regions,
        initial={"region": board.region},
    )
    if posted and form.is_valid() and not left.blockers:
        return _take_down(request, product, board)
    context = {
        "product": product,
        "board": board,
        "remains": left,
        "form": form,
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
    }
    return render(request, "onboarding/teardown.html", context, status=422 if posted else 200)


@require_POST
@signed_in
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look into the accounts, read-only: who is connected, what is left."""
    product = for_checklist(request).product(pk)
    require(request, Action.RUN_PRODUCT, product)
    messages.info(request, accounts.look(product, user_of(request)))
    return redirect(back(request, reverse("onboarding:teardown", args=[product.pk])))


def _take_down(request: HttpRequest, product: Product, board: Takedown) -> HttpResponse:
    """An old sign-in is asked for its password first; the form is then sent again by itself."""
    confirm(request)

    def verb() -> Done:
        started = commands.teardown(product, user_of(request), region=board.region, only=board.items)
        return started.due, f"Run {started.run.number} takes {board.what} down."

    return run_command(request, verb, reverse("onboarding:run", args=[product.pk]))


@require_POST
@signed_in
def remove_region(request: HttpRequest, pk: UUID, region: str) -> HttpResponse:
    """Take a region off the product; while things exist there it stays, and the page says what to do."""
    product = for_checklist(request).product(pk)
    require(request, Action.EDIT_PRODUCT, product)
    if not product.regions.exclude(region=region).exists():
        messages.error(request, "A product needs at least one region. Add another one first.")
    elif left := leave(product, region, user_of(request)):
        messages.error(request, f"{region} cannot be removed: {left}. Delete it first, on the run page.")
    else:
        messages.success(request, f"{region} is removed from the product.")
    return redirect("sellers:product", pk)
