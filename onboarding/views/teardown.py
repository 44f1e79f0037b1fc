"""Taking a product, or one of its regions, down: first what will be deleted and what is kept, then the name, typed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onboarding.board.takedown import takedown
from onboarding.engine import verbs
from onboarding.forms import TeardownForm
from onboarding.views.posts import Done, act
from onboarding.views.tenant import for_checklist
from sellers.access import Action, can, confirm, require, signed_in, user_of
from sellers.models import Product


@require_http_methods(["GET", "POST"])
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview; with the product's name typed, the teardown."""
    product = for_checklist(request).product(pk)
    require(request, Action.RUN_PRODUCT, product)
    posted = request.method == "POST"
    chosen = (request.POST if posted else request.GET).get("region", "")
    board = takedown(product, chosen)
    form = TeardownForm(
        request.POST if posted else None,
        product_name=product.name,
        regions=board.regions,
        initial={"region": chosen},
    )
    if posted and form.is_valid():
        return _take_down(request, product, form.cleaned_data["region"])
    context = {
        "product": product,
        "board": board,
        "form": form,
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
    }
    return render(request, "onboarding/teardown.html", context, status=422 if posted else 200)


def _take_down(request: HttpRequest, product: Product, region: str) -> HttpResponse:
    """An old sign-in is asked for its password first; the form is then sent again by itself (SEC6)."""
    confirm(request)

    def verb() -> Done:
        started = verbs.teardown(product, user_of(request), region=region)
        return started.due, f"Run {started.run.number} takes {region or 'the product'} down."

    return act(request, verb, reverse("onboarding:run", args=[product.pk]))
