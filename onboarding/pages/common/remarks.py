"""What was said about a submission: questions with their answers, reasons of a return, and the reviewers' notes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from onboarding.models import Remark, RemarkKind, Submission, SubmissionState
from onboarding.pages.common.states import Mark
from onboarding.pages.common.times import Moment, moment
from sellers.access import Action, can
from sellers.formats import FormatError
from sellers.forms.base import Formatted
from sellers.models import Product

MARKS = {
    RemarkKind.QUESTION: Mark("Question", "s-you", "help-circle"),
    RemarkKind.ANSWER: Mark("Answer", "s-done", "circle-check"),
    RemarkKind.RETURN: Mark("Returned", "s-wait", "arrow-back-up"),
    RemarkKind.NOTE: Mark("Private", "s-todo", "lock"),
}
ANSWERED = Mark("Answered", "s-done", "circle-check")


@dataclass(frozen=True)
class Said:
    """One remark. `open`: a question that waits for its answer, which `answer` holds when it is there."""

    pk: UUID
    mark: Mark
    line: str
    text: str
    by: str
    at: Moment | None
    open: bool
    answer: Said | None = None


@dataclass(frozen=True)
class Version:
    """What was said about one version, the seller's view: nothing private."""

    number: int
    said: list[Said]
    open: int


def said(rows: Sequence[Remark]) -> list[Said]:
    """Remarks in the order in which they were made, each answer with its question; the authors are loaded."""
    answers = {row.question_id: row for row in rows if row.kind == RemarkKind.ANSWER}
    return [_said(row, answers.get(row.pk)) for row in rows if row.kind != RemarkKind.ANSWER]


def of_line(found: Iterable[Said], line: str) -> list[Said]:
    """Those about one line of the guide."""
    return [one for one in found if one.line == line]


def conversation(product: Product) -> list[Version]:
    """What Seller Operations and the seller said about each version, the newest first; two queries."""
    rows = Remark.objects.filter(submission__product=product, public=True).select_related("by").order_by("at", "id")
    by_version: dict[UUID, list[Remark]] = {}
    for row in rows:
        by_version.setdefault(row.submission_id, []).append(row)
    sent = Submission.objects.filter(pk__in=by_version).exclude(state=SubmissionState.FROZEN).order_by("-number")
    return [
        Version(number, found := said(by_version[pk]), sum(one.open for one in found))
        for pk, number in sent.values_list("pk", "number")
    ]


def _said(row: Remark, answer: Remark | None) -> Said:
    question = row.kind == RemarkKind.QUESTION
    return Said(
        pk=row.pk,
        mark=ANSWERED if question and row.answered else MARKS[RemarkKind(row.kind)],
        line=row.line,
        text=row.text,
        by=row.by.get_full_name() if row.by else "somebody who has left",
        at=moment(row.at),
        open=question and not row.answered,
        answer=_said(answer, None) if answer else None,
    )


LIMIT = 4000


UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def remark(text: str) -> str:
    """Text of several lines for people: no control, invisible or direction-changing characters."""
    value = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()
    if any(unicodedata.category(char) in UNSEEN and char != "\n" for char in value):
        raise FormatError("This holds an invisible or control character. Remove it; line breaks are allowed.")
    if len(value) > LIMIT:
        raise FormatError(f"This has {len(value)} characters; at most {LIMIT} are allowed. Shorten it.")
    return value


def remark_field(label: str, empty: str, *, rows: int = 3, hint: str = "") -> Formatted:
    return Formatted(
        remark, label=label, help_text=hint, widget=forms.Textarea({"rows": rows}), error_messages={"required": empty}
    )


class AnswerRemarkForm(forms.Form):
    """The answer to a question."""

    text = remark_field("Answer", "Write the answer in a sentence: Seller Operations decides by it.")


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
