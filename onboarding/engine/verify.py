"""A verification: every finished item is looked at under a read-only session; it writes evidence and nothing else.

It takes no lease and moves no item, so it may run beside anything. A killed one is begun again by the sweep and goes on
with the items that it has no evidence of yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.aws.gate import ReadsOnly, passing
from onboarding.checklist.results import DRIFT, CheckResult, Outcome
from onboarding.engine import clock, failures
from onboarding.engine.counters import touch
from onboarding.engine.ensure import Ensurer
from onboarding.engine.evidence import evidence_rows
from onboarding.engine.gate import call_row
from onboarding.engine.history import record_event
from onboarding.engine.inventory import Inventory
from onboarding.engine.lease import Lease
from onboarding.engine.work import Retired, step_of
from onboarding.models import AwsCall, EventKind, Evidence, Item, ItemState, Resource, Run, RunState

QUIET = timedelta(seconds=60)


class Looked(Inventory):
    """An inventory that keeps what it is told to itself."""

    def write(self, rows: Iterable[Resource], what: EventKind) -> None:
        """Nothing: a verification changes no row."""

    def note(self, rows: Iterable[Resource]) -> None:
        """Nothing: a verification changes no row."""


def verify(run_id: UUID) -> None:
    """Carry a verification to its end. Two at once do no harm: one sees the other's sign of life and leaves."""
    quiet = Q(looked_at__isnull=True) | Q(looked_at__lt=clock.ahead(-QUIET.total_seconds()))
    if not Run.objects.filter(quiet, pk=run_id, state=RunState.OPEN).update(looked_at=Now()):
        return
    run = Run.objects.select_related("product__seller").get(pk=run_id)
    seen = set(Evidence.objects.filter(run_id=run_id).values_list("item_id", flat=True))
    items = Item.objects.filter(product=run.product, state=ItemState.DONE).select_related("seller", "product")
    for item in [item for item in items if item.pk not in seen]:
        _one(item, run)
        if not Run.objects.filter(pk=run_id, state=RunState.OPEN).update(looked_at=Now()):
            return
    bad = Evidence.objects.filter(run_id=run_id, outcome=Outcome.FAIL).exists()
    end = RunState.FAILED if bad else RunState.DONE
    with transaction.atomic():
        touch(run.product_id)
        if Run.objects.filter(pk=run_id, state=RunState.OPEN).update(state=end, ended_at=Now()):
            data = {"verb": run.verb, "region": run.region}
            record_event(run, EventKind.RUN, before=RunState.OPEN, after=end, data=data)


def _one(item: Item, run: Run) -> None:
    """Look at one item as a run would, under the verification's spec and session."""
    item.run = run
    held = Lease(item=item, owner=uuid4(), now_at_claim=clock.now())
    gate = ReadsOnly()
    with passing(gate):
        proofs = _proofs(held)
    AwsCall.objects.bulk_create(call_row(held, call, held.now()) for call in gate.calls)
    Evidence.objects.bulk_create(evidence_rows(held, proofs))
    wrong = [proof for proof in proofs if proof.outcome == Outcome.FAIL]
    if wrong:
        record_event(item, EventKind.DRIFT, before=item.state, after=item.state, sentence=wrong[0].sentence)


def _proofs(held: Lease) -> list[CheckResult]:
    step = step_of(held)
    if isinstance(step, Retired):
        return []
    try:
        work = Ensurer.on(held, Looked)
        return list(step.check(work.ctx, work.ready(step))) or [
            CheckResult(check=step.slug, outcome=Outcome.PASS, sentence="Everything is as it was made.")
        ]
    except Exception as error:
        told = failures.outcome(held, step, error)
        return [CheckResult(check=f"{step.slug}{DRIFT}", outcome=Outcome.FAIL, sentence=told.sentence)]
