"""What was said about a submission: questions with their answers, reasons of a return, and the reviewers' notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from onboarding.models import Remark, RemarkKind, Submission, SubmissionState
from onboarding.pages.common.states import Mark
from onboarding.pages.common.times import Moment, moment
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
