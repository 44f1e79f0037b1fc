"""What Seller Operations decides on a version: take it up, return it with reasons, confirm it live (S30, S31)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from django.db import transaction

from onboarding.engine import clock, commands
from onboarding.engine.counters import touch
from onboarding.engine.history import record_event
from onboarding.engine.signals import Blocked, DueItem
from onboarding.models import (
    Event,
    EventKind,
    Item,
    ItemState,
    Remark,
    RemarkKind,
    Run,
    Submission,
    SubmissionState,
    WaitsFor,
)
from onboarding.review.base import Done, item_of, locked, mail, may_review, newest, tell
from sellers.models import User

CODE = re.compile(r"([SQ][0-9]{1,2})\s*[:.]\s*(\S.*)", re.ASCII)


def acknowledge(submission: Submission, by: User) -> Done:
    """A reviewer takes the version up; the seller's tracker shows it."""
    may_review(by, submission)
    with transaction.atomic():
        row = locked(submission)
        if row.state == SubmissionState.ACKNOWLEDGED:
            return [], f"{row.acknowledged_by} has taken it up already."
        _undecided(row)
        newest(row)
        _taken_up(row, by)
        tell(row, by, EventKind.SUBMISSION, SubmissionState.SENT, row.state)
        return [], f"You have taken up version {row.number}. The seller sees it."


def send_back(submission: Submission, by: User, reasons: str) -> Done:
    """The version goes back to the seller. Each line of the reasons that begins with a guide line's number (S27: ...)
    stands at that line.
    """
    may_review(by, submission)
    with transaction.atomic():
        row = locked(submission)
        if row.state == SubmissionState.RETURNED:
            return [], f"Version {row.number} was returned already, by {row.decided_by}."
        _undecided(row)
        newest(row)
        due = _handed_back(row, by, reasons)
        before = _decided(row, by, SubmissionState.RETURNED, reasons)
        _reasons(row, by, reasons)
        tell(row, by, EventKind.SUBMISSION, before, row.state, reasons)
        mail(
            f"{row.pk}.returned",
            row,
            f"version {row.number} was returned",
            f"Seller Operations returned version {row.number} of {row.product.name}.",
            reasons,
            "Correct what they name, then freeze and send a new version.",
            page="submission",
        )
        return due, f"Version {row.number} is returned. The seller's engineers and leads get your reasons by email."


def confirm_live(submission: Submission, by: User) -> Done:
    """The name works at Marketplace: the product's last item goes on to its own check (S31)."""
    may_review(by, submission)
    with transaction.atomic():
        row = locked(submission)
        if row.state == SubmissionState.LIVE:
            return [], f"Version {row.number} was confirmed already, by {row.decided_by}."
        _undecided(row)
        newest(row)
        if why := why_not_live(row):
            raise Blocked(why)
        item = item_of(row, "go_live")
        due = commands.answer(item, by, {"confirmed": "yes"}) if item else []
        before = _decided(row, by, SubmissionState.LIVE)
        tell(row, by, EventKind.SUBMISSION, before, row.state)
        mail(
            f"{row.pk}.live",
            row,
            "Marketplace confirms that it is live",
            f"Seller Operations confirms version {row.number} of {row.product.name}: its DNS name is live.",
            "The buyer connection test is now repeated with that name; the product is live when it has passed.",
        )
        return due, f"{row.product.name} is confirmed. The buyer connection test is repeated with its name."


def why_not_live(submission: Submission, *, waits: bool | None = None, questions: int | None = None) -> str:
    """Why it cannot be confirmed now, or "". A page that knows already gives `waits` and `questions`, for no query."""
    if questions is None:
        questions = submission.remarks.filter(kind=RemarkKind.QUESTION, answered=False).count()
    if questions:
        return f"{questions} question{'s are' if questions > 1 else ' is'} open. Wait for the answer, or answer it."
    if waits is None:
        item = item_of(submission, "go_live")
        waits = item is not None and awaits_marketplace(item)
    return "" if waits else "The product does not wait for a confirmation yet. Its checklist comes first."


