"""Celery shells: they fetch, call and nudge; every message may be lost, doubled, late or out of order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import structlog
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from onboarding.engine import advance as engine
from onboarding.engine import delivery
from onboarding.engine import sweep as sweeper
from onboarding.engine import teardown as reaper
from onboarding.engine import verify as verifier
from onboarding.engine.signals import DueItem
from onboarding.notices import send_notices

log = structlog.get_logger()
SOON = 30.0
Lost = Callable[[Exception, int], None]


def _log_lost(error: Exception, items: int) -> None:
    log.warning("nudge.lost", error=str(error), items=items)


def nudge(due: Sequence[DueItem], lost: Lost = _log_lost) -> None:
    """Send a message for each item that is due within half a minute, after commit; a dead broker is the sweep's
    business, and `lost` is told.
    """
    if soon := [one for one in due if one.after <= SOON]:
        transaction.on_commit(partial(_send, soon, lost), robust=True)


def nudge_verification(run_id: UUID) -> None:
    """Send a message for a verification, after commit."""
    transaction.on_commit(partial(_send_verification, run_id), robust=True)


def _send_verification(run_id: UUID) -> None:
    try:
        verify.delay(str(run_id))
    except (OperationalError, OSError) as error:
        _log_lost(error, 1)


def _send(due: Sequence[DueItem], lost: Lost) -> None:
    try:
        for one in due:
            advance.apply_async((str(one.item_id),), countdown=one.after)
    except (OperationalError, OSError) as error:
        lost(error, len(due))


@shared_task(name="onboarding.advance")
def advance(item_id: str) -> None:
    """Carry one item on."""
    engine.advance(UUID(item_id), nudge)


@shared_task(name="onboarding.verify")
def verify(run_id: str) -> None:
    """Carry a verification to its end."""
    verifier.verify(UUID(run_id))


@shared_task(name="onboarding.reap")
def reap(item_id: str) -> None:
    """Take away what a rehearsal left."""
    reaper.reap(UUID(item_id))


@shared_task(name="onboarding.sweep")
def sweep() -> None:
    """Nudge what fell due, tell people what happened, and nudge verifications and rehearsals that were left."""
    sweeper.sweep(nudge)
    if send_notices():
        delivery.drain()
    for run_id in sweeper.unfinished():
        verify.delay(str(run_id))
    for item_id in reaper.left():
        reap.delay(str(item_id))
