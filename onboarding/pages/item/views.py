"""The item page: one step of the checklist in one region; retry, skip, answer, check now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onboarding.engine import commands
from onboarding.engine.signals import Blocked
from onboarding.models import Item
from onboarding.pages.common.actions import Done, back, run_command
from onboarding.pages.common.polling import polled_page, tag_of
from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.item import history
from onboarding.pages.item.board import flow, item_board, way
from onboarding.pages.item.emails import letters
from onboarding.pages.item.evidence import proofs
from onboarding.pages.item.forms import AnswerForm, SkipForm
from onboarding.pages.item.history import compare, log
from onboarding.pages.item.inputs import StepInputs
from onboarding.steps import by_slug
from sellers.access import Action, can, require, signed_in, user_of

TEMPLATE = "onboarding/item.html"


@require_POST
@signed_in
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a failed, cancelled or skipped item again, with the product's inputs as they are now."""
    item = _item(request, pk, Action.RUN_PRODUCT)

    def verb() -> Done:
        before = item.state
        due = commands.retry(item, user_of(request))
        return due, "The item is tried again." if item.state != before else "There was nothing to try again."

    return run_command(request, verb, _url(item))


@require_POST
@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save what a failed item reads and try it again: both, or nothing and the reason."""
    item = _item(request, pk, Action.RUN_PRODUCT)
    require(request, Action.EDIT_PRODUCT, item.product)
    inputs = StepInputs(item, request.POST)
    if not inputs:
        return redirect("sellers:product", item.product_id)
    due = inputs.retry(user_of(request))
    if due is None:
        return _page(request, _item(request, pk), change=inputs, status=422)
    return run_command(request, lambda: (due, "The inputs are saved; the item is tried again with them."), _url(item))


@require_POST
@signed_in
def skip(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave an item out, with a reason."""
    item = _item(request, pk, Action.RUN_PRODUCT)
    form = SkipForm(request.POST)
    if not form.is_valid():
        return _page(request, item, skip=form, status=422)

    def verb() -> Done:
        before = item.state
        due = commands.skip(item, user_of(request), form.cleaned_data["reason"])
        return due, "The item is skipped." if item.state != before else "There was nothing to skip."

    return run_command(request, verb, _url(item))


@require_POST
@signed_in
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Supply what a step waits for from a person; the step then looks whether it fits."""
    item = _item(request, pk, Action.ANSWER)
    step = by_slug().get(item.slug)
    form = AnswerForm(request.POST, asks=step.inputs if step else ())
    if not form.is_valid():
        return _page(request, item, answer=form, status=422)

    try:
        due = commands.answer(item, user_of(request), form.given())
    except Blocked as blocked:
        form.add_error(None, blocked.sentence)
        return _page(request, item, answer=form, status=422)
    return run_command(request, lambda: (due, "Noted; it is looked at now."), _url(item))


@require_POST
@signed_in
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at a waiting item at once."""
    item = _item(request, pk, Action.RUN_PRODUCT)

    def verb() -> Done:
        due = commands.check_now(item, user_of(request))
        return due, "It is looked at now." if due else "It does not wait any more."

    return run_command(request, verb, back(request, _url(item)))


def _item(request: HttpRequest, pk: UUID, action: Action = Action.VIEW_PRODUCT) -> Item:
    item = for_checklist(request).item(pk)
    require(request, action, item.product)
    return item


def _url(item: Item) -> str:
    return reverse("onboarding:item", args=[item.pk])


def _page(
    request: HttpRequest,
    item: Item,
    *,
    answer: AnswerForm | None = None,
    skip: SkipForm | None = None,
    change: StepInputs | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(request, TEMPLATE, _whole(request, item, answer, skip, change), status=status)


def _whole(
    request: HttpRequest,
    item: Item,
    answer: AnswerForm | None = None,
    skip: SkipForm | None = None,
    change: StepInputs | None = None,
) -> dict[str, Any]:
    shown, calls = history.calls(item, request.GET.get("page"))
    made, tries = history.made(item), history.attempts(item)
    return {
        **_live(request, item, answer, skip, change),
        "way": way(item),
        "made": [thing for thing in made if thing.mark != history.GONE],
        "gone": [thing for thing in made if thing.mark == history.GONE],
        "attempts": tries,
        "compared": compare(item, tries, request.GET.get("left", ""), request.GET.get("right", "")),
        "flow": flow(item),
        "page": shown,
        "calls": calls,
        "letters": letters(item),
        "evidence": proofs(item),
    }


def _live(
    request: HttpRequest,
    item: Item,
    answer: AnswerForm | None = None,
    skip: SkipForm | None = None,
    change: StepInputs | None = None,
) -> dict[str, Any]:
    board = item_board(item, may_run=can(request.user, Action.RUN_PRODUCT, item.product))
    return {
        "product": item.product,
        "log": log(item),
        "item_id": item.pk,
        "board": board,
        "answer": answer or AnswerForm(asks=board.asks, initial=item.given()) if board.asks or answer else None,
        "skip": skip or SkipForm(),
        "change": change or (StepInputs(item) if board.may_retry else None),
        "etag": tag_of(request, item.product),
    }


page, live = polled_page(TEMPLATE, "onboarding/item/live.html", _item, _whole, _live, for_many=True)
