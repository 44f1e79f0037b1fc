"""Rows for what was seen: the calls that were made and the evidence of a verification."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from onboarding.aws.gate import Call
from onboarding.checklist.step import CheckResult
from onboarding.engine import clock
from onboarding.engine.lease import Lease
from onboarding.models import AwsCall, Event, Evidence, Item, Run
from sellers.models import User


def call_row(held: Lease, call: Call, at: datetime) -> AwsCall:
    """A row of one AWS call, not saved; its parameters hold no secrets any more (aws.cli.redacted)."""
    return AwsCall(
        item=held.item,
        run_id=held.item.run_id,
        attempt=held.item.attempt,
        service=call.service,
        operation=call.operation,
        account=call.account,
        region=call.region,
        params=dict(call.params),
        mutating=call.mutating,
        status=call.status,
        code=call.code[:120],
        message=call.message,
        request_id=call.request_id[:120],
        ms=round((call.seconds or 0) * 1000),
        at=at,
    )


def evidence_rows(held: Lease, proofs: Sequence[CheckResult]) -> list[Evidence]:
    """Rows of a step's proofs, not saved, each with the SHA-256 of its facts."""
    return [
        Evidence(
            item=held.item,
            run_id=held.item.run_id,
            attempt=held.item.attempt,
            check_name=proof.check[:320],
            outcome=proof.outcome,
            sentence=proof.sentence,
            facts=dict(proof.facts),
            at=held.now(),
            build=settings.BUILD,
            account=str(proof.facts.get("account", ""))[:12],
            sha256=hashlib.sha256(json.dumps(dict(proof.facts), sort_keys=True, default=str).encode()).hexdigest(),
        )
        for proof in proofs
    ]


def news(held: Lease, rows: Sequence[Evidence]) -> list[Evidence]:
    """Those rows that say something else than the newest of their check in this attempt, or that are a day older: a
    wait that is looked at every few seconds does not fill the table.
    """
    if not rows:
        return []
    mine = Evidence.objects.filter(item=held.item, run_id=held.item.run_id, attempt=held.item.attempt)
    mine = mine.filter(at__gt=held.now() - timedelta(days=1))
    known: dict[str, tuple[str, str, str]] = {}
    for check, *said in mine.order_by("id").values_list("check_name", "outcome", "sentence", "sha256"):
        known[check] = (said[0], said[1], said[2])
    return [row for row in rows if known.get(row.check_name) != (row.outcome, row.sentence, row.sha256)]


def record_event(item: Item, by: User | None, what: str, before: str, after: str, sentence: str = "") -> None:
    """One event about an item; `by` None is the engine."""
    Event.objects.create(
        at=clock.now(),
        seller_id=item.seller_id,
        product_id=item.product_id,
        item_id=item.pk,
        run_id=item.run_id,
        actor=by.email if by else "engine",
        what=what,
        before=before,
        after=after,
        sentence=sentence,
    )


def record_run_event(run: Run, by: User | None, before: str, after: str) -> None:
    """One event about a run's beginning or end."""
    Event.objects.create(
        at=clock.now(),
        seller_id=run.seller_id,
        product_id=run.product_id,
        run_id=run.pk,
        what="run",
        before=before,
        after=after,
        actor=by.email if by else "engine",
        data={"verb": run.verb, "region": run.region},
    )
