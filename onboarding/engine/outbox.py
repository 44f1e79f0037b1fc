"""Mail through the outbox: written with the change that it tells of, sent at least once, with a stable Message-ID
(P12).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.db.models.functions import Now

from onboarding.engine import clock
from onboarding.models import Outbox

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
        dedupe_key=key, to=list(to), reply_to=list(reply_to), subject=" ".join(subject.split())[:200], body=body,
        attachments=dict(attachments or {}), due_at=clock.now(),
    )  # fmt: skip
    Outbox.objects.bulk_create([mail], ignore_conflicts=True)


def drain() -> int:
    """Send what is due; returns how many were sent. One that fails is tried again later, and never stops the others."""
    sent = 0
    for row in Outbox.objects.filter(sent_at__isnull=True, due_at__lte=Now()).order_by("due_at")[:BATCH]:
        taken = Outbox.objects.filter(pk=row.pk, sent_at__isnull=True, due_at=row.due_at)
        if not taken.update(due_at=clock.ahead(HOLD_SECONDS * min(row.tries + 1, 30)), tries=F("tries") + 1):
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
