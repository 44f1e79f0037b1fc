"""Questions, answers and notes: a reviewer's side on the desk, the seller's on the product's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onboarding import review
from onboarding.board.remarks import conversation
from onboarding.desk_forms import AnswerRemarkForm, NoteForm, QuestionForm
from onboarding.models import Remark
from onboarding.views.desk import show
from onboarding.views.desk_tenant import for_desk, to_review
from onboarding.views.posts import act
from onboarding.views.tenant import for_checklist
from sellers.access import Action, can, require, signed_in, user_of
from sellers.models import Product


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
    return act(request, lambda: review.ask(submission, user_of(request), line, text), to)


@require_POST
@signed_in
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a note for the reviewers."""
    submission = to_review(request, pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return show(request, submission, note=form, status=422)
    to = reverse("onboarding:desk_package", args=[pk])
    return act(request, lambda: review.note(submission, user_of(request), form.cleaned_data["text"]), to)


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
    return act(request, lambda: review.answer(question, user_of(request), form.cleaned_data["text"]), to)


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


def remarks_context(
    request: HttpRequest, product: Product, question: Remark | None = None, form: AnswerRemarkForm | None = None
) -> dict[str, Any]:
    """What `onboarding/remarks/part.html` needs, for a page that includes it."""

    def of(pk: UUID) -> AnswerRemarkForm:
        return form if form and question and question.pk == pk else AnswerRemarkForm(auto_id=f"answer_{pk}_%s")

    versions = conversation(product)
    return {
        "product": product,
        "versions": [(one, [(said, of(said.pk) if said.open else None) for said in one.said]) for one in versions],
        "open_questions": sum(one.open for one in versions),
        "may_answer": can(request.user, Action.ANSWER, product),
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
    }