def awaits_marketplace(item: Item) -> bool:
    """Whether the item waits for what Seller Operations says."""
    return (item.state, item.waiting_for) == (ItemState.WAITING, WaitsFor.MARKETPLACE)


def verify(submission: Submission, by: User) -> Run:
    """Look at everything of the product again, read-only, for a reviewer who trusts nobody's word; or join the look
    that goes on. The seller's history says who asked.
    """
    may_review(by, submission)
    with transaction.atomic():
        run = commands.verify(submission.product, by)
        if not Event.objects.filter(run_id=run.pk, what=EventKind.VERIFY_FOR_REVIEW).exists():
            record_event(run, EventKind.VERIFY_FOR_REVIEW, by=by, data={"version": submission.number})
        return run


def _undecided(row: Submission) -> None:
    if row.state == SubmissionState.FROZEN:
        raise Blocked(f"Version {row.number} was not sent yet.")
    if row.state in (SubmissionState.RETURNED, SubmissionState.LIVE):
        word = "returned" if row.state == SubmissionState.RETURNED else "confirmed live"
        raise Blocked(f"Version {row.number} was {word} by {row.decided_by}. Nothing was changed.")
    item = item_of(row, "go_live")
    if item is not None and item.state == ItemState.DONE:
        raise Blocked(f"{row.product.name} is live already: the seller passed your confirmation on.")


def _taken_up(row: Submission, by: User) -> None:
    row.state, row.acknowledged_at, row.acknowledged_by = SubmissionState.ACKNOWLEDGED, clock.now(), by.email
    row.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])


def _decided(row: Submission, by: User, state: SubmissionState, reason: str = "") -> str:
    """Write the decision; a version that nobody had taken up is taken up by it. Gives the state before."""
    before = row.state
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = clock.now(), by.email
    row.state, row.decided_at, row.decided_by, row.reason = state, clock.now(), by.email, reason
    row.save()
    return before


def _reasons(row: Submission, by: User, reasons: str) -> None:
    """One remark a line of the guide, and one for the rest."""
    at: dict[str, list[str]] = {}
    code = ""
    for text in reasons.splitlines():
        found = CODE.fullmatch(text.strip())
        code, said = (found[1], found[2]) if found else ("" if not text.strip() else code, text.strip())
        at.setdefault(code, []).append(said)
    now = clock.now()
    Remark.objects.bulk_create(
        Remark(submission=row, kind=RemarkKind.RETURN, line=line, text=text, by=by, at=now)
        for line, said in at.items()
        if (text := "\n".join(said).strip())
    )


def _handed_back(row: Submission, by: User, reasons: str) -> list[DueItem]:
    """The submission item is the engineer's again. One that another run holds is Blocked, and nothing is decided."""
    item = item_of(row, "submission")
    return commands.return_to_seller(item, by, f"Returned by Seller Operations: {reasons}") if item else []


def hand_over(item: Item, by: User, servers: Sequence[str]) -> Done:
    """Answer the product's `name_servers` item; each server is asked before it counts. The same set again is the same.

    Blocked once they are in use: the parent zone points to them.
    """
    may_review(by, item)
    with transaction.atomic():
        touch(item.product_id)
        item.refresh_from_db()
        given = sorted(servers)
        if sorted(item.given().get("servers", [])) == given:
            return [], "These name servers were already sent."
        if item.state == ItemState.DONE:
            raise Blocked(
                f"The name servers of {item.product.name} are already in use: "
                f"{', '.join(item.given().get('servers', []))}. "
                "To change them, ask the seller to tear down the delegation first."
            )
        due = commands.answer(item, by, {"servers": list(servers)})
        key = hashlib.sha256(" ".join(given).encode()).hexdigest()[:16]
        mail(
            f"{item.pk}.servers.{key}",
            item,
            "name servers available",
            f"AWS Marketplace Seller Operations provides these name servers for {item.product.friendly_dns_name}:",
            "\n".join(servers),
            "We're checking each one. The delegation continues when the certificates are issued.",
        )
        return due, f"The name servers of {item.product.name} are sent. We're checking each one."
