"""The submission page: the mail as it will be sent, readiness, versions, questions; freeze and send (S25-S31)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onboarding.engine import commands
from onboarding.pages.common.actions import Done, run_command
from onboarding.pages.common.downloads import attachment
from onboarding.pages.common.polling import polled_page, tag_of
from onboarding.pages.common.remarks import remarks_context
from onboarding.pages.common.tenant import for_checklist, product_of
from onboarding.pages.submission import versions
from onboarding.pages.submission.board import SLUG, submission
from onboarding.pages.submission.forms import ProcessForm
from sellers.access import Action, can, require, signed_in, user_of
from sellers.models import Product

TEMPLATE = "onboarding/submission.html"
SAID = {"freeze": "The version is frozen as soon as AWS was read again.", "send": "We'll send it after rechecking AWS."}


@require_POST
@signed_in
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Freeze or send what was seen."""
    product = product_of(request, pk)
    require(request, Action.ANSWER, product)
    given = {name: request.POST[name] for name in ("order", "seen") if request.POST.get(name)}

    def verb() -> Done:
        item = for_checklist(request).item_of(product, SLUG)
        return commands.answer(item, user_of(request), given), SAID.get(given.get("order", ""), "Noted.")

    return run_command(request, verb, reverse("onboarding:submission", args=[pk]))


@require_POST
@signed_in
def process(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How buyers are told and allowed, in the seller's words (S46)."""
    product = product_of(request, pk)
    require(request, Action.ANSWER, product)
    form = ProcessForm(request.POST)
    if not form.is_valid():
        return _page(request, product, form, status=422)
    item = for_checklist(request).item_of(product, SLUG)

    def verb() -> Done:
        return commands.answer(item, user_of(request), form.cleaned_data), "Saved."

    return run_command(request, verb, reverse("onboarding:submission", args=[pk]))


@require_GET
@signed_in
def file(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """A version as a mail (.eml), or the JSON that goes with it."""
    row = for_checklist(request).submission(pk)
    require(request, Action.VIEW_PRODUCT, row.product)
    if form not in versions.FORMS:
        raise Http404
    wanted = versions.FORMS[form]
    name = f"{row.product.slug}-submission-{row.number}.{form}"
    return attachment(wanted.text(row), name, wanted.type)


def _page(request: HttpRequest, product: Product, form: ProcessForm, status: int) -> HttpResponse:
    return render(request, TEMPLATE, _whole(request, product, form), status=status)


def _whole(request: HttpRequest, product: Product, form: ProcessForm | None = None) -> dict[str, Any]:
    return {**remarks_context(request, product), **_context(request, product, form)}


def _context(request: HttpRequest, product: Product, form: ProcessForm | None = None) -> dict[str, Any]:
    may_run = can(request.user, Action.ANSWER, product)
    by = user_of(request).email if may_run else ""
    board = submission(product, request.GET.get("version", ""), may_run=may_run, by=by)
    return {
        "product": product,
        "board": board,
        "version": request.GET.get("version", ""),
        "form": form or ProcessForm(initial={"process": board.process}),
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
        "etag": tag_of(request, product),
    }


page, live = polled_page(TEMPLATE, "onboarding/submission/live.html", product_of, _whole, _context)
