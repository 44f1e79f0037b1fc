"""A package on the review desk: whose turn it is, what may be decided, its lines, and what happened before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from onboarding.checklist.words import counted
from onboarding.models import (
    Evidence,
    Item,
    ItemState,
    RemarkKind,
    Run,
    RunState,
    Submission,
    SubmissionState,
    Verb,
    WaitsFor,
)
from onboarding.pages.common.remarks import MARKS as SAID
from onboarding.pages.common.remarks import Said, said
from onboarding.pages.common.states import Mark
from onboarding.pages.common.times import Moment, moment
from onboarding.pages.desk.package_lines import CODES, Group, groups
from onboarding.pages.desk.queue import MARKS, due_words
from onboarding.review.decisions import why_not_live

OPEN = (SubmissionState.SENT, SubmissionState.ACKNOWLEDGED)
AWAITED = (ItemState.WAITING, WaitsFor.MARKETPLACE)
KEYS = {"sent": "new", "acknowledged": "review", "returned": "returned", "live": "live"}
PRIVATE = SAID[RemarkKind.NOTE].word


@dataclass(frozen=True)
class Verification:
    """The last look at everything: under way, with how much of it was looked at, or over."""

    open: bool
    words: str
    failed: bool


@dataclass(frozen=True)
class State:
    """The bar on top: whose turn it is, what happens now, and the look that goes on."""

    mark: Mark
    now: str
    next: str
    verification: Verification | None
    newer: str

    @property
    def moves(self) -> bool:
        """Whether it changes by itself."""
        return self.verification is not None and self.verification.open


@dataclass(frozen=True)
class Past:
    """A version of the product in the history."""

    number: int
    mark: Mark
    words: str
    at: Moment | None
    reason: str
    url: str


@dataclass(frozen=True)
class Package:
    """The page. `why_live` says why it cannot be confirmed now, `why_closed` why nothing can be decided any more."""

    product: str
    seller: str
    version: int
    state: State
    frozen: Moment | None
    frozen_by: str
    sent: Moment | None
    sha256: str
    subject: str
    mail: str
    groups: list[Group]
    general: list[Said]
    notes: list[Said]
    history: list[Past]
    may_acknowledge: bool
    why_live: str
    why_closed: str


def state(submission: Submission, now: datetime) -> State:
    """The bar; at most six queries."""
    newer = _versions(submission).filter(number__gt=submission.number).order_by("-number").first()
    questions = submission.remarks.filter(kind=RemarkKind.QUESTION, answered=False).count()
    live = _go_live(submission)[0] == ItemState.DONE
    return _state(submission, newer, questions, live, now)


def package(submission: Submission, now: datetime) -> Package:
    """The page of a sent version whose product and seller are loaded; a constant number of queries."""
    versions = list(_versions(submission).order_by("-number"))
    newer = next((row for row in versions if row.number > submission.number), None)
    before = next((row for row in versions if row.number < submission.number), None)
    spoken = said(list(submission.remarks.select_related("by")))
    go_live = _go_live(submission)
    bar = _state(submission, newer, sum(one.open for one in spoken), go_live[0] == ItemState.DONE, now)
    return Package(
        product=submission.product.name,
        seller=submission.seller.name,
        version=submission.number,
        state=bar,
        frozen=moment(submission.frozen_at),
        frozen_by=submission.frozen_by,
        sent=moment(submission.sent_at),
        sha256=submission.sha256,
        subject=submission.subject,
        mail=submission.body,
        groups=groups(submission, before.facts if before else None, spoken, now),
        general=[one for one in spoken if one.line not in CODES and one.mark.word != PRIVATE],
        notes=[one for one in spoken if one.mark.word == PRIVATE],
        history=[_past(row) for row in versions],
        may_acknowledge=submission.state == SubmissionState.SENT and newer is None,
        why_live=why_not_live(submission, waits=go_live == AWAITED, questions=sum(one.open for one in spoken)),
        why_closed=_closed(submission, newer, go_live),
    )


def _versions(submission: Submission) -> Any:
    rows = Submission.objects.filter(product_id=submission.product_id).exclude(state=SubmissionState.FROZEN)
    return rows.defer("body")


def _go_live(submission: Submission) -> tuple[str, str]:
    """(state, reason) of the product's last item; empty if it has none."""
    found = Item.objects.filter(product_id=submission.product_id, slug="go_live", region="")
    return found.values_list("state", "waiting_for").first() or ("", "")


