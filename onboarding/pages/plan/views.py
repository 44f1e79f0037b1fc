"""The plan page: read what a run would do, have the account looked at, and approve."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onboarding.pages.common.actions import run_command
from onboarding.pages.common.downloads import attachment
from onboarding.pages.common.tenant import product_of
from onboarding.pages.plan.board import plan_page, terraform_of
from onboarding.plan.approve import approve as approved
from onboarding.preflight.check import told
from sellers.access import Action, can, require, signed_in, user_of


@require_GET
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a run would create, reuse, change and delete; made again if something changed since it was looked at."""
    product = product_of(request, pk)
    may_run = can(request.user, Action.RUN_PRODUCT, product)
    region, commands = request.GET.get("region", ""), request.GET.get("commands") == "open"
    board = plan_page(product, user_of(request), may_run=may_run, region=region, commands=commands)
    may_edit = can(request.user, Action.EDIT_PRODUCT, product)
    context = {"product": product, "board": board, "turn": board.turn, "may_run": may_run, "may_edit": may_edit}
    return render(request, "onboarding/plan.html", context)


@require_GET
@signed_in
def terraform(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The plan as a Terraform file; without a plan, its page, which says what has to come first."""
    product = product_of(request, pk)
    text = terraform_of(product)
    if not text:
        return redirect("onboarding:plan", pk)
    return attachment(text, f"{product.slug}.tf", "text/plain")


@require_POST
@signed_in
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at permissions, quotas and what is used as it stands, without changing anything."""
    product = product_of(request, pk)
    require(request, Action.RUN_PRODUCT, product)
    said = told(product, user_of(request))
    (messages.success if said.fine else messages.error)(request, said.sentence)
    return redirect("onboarding:plan", pk)


@require_POST
@signed_in
def approve(request: HttpRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Start the run that carries the plan out; one that is not true any more is refused, with what changed."""
    product = product_of(request, pk)
    require(request, Action.RUN_PRODUCT, product)
    run, back = reverse("onboarding:run", args=[pk]), reverse("onboarding:plan", args=[pk])
    return run_command(request, lambda: approved(product, plan, user_of(request)), run, refused=back)
