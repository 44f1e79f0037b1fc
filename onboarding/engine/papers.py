"""What a step hands out: mails into the outbox, and versions of the submission (S25-S29), with the move that tells of
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from onboarding.engine import outbox
from onboarding.engine.claim import Held
from onboarding.models import Item, Submission, SubmissionState
from onboarding.steps.base import Letter, Paper, Wrong
from sellers.models.words import Role


def write(held: Held, sends: Sequence[Letter | Paper]) -> None:
    """Put letters into the outbox and papers on record. Written twice is written once; the caller's transaction."""
    for one in sends:
        if isinstance(one, Letter):
            _post(held, f"{held.item.pk}.{one.key}", one)
        else:
            _keep(held, one)


def refused(sends: Sequence[Letter | Paper]) -> Wrong | None:
    """Why these cannot be mailed, if that is so: nothing is said to be sent that goes nowhere."""
    mailed = any(isinstance(one, Letter) or one.send for one in sends)
    if not mailed or settings.SELLER_OPS_EMAIL:
        return None
    return Wrong(
        "No e-mail address of Seller Operations is set, so this cannot be mailed.",
        "Ask the platform's administrators to set SELLER_OPS_EMAIL, then retry this step.",
    )


def digest(facts: Mapping[str, Any]) -> str:
    """The SHA-256 of a paper's facts, whatever their order."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _post(held: Held, key: str, letter: Letter) -> None:
    to = {"seller_ops": settings.SELLER_OPS_EMAIL}[letter.to]
    outbox.post(key, [to], letter.subject, letter.body, letter.attachments, reply_to=_answered_by(held))


def _answered_by(held: Held) -> list[str]:
    """Who reads the answers to a letter: whoever runs the product, else whoever answered its item, else the seller's
    leads, else all of its people; none of them while they are suspended.
    """
    item, run = held.item, held.item.run
    named = [run.by.email if run and run.by else "", str((item.answer or {}).get("by", ""))]
    active = item.seller.memberships.filter(user__is_active=True)
    there = dict(active.order_by("user__email").values_list("user__email", "role"))
    found = [one for one in named if one in there][:1]
    return found or [email for email, role in there.items() if role == Role.LEAD] or list(there)


def _keep(held: Held, paper: Paper) -> None:
    """A new version, if the facts are new or the newest was returned; sent, if the paper says so."""
    item, sha = held.item, digest(paper.facts)
    by = str((item.answer or {}).get("by", "engine"))
    row = Submission.objects.filter(product_id=item.product_id).order_by("-number").first()
    if row is None or row.sha256 != sha or row.state == SubmissionState.RETURNED:
        row = Submission.objects.create(
            seller_id=item.seller_id, product_id=item.product_id, number=row.number + 1 if row else 1,
            facts=dict(paper.facts), sha256=sha, subject=paper.letter.subject[:200], body=paper.letter.body,
            frozen_at=held.now(), frozen_by=by,
        )  # fmt: skip
    if paper.send and row.state == SubmissionState.FROZEN:
        row.state, row.sent_at, row.sent_by = SubmissionState.SENT, held.now(), by
        row.subject, row.body = paper.letter.subject[:200], paper.letter.body  # as it is mailed, whoever froze it
        row.save(update_fields=["state", "sent_at", "sent_by", "subject", "body"])
        _post(held, f"submission.{row.pk}", paper.letter)
    _done_with(item, {"sent": sha, "version": row.number} if paper.send else {"frozen": sha, "version": row.number})


def _done_with(item: Item, told: Mapping[str, Any]) -> None:
    """The order was carried out: it is no answer any more, what came of it is."""
    values = {name: value for name, value in item.given().items() if name not in ("order", "seen", "returned")}
    item.answer = {**(item.answer or {}), "values": {**values, **told}}
    Item.objects.filter(pk=item.pk).update(answer=item.answer)
