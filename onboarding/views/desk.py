"""The review desk: the queue, a package, and the decisions on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from onboarding import review
from onboarding.board import desk as board
from onboarding.board.package import package, state
from onboarding.desk_forms import AnswerRemarkForm, NoteForm, QuestionForm, ReturnForm
from onboarding.models import Submission
from onboarding.tasks import nudge_verification
from onboarding.views.desk_tenant import for_desk, to_review
from onboarding.views.posts import Done, act
from sellers.access import Action, require, signed_in, user_of


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The queue by due date."""
    require(request, Action.REVIEW)
    tenant = for_desk(request)
    queue = board.desk(
        tenant.submissions(), tenant.requests(), user_of(request), request.GET.dict(), timezone.now()
    )  # fmt: skip
    return render(request, "onboarding/desk.html", {"board": queue})


@require_GET
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One package: the mail's facts beside their evidence, what was said, and the decision."""
    return show(request, to_review(request, pk))


@require_GET
@signed_in
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar of that page while a verification goes on."""
    submission = to_review(request, pk)
    context = {"pk": pk, "state": state(submission, timezone.now()), "live": True}
    return HttpResponse(render_to_string("onboarding/desk/state.html", context, request=request))


@require_POST
@signed_in
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a version up."""
    submission = to_review(request, pk)
    return act(request, lambda: review.acknowledge(submission, user_of(request)), _url(pk))


@require_POST
@signed_in
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return a version with reasons."""
    submission = to_review(request, pk)
    form = ReturnForm(request.POST, auto_id="return_%s")
    if not form.is_valid():
        return show(request, submission, returning=form, status=422)
    return act(request, lambda: review.send_back(submission, user_of(request), form.cleaned_data["text"]), _url(pk))


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm that the product is live at Marketplace."""
    submission = to_review(request, pk)
    return act(request, lambda: review.confirm_live(submission, user_of(request)), _url(pk))


@require_POST
@signed_in
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at everything again, read-only, without trusting anybody's word."""
    submission = to_review(request, pk)

    def verb() -> Done:
        run = review.verify(submission, user_of(request))
        nudge_verification(run.pk)
        return [], "Everything is looked at again, read-only. What it sees stands beside the seller's evidence."

    return act(request, verb, _url(pk))


def show(
    request: HttpRequest,
    submission: Submission,
    *,
    question: QuestionForm | None = None,
    note: NoteForm | None = None,
    returning: ReturnForm | None = None,
    answering: tuple[UUID, AnswerRemarkForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The package's page with the forms as they are; one with errors stands open, with what was typed."""
    found = package(submission, timezone.now())
    asked = question.data.get("line", "") if question else None
    context: dict[str, Any] = {
        "pk": submission.pk,
        "board": found,
        "groups": [
            (group.title, [(line, _ask(line.code, asked, question)) for line in group.lines]) for group in found.groups
        ],
        "ask": _ask("", asked, question),
        "note": note or NoteForm(auto_id="note_%s"),
        "answering": answering,
        "returning": returning or ReturnForm(auto_id="return_%s"),
    }
    return render(request, "onboarding/desk/package.html", context, status=status)


def _ask(line: str, asked: str | None, typed: QuestionForm | None) -> QuestionForm:
    return typed if typed and line == asked else QuestionForm(initial={"line": line}, auto_id=f"ask_{line}_%s")


def _url(pk: UUID) -> str:
    return reverse("onboarding:desk_package", args=[pk])
