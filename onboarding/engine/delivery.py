"""Mail through the outbox: written with the change that it tells of, sent at least once, with a stable Message-ID
(P12).
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.db.models.functions import Now

from onboarding.checklist.step import Email, NeedsAction, SubmissionVersion
from onboarding.engine import clock
from onboarding.engine.lease import Lease
from onboarding.models import Item, Outbox, Submission, SubmissionState
from sellers.models.choices import Role

log = structlog.get_logger()
BATCH = 50
HOLD_SECONDS = 60


def post(
    key: str,
    to: Sequence[str],
    subject: str,
    body: str,
    attachments: Mapping[str, str] | None = None,
    reply_to: Sequence[str] = (),
) -> None:
    """Put a mail into the outbox; the same key again is the same mail. Call it inside the change's transaction.

    `attachments` are texts by file name; answers go to `reply_to`, if there is one.
    """
    mail = Outbox(
        dedupe_key=key,
        to=list(to),
        reply_to=list(reply_to),
        subject=" ".join(subject.split())[:200],
        body=body,
        attachments=dict(attachments or {}),
        due_at=clock.now(),
    )
    Outbox.objects.bulk_create([mail], ignore_conflicts=True)


def drain() -> int:
    """Send what is due; returns how many were sent. One that fails is tried again later, and never stops the others."""
    sent = 0
    for row in Outbox.objects.filter(sent_at__isnull=True, due_at__lte=Now()).order_by("due_at")[:BATCH]:
        taken = Outbox.objects.filter(pk=row.pk, sent_at__isnull=True, due_at=row.due_at)
        if not taken.update(due_at=clock.ahead(HOLD_SECONDS * min(row.attempts + 1, 30)), attempts=F("attempts") + 1):
            continue
        try:
            _send(row)
        except OSError as error:
            log.warning("mail.failed", key=row.dedupe_key, error=str(error))
            Outbox.objects.filter(pk=row.pk).update(error=str(error)[:500])
            continue
        Outbox.objects.filter(pk=row.pk).update(sent_at=Now(), error="")
        sent += 1
    return sent


def _send(row: Outbox) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    body = row.body
    if settings.AWS_ENDPOINT_URL:
        body += f"\n\n-- \nThis comes from a simulated AWS at {settings.AWS_ENDPOINT_URL}; nothing real was changed.\n"
    mail = EmailMessage(
        subject=row.subject,
        body=body,
        to=row.to,
        reply_to=row.reply_to,
        headers={"Message-ID": f"<{row.dedupe_key}@{domain}>"},
    )
    for name, text in row.attachments.items():
        mail.attach(name, text, mimetypes.guess_type(name)[0] or "text/plain")
    mail.send()


def write(held: Lease, sends: Sequence[Email | SubmissionVersion]) -> None:
    """Put letters into the outbox and papers on record. Written twice is written once; the caller's transaction."""
    for one in sends:
        if isinstance(one, Email):
            _post(held, Outbox.item_key(held.item.pk, one.key), one)
        else:
            _keep(held, one)


def refused(sends: Sequence[Email | SubmissionVersion]) -> NeedsAction | None:
    """Why these cannot be mailed, if that is so: nothing is said to be sent that goes nowhere."""
    mailed = any(isinstance(one, Email) or one.send for one in sends)
    if not mailed or settings.SELLER_OPS_EMAIL:
        return None
    return NeedsAction(
        "No email address for AWS Marketplace Seller Operations is configured, so we can't send this.",
        "Ask the platform's administrators to set SELLER_OPS_EMAIL, then retry this step.",
    )


def digest(facts: Mapping[str, Any]) -> str:
    """The SHA-256 of a paper's facts, whatever their order."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _post(held: Lease, key: str, letter: Email) -> None:
    to = {"seller_ops": settings.SELLER_OPS_EMAIL}[letter.to]
    post(key, [to], letter.subject, letter.body, letter.attachments, reply_to=_answered_by(held))


def _answered_by(held: Lease) -> list[str]:
    """Who reads the answers to a letter: whoever runs the product, else whoever answered its item, else the seller's
    leads, else all of its people; none of them while they are suspended.
    """
    item, run = held.item, held.item.run
    named = [run.by.email if run and run.by else "", str((item.answer or {}).get("by", ""))]
    active = item.seller.memberships.filter(user__is_active=True)
    there = dict(active.order_by("user__email").values_list("user__email", "role"))
    found = [one for one in named if one in there][:1]
    return found or [email for email, role in there.items() if role == Role.LEAD] or list(there)


def _keep(held: Lease, paper: SubmissionVersion) -> None:
    """A new version, if the facts are new or the newest was returned; sent, if the paper says so."""
    item, sha = held.item, digest(paper.facts)
    by = str((item.answer or {}).get("by", "engine"))
    row = Submission.objects.filter(product_id=item.product_id).order_by("-number").first()
    if row is None or row.sha256 != sha or row.state == SubmissionState.RETURNED:
        row = Submission.objects.create(
            seller_id=item.seller_id,
            product_id=item.product_id,
            number=row.number + 1 if row else 1,
            facts=dict(paper.facts),
            sha256=sha,
            subject=paper.letter.subject[:200],
            body=paper.letter.body,
            frozen_at=held.now(),
            frozen_by=by,
        )
    if paper.send and row.state == SubmissionState.FROZEN:
        row.state, row.sent_at, row.sent_by = SubmissionState.SENT, held.now(), by
        row.subject, row.body = paper.letter.subject[:200], paper.letter.body  # as it is mailed, whoever froze it
        row.save(update_fields=["state", "sent_at", "sent_by", "subject", "body"])
        _post(held, f"{Outbox.SUBMISSION}{row.pk}", paper.letter)
    _done_with(item, {"sent": sha, "version": row.number} if paper.send else {"frozen": sha, "version": row.number})


def _done_with(item: Item, told: Mapping[str, Any]) -> None:
    """The order was carried out: it is no answer any more, what came of it is."""
    values = {name: value for name, value in item.given().items() if name not in ("order", "seen", "returned")}
    item.answer = {**(item.answer or {}), "values": {**values, **told}}
    Item.objects.filter(pk=item.pk).update(answer=item.answer)