def _closed(submission: Submission, newer: Submission | None, item: tuple[str, str]) -> str:
    if newer is not None:
        return f"Version {newer.number} has replaced this one. Decide on that."
    if submission.state == SubmissionState.RETURNED:
        return "It was returned; the seller has the turn."
    if submission.state == SubmissionState.LIVE:
        return "It is confirmed live."
    return "It is live: the seller passed your confirmation on." if item[0] == ItemState.DONE else ""


def _state(submission: Submission, newer: Submission | None, questions: int, live: bool, now: datetime) -> State:
    open_ = submission.state in OPEN
    key = "live" if live and open_ else "asked" if questions and open_ else KEYS[submission.state]
    words, then = _words(submission, newer, questions, now)
    if key == "live" and open_ and newer is None:
        words, then = "It is live.", "The seller passed your confirmation on. No action needed."
    return State(
        mark=MARKS[key],
        now=words,
        next=then,
        verification=_verification(submission, now),
        newer=reverse("onboarding:desk_package", args=[newer.pk]) if newer else "",
    )


def _words(submission: Submission, newer: Submission | None, questions: int, now: datetime) -> tuple[str, str]:
    if newer is not None:
        return f"Version {newer.number} has replaced this one.", "Nothing is decided on this version any more."
    by, at = submission.decided_by, moment(submission.decided_at)
    if submission.state == SubmissionState.RETURNED:
        return f"Returned by {by}.", "The seller corrects it and sends a new version."
    if submission.state == SubmissionState.LIVE:
        return f"Confirmed live by {by}{f', {at.words}' if at else ''}.", "No action needed."
    if questions:
        return f"{counted(questions, 'question waits', 'questions wait')} for the seller.", "The clock pauses."
    due = due_words(_clock_from(submission), now)
    until = f"Due {due.day}." if due.words != f"Due {due.day}" else f"{due.words}."
    if submission.state == SubmissionState.SENT:
        return "Review hasn't started.", f"{until} Start review, look at the evidence, then decide."
    return f"{submission.acknowledged_by} has taken it up.", f"{until} Look at the evidence, then decide."


def _clock_from(submission: Submission) -> datetime:
    """Since when it is the reviewers' turn: when it was sent, or the seller's last answer."""
    last = submission.remarks.filter(kind=RemarkKind.ANSWER).order_by("-at").values_list("at", flat=True).first()
    return last or submission.sent_at or submission.frozen_at


def _verification(submission: Submission, now: datetime) -> Verification | None:
    """The last verification since it was sent; two queries."""
    runs = Run.objects.filter(product_id=submission.product_id, verb=Verb.VERIFY).select_related("by")
    recent = Q(state=RunState.OPEN) | Q(started_at__gte=submission.sent_at)
    run = runs.filter(recent).order_by("-number").first()
    if run is None:
        return None
    who = f", asked for by {run.by.get_full_name()}" if run.by else ""
    if run.state == RunState.OPEN:
        seen = Evidence.objects.filter(run_id=run.pk).values("item_id").distinct().count()
        return Verification(True, f"Verification is under way{who}: {counted(seen, 'item')} looked at.", False)
    ended, failed = moment(run.ended_at), run.state == RunState.FAILED
    when = ended.words if ended else ""
    found = "something differs" if failed else "everything is as it was made"
    return Verification(False, f"Verified {when}{who}: {found}.", failed)


def _past(row: Submission) -> Past:
    who = row.decided_by or row.acknowledged_by or row.sent_by
    return Past(
        number=row.number,
        mark=MARKS[KEYS[row.state]],
        words=f"by {who}" if who else "",
        at=moment(row.decided_at or row.acknowledged_at or row.sent_at),
        reason=row.reason,
        url=reverse("onboarding:desk_package", args=[row.pk]),
    )
