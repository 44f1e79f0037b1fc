"""The versions of a submission: the mail of each, what came of it, and what differs from the one before (S25, S26)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from onboarding.models import Outbox, Submission, SubmissionState
from onboarding.pages.common.states import Mark
from onboarding.pages.common.times import Moment, moment
from onboarding.submission.diff import changes, lines
from onboarding.submission.email import FORMAT, letter
from onboarding.submission.facts import digest
from onboarding.submission.readiness import Row

MARKS = {
    SubmissionState.FROZEN: Mark("Frozen", "s-todo", "lock"),
    SubmissionState.SENT: Mark("Sent", "s-wait", "hourglass"),
    SubmissionState.ACKNOWLEDGED: Mark("Acknowledged", "s-wait", "eye"),
    SubmissionState.RETURNED: Mark("Returned", "s-you", "user-exclamation"),
    SubmissionState.LIVE: Mark("Live", "s-done", "circle-check"),
}
DRAFT = Mark("Draft", "s-todo", "circle-dashed")


@dataclass(frozen=True)
class Version:
    """A version in the list. `chosen`: its mail is shown."""

    number: int
    mark: Mark
    who: str
    at: Moment | None
    reason: str
    chosen: bool
    eml_url: str
    json_url: str


@dataclass(frozen=True)
class Mail:
    """A mail as it was or would be sent. `number` is its version; a draft's is the next one."""

    number: int
    mark: Mark
    draft: bool
    sender: str
    to: str
    subject: str
    body: str
    sha256: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class DiffLine:
    """A line of two mails: sign is " ", "-" or "+"."""

    sign: str
    css_class: str
    text: str


@dataclass(frozen=True)
class Diff:
    """What differs from an earlier version: facts in sentences, and the mails line by line."""

    since: int
    sentences: list[str]
    lines: list[DiffLine]


def versions(rows: Sequence[Submission], chosen: int) -> list[Version]:
    """The list, the newest first; no query."""
    return [
        Version(
            number=row.number,
            mark=MARKS[SubmissionState(row.state)],
            who=row.decided_by or row.acknowledged_by or row.sent_by or row.frozen_by,
            at=moment(row.decided_at or row.acknowledged_at or row.sent_at or row.frozen_at),
            reason=row.reason,
            chosen=row.number == chosen,
            eml_url=reverse("onboarding:submission_file", args=[row.pk, "eml"]),
            json_url=reverse("onboarding:submission_file", args=[row.pk, "json"]),
        )
        for row in rows
    ]


def frozen(row: Submission) -> Mail:
    """The mail of a version."""
    mark = MARKS[SubmissionState(row.state)]
    return _mail(row.number, mark, False, row.subject, row.body, row.sha256, row.facts)


def draft(facts: Mapping[str, Any], rows: Sequence[Row], newest: Submission | None, by: str) -> Mail:
    """The mail as it would be sent now."""
    written = letter(facts, rows, by)
    number = newest.number + 1 if newest else 1
    return _mail(number, DRAFT, True, written.subject, written.body, digest(facts), facts)


def diff(before: Submission | None, mail: Mail) -> Diff | None:
    """What differs between a version and a later mail."""
    if before is None:
        return None
    tones = {"-": "rem", "+": "add"}
    return Diff(
        since=before.number,
        sentences=[change.sentence for change in changes(before.facts, mail.facts)],
        lines=[DiffLine(sign, tones.get(sign, ""), text) for sign, text in lines(before.body, mail.body)],
    )


@dataclass(frozen=True)
class Form:
    """A form in which a version can be downloaded."""

    type: str
    text: Callable[[Submission], str]


def eml(row: Submission) -> str:
    """The version's mail with its attachment, for a mail program; the same bytes every time."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {
        "Message-ID": f"<submission.{row.pk}@{domain}>",
        "Date": format_datetime((row.sent_at or row.frozen_at).astimezone(UTC)),
    }
    to = [settings.SELLER_OPS_EMAIL] if settings.SELLER_OPS_EMAIL else []
    post = Outbox.objects.filter(dedupe_key=f"{Outbox.SUBMISSION}{row.pk}").first()
    replies = post.reply_to if post is not None else []
    mail = EmailMessage(subject=row.subject, body=row.body, to=to, reply_to=replies, headers=headers)
    mail.attach(f"submission-{row.sha256[:12]}.json", package(row), "application/json")
    message = mail.message()
    message.set_boundary(row.sha256[:32])
    return message.as_string()


def package(row: Submission) -> str:
    """The JSON beside the mail: as it was sent, else the facts alone, since the answers count when it is sent."""
    post = Outbox.objects.filter(dedupe_key=f"{Outbox.SUBMISSION}{row.pk}").first()
    if post is not None and post.attachments:
        return str(next(iter(post.attachments.values())))
    facts = {"format": FORMAT, "sha256": row.sha256, "facts": row.facts}
    return json.dumps(facts, indent=2, sort_keys=True) + "\n"


FORMS = {"eml": Form("message/rfc822", eml), "json": Form("application/json", package)}


def addressee() -> str:
    """Where packages go."""
    return settings.SELLER_OPS_EMAIL or "nobody yet: SELLER_OPS_EMAIL is not set"


def _mail(
    number: int, mark: Mark, is_draft: bool, subject: str, body: str, sha256: str, facts: Mapping[str, Any]
) -> Mail:
    return Mail(
        number=number,
        mark=mark,
        draft=is_draft,
        sender=settings.DEFAULT_FROM_EMAIL,
        to=addressee(),
        subject=subject,
        body=body,
        sha256=sha256,
        facts=facts,
    )
