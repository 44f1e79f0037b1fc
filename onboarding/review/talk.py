"""What is said about a version: questions and answers, which both sides read, and notes of the reviewers alone."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from onboarding.engine import clock
from onboarding.engine.delivery import post
from onboarding.models import EventKind, Outbox, Remark, RemarkKind, Submission
from onboarding.review.base import Done, locked, mail, may_review, tell
from sellers.access import Action, can
from sellers.models import User


def ask(submission: Submission, by: User, line: str, text: str) -> Done:
    """A question to the seller about one line of the guide, or about all of it (`line` ""). It pauses the clock."""
    may_review(by, submission)
    with transaction.atomic():
        row = locked(submission)
        asked = {"submission": row, "kind": RemarkKind.QUESTION, "line": line, "text": text}
        if Remark.objects.filter(**asked, answered=False).exists():
            return [], "This was asked already; it waits for the seller."
        question = Remark.objects.create(**asked, by=by, at=clock.now())
        tell(row, by, EventKind.QUESTION, "", "", f"{line}: {text}" if line else text)
        mail(
            f"{question.pk}",
            row,
            f"a question about version {row.number}",
            f"Seller Operations asks about {f'line {line} of ' if line else ''}version {row.number}:",
            text,
            "Answer on this page; the review waits for it.",
            page="submission",
        )
        return [], "The question is with the seller's engineers and leads. The clock pauses until they answer."


def answer(question: Remark, by: User, text: str) -> Done:
    """The seller's answer; a reviewer may note one that came by email or telephone. The first one counts."""
    of = question.submission
    if not can(by, Action.ANSWER, of) and not can(by, Action.REVIEW, of):
        raise PermissionDenied
    with transaction.atomic():
        row = locked(of)
        if not Remark.objects.filter(pk=question.pk, kind=RemarkKind.QUESTION, answered=False).update(answered=True):
            return [], "This question was answered already. Nothing was changed."
        said = Remark.objects.create(
            submission=row,
            kind=RemarkKind.ANSWER,
            line=question.line,
            text=text,
            question=question,
            by=by,
            at=clock.now(),
        )
        tell(row, by, EventKind.ANSWER, "", "", text)
        if settings.SELLER_OPS_EMAIL:
            link = settings.PUBLIC_URL + reverse("onboarding:desk_package", args=[row.pk])
            subject = f"{row.product.name}, version {row.number}: your question was answered"
            body = f"You asked:\n\n{question.text}\n\nThe answer of {by.email}:\n\n{text}\n\n{link}\n"
            post(f"{Outbox.REVIEW}{said.pk}", [settings.SELLER_OPS_EMAIL], subject, body)
        return [], "The answer is with Seller Operations."


def note(submission: Submission, by: User, text: str) -> Done:
    """A note that only reviewers read; the seller's history does not mention it."""
    may_review(by, submission)
    with transaction.atomic():
        row = locked(submission)
        last = row.remarks.filter(kind=RemarkKind.NOTE).order_by("-at", "-id").first()
        if last is not None and (last.text, last.by_id) == (text, by.pk):
            return [], "This note is there already."
        row.remarks.create(kind=RemarkKind.NOTE, text=text, public=False, by=by, at=clock.now())
        return [], "The note is kept; only reviewers read it."
