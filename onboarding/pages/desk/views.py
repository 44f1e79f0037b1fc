"""The review desk: the queue, a package, and the decisions on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onboarding import review
from onboarding.engine.signals import Blocked
from onboarding.models import Remark, Submission
from onboarding.pages.common.actions import Done, run_command
from onboarding.pages.common.remarks import AnswerRemarkForm, remarks_context
from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.desk import queue as board
from onboarding.pages.desk.forms import NameServersForm, NoteForm, QuestionForm, ReturnForm
from onboarding.pages.desk.name_request import name_request
from onboarding.pages.desk.package import package, state
from onboarding.pages.desk.tenant import for_desk, to_review
from onboarding.tasks import nudge_verification
from sellers.access import Action, can, require, signed_in, user_of
from sellers.models import Product


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The queue by due date."""
    require(request, Action.REVIEW)
    tenant = for_desk(request)
    queue = board.desk(tenant.submissions(), tenant.requests(), user_of(request), request.GET.dict(), timezone.now())
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
    return run_command(request, lambda: review.acknowledge(submission, user_of(request)), _url(pk))


@require_POST
@signed_in
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return a version with reasons."""
    submission = to_review(request, pk)
    form = ReturnForm(request.POST, auto_id="return_%s")
    if not form.is_valid():
        return show(request, submission, returning=form, status=422)
    return run_command(
        request, lambda: review.send_back(submission, user_of(request), form.cleaned_data["text"]), _url(pk)
    )


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm that the product is live at Marketplace."""
    submission = to_review(request, pk)
    return run_command(request, lambda: review.confirm_live(submission, user_of(request)), _url(pk))


@require_POST
@signed_in
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at everything again, read-only, without trusting anybody's word."""
    submission = to_review(request, pk)

    def verb() -> Done:
        run = review.verify(submission, user_of(request))
        nudge_verification(run.pk)
        return [], "Rechecking everything (read-only). What it sees stands beside the seller's evidence."

    return run_command(request, verb, _url(pk))


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


@require_POST
@signed_in
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the seller about a line of the package."""
    submission = to_review(request, pk)
    form = QuestionForm(request.POST, auto_id=f"ask_{request.POST.get('line', '')}_%s")
    if not form.is_valid():
        return show(request, submission, question=form, status=422)
    line, text = form.cleaned_data["line"], form.cleaned_data["text"]
    to = reverse("onboarding:desk_package", args=[pk])
    return run_command(request, lambda: review.ask(submission, user_of(request), line, text), to)


@require_POST
@signed_in
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a note for the reviewers."""
    submission = to_review(request, pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return show(request, submission, note=form, status=422)
    to = reverse("onboarding:desk_package", args=[pk])
    return run_command(request, lambda: review.note(submission, user_of(request), form.cleaned_data["text"]), to)


@require_POST
@signed_in
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The seller's answer; or a reviewer's note of an answer that came another way."""
    question = for_desk(request).question(pk)
    submission = question.submission
    ours = can(request.user, Action.REVIEW, submission)
    if not ours:
        require(request, Action.ANSWER, submission)
    form = AnswerRemarkForm(request.POST, auto_id=f"answer_{pk}_%s")
    if not form.is_valid():
        if ours:
            return show(request, submission, answering=(pk, form), status=422)
        return _page(request, submission.product, question, form)
    name, of = ("desk_package", submission.pk) if ours else ("submission", submission.product_id)
    to = reverse(f"onboarding:{name}", args=[of])
    return run_command(request, lambda: review.answer(question, user_of(request), form.cleaned_data["text"]), to)


@require_GET
@signed_in
def remarks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What Seller Operations asked and said about the product, with the form for each open question.

    Asked for by htmx it is the part alone, to be put into another page.
    """
    product = for_checklist(request).product(pk)
    require(request, Action.VIEW_PRODUCT, product)
    return _page(request, product)


def _page(
    request: HttpRequest, product: Product, question: Remark | None = None, form: AnswerRemarkForm | None = None
) -> HttpResponse:
    template = "onboarding/remarks/part.html" if "HX-Request" in request.headers else "onboarding/remarks.html"
    return render(request, template, remarks_context(request, product, question, form), status=422 if form else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def name_servers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The request; with name servers given, they are handed over."""
    item = for_desk(request).request(pk)
    require(request, Action.REVIEW, item)
    posted = request.method == "POST"
    form = NameServersForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            due, said = review.hand_over(item, user_of(request), form.cleaned_data["servers"])
        except Blocked as blocked:
            form.add_error("servers", blocked.sentence)
        else:
            return run_command(request, lambda: (due, said), reverse("onboarding:desk_names", args=[pk]))
    context = {"pk": pk, "board": name_request(item), "form": form}
    return render(request, "onboarding/desk/names.html", context, status=422 if posted else 200)
