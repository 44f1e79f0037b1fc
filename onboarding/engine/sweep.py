"""The sweep: what fell due and was not nudged is nudged; failed permissions are looked at again; and the outbox is
drained.

Two beats, no beat or a dead broker change only the delay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.engine import clock, commands, delivery
from onboarding.engine.lease import CLAIMABLE, free
from onboarding.engine.signals import Blocked, DueItem
from onboarding.models import Heartbeat, Item, ItemState, Run, RunState, Verb

log = structlog.get_logger()
BATCH = 500
NUDGED_SECONDS = 15
STALE = timedelta(seconds=15)
NAME = "sweep"


def sweep(nudge: Callable[[Sequence[DueItem]], None]) -> int:
    """Nudge everything that is due, 500 at a time and again while full; returns how many."""
    beat()
    total = 0
    while True:
        ids = [*_due_ids()]
        if ids:
            Item.objects.filter(pk__in=ids).update(nudged_at=Now())
            nudge([DueItem(pk) for pk in ids])
        total += len(ids)
        if len(ids) < BATCH:
            break
    _recheck(nudge)
    delivery.drain()
    return total


def unfinished() -> list[UUID]:
    """Verifications that nobody has carried on for a minute: their worker is gone, or their message was lost."""
    quiet = Q(looked_at__isnull=True) | Q(looked_at__lt=clock.ahead(-60))
    return list(Run.objects.filter(quiet, verb=Verb.VERIFY, state=RunState.OPEN).values_list("pk", flat=True)[:BATCH])


def beat() -> None:
    """Say that the sweep runs."""
    if not Heartbeat.objects.filter(pk=NAME).update(at=Now()):
        Heartbeat.objects.get_or_create(pk=NAME, defaults={"at": clock.now()})


def late() -> bool:
    """Whether nobody has swept for fifteen seconds, so that any worker should."""
    return not Heartbeat.objects.filter(pk=NAME, at__gt=clock.ahead(-STALE.total_seconds())).exists()


def due() -> Q:
    """Which items are due: claimable, their time come, nobody holding them."""
    return Q(state__in=CLAIMABLE, next_check_at__lte=Now()) & free()


def _due_ids() -> list[UUID]:
    rested = Q(nudged_at__isnull=True) | Q(nudged_at__lt=clock.ahead(-NUDGED_SECONDS))
    return list(Item.objects.filter(due() & rested).order_by("next_check_at").values_list("pk", flat=True)[:BATCH])


def _recheck(nudge: Callable[[Sequence[DueItem]], None]) -> None:
    """A permission error is looked at again every fifteen minutes, as a retry by the engine."""
    for item in Item.objects.filter(state=ItemState.FAILED, next_check_at__lte=Now())[:BATCH]:
        try:
            nudge(commands.retry(item, None))
        except Blocked as blocked:
            log.info("recheck.blocked", item=str(item.pk), why=blocked.sentence)
            Item.objects.filter(pk=item.pk, state=ItemState.FAILED).update(next_check_at=clock.ahead(900))
