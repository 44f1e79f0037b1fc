"""The run page: see, start, cancel."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from onboarding.engine import commands
from onboarding.models import Run, RunState
from onboarding.pages.common.actions import Done, back, run_command
from onboarding.pages.common.items import items_of
from onboarding.pages.common.polling import polled_page, tag_of
from onboarding.pages.common.tenant import for_checklist, product_of
from onboarding.pages.common.turn import NOBODY, turn
from onboarding.pages.common.waits import lately, now_known
from onboarding.pages.run.matrix import matrix, moving_run, runs_of
from onboarding.pages.run.open_items import open_items
from onboarding.pages.run.timeline_drawing import timeline_of
from onboarding.tasks import nudge_verification
from sellers.access import Action, can, require, signed_in, user_of
from sellers.models import Product


@require_POST
@signed_in
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Run the checklist; a second press joins the run that is open."""
    product = product_of(request, pk)
    require(request, Action.RUN_PRODUCT, product)

    def verb() -> Done:
        started = commands.provision(product, user_of(request))
        how = "has started" if started.new else "is open already; nothing was started twice"
        return started.due, f"Run {started.run.number} {how}."

    return run_command(request, verb, reverse("onboarding:run", args=[pk]))


@require_POST
@signed_in
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at everything again, read-only; the evidence stands on each item's page."""
    product = product_of(request, pk)
    require(request, Action.RUN_PRODUCT, product)

    def verb() -> Done:
        run = commands.verify(product, user_of(request))
        nudge_verification(run.pk)
        return [], f"Run {run.number} looks at everything again; it changes nothing in AWS."

    return run_command(request, verb, back(request, reverse("onboarding:run", args=[pk])))


@require_POST
@signed_in
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a run; what exists is kept. Who wants it undone is shown next what that takes down."""
    run = for_checklist(request).run(pk)
    require(request, Action.RUN_PRODUCT, run.product)

    def verb() -> Done:
        if run.state != RunState.OPEN:
            return [], f"Run {run.number} had ended already."
        commands.cancel(run, user_of(request))
        return [], f"Run {run.number} is canceled. What exists is kept; a call to AWS that is under way ends first."

    return run_command(request, verb, _after_cancel(run, undo=request.POST.get("do") == "undo"))


def _context(request: HttpRequest, product: Product, *, moving: bool = False) -> dict[str, Any]:
    """What the templates read; for a poll of what moves without the last runs, and with times read lately."""
    items = items_of(product)
    run = moving_run(items) if moving else None
    runs = [run] if run else runs_of(product)
    usual = lately() if moving else now_known()
    board = matrix(product, items, runs, timeline_of(items, runs, usual.seconds))
    may_run = can(request.user, Action.RUN_PRODUCT, product)
    return {
        "product": product,
        "board": board,
        "open": open_items(items, usual.stats),
        "all_runs": run is None,
        "turn": turn(product, items, board.open_run, may_run=may_run),
        "may_run": may_run,
        "nobody": NOBODY,
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
        "etag": tag_of(request, product),
    }


def _after_cancel(run: Run, *, undo: bool) -> str:
    """Where a cancelled run leads: back to its page, or to the preview of undoing it."""
    if not undo:
        return reverse("onboarding:run", args=[run.product_id])
    return f"{reverse('onboarding:teardown', args=[run.product_id])}?run={run.pk}"


# A poll that finds nothing new asks one query; else three for the first who asks, one for the next.
page, live = polled_page(
    "onboarding/run.html",
    "onboarding/run/live.html",
    product_of,
    _context,
    partial(_context, moving=True),
    for_many=True,
)
