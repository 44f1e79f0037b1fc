"""The reaper: what serves a rehearsal only does not outlive it. Where an item has ended otherwise than by its own
clean-up (failed, cancelled, skipped, its worker killed), the passing things that it left are taken away.

It takes the item's lease and leaves its state alone; what it does not finish the next sweep goes on with.
"""

from __future__ import annotations

from functools import cache
from uuid import UUID, uuid4

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from onboarding.aws.gate import passing
from onboarding.engine import clock, context
from onboarding.engine.claim import LEASE_SECONDS, Held
from onboarding.engine.gate import EngineGate
from onboarding.engine.inventory import Inventory
from onboarding.engine.signals import CancelSeen, LeaseLost, LookAgain
from onboarding.engine.undo import remove_all
from onboarding.models import AwsCall, Item, ItemState, Resource, ResourceState
from onboarding.steps.base import Wrong
from onboarding.things import kinds

log = structlog.get_logger()
ENDED = (ItemState.DONE, ItemState.FAILED, ItemState.CANCELLED, ItemState.SKIPPED)
MOST = 50
LATER = (LookAgain, LeaseLost, CancelSeen, Wrong, ClientError, BotoCoreError, OperationalError)


@cache
def passing_kinds() -> tuple[str, ...]:
    """The kinds of things that serve a rehearsal only."""
    return tuple(name for name, kind in kinds().items() if kind.passing)


def left() -> list[UUID]:
    """Ended items that still hold passing things."""
    rows = _alive().filter(item__state__in=ENDED).order_by("item_id")
    return list(rows.values_list("item_id", flat=True).distinct()[:MOST])


def reap(item_id: UUID) -> bool:
    """Take away what an ended item's rehearsal left; whether all of it is gone. Safe to call at any time, twice too."""
    if not _alive().filter(item_id=item_id, item__state__in=ENDED).exists():
        return True
    held = _hold(item_id)
    if held is None:
        return False
    gate = EngineGate(held)
    try:
        with passing(gate):
            inventory = Inventory(held)
            rows = [r for r in inventory.rows.values() if r.kind in passing_kinds() and r.state != ResourceState.GONE]
            remove_all(rows, inventory, context.build(held))
        return True
    except LATER as error:
        log.info("reaper.later", item=str(item_id), why=str(error))
        return False
    finally:
        AwsCall.objects.bulk_create(gate.taken())
        Item.objects.filter(pk=item_id, lease_owner=held.owner).update(lease_owner=None, lease_until=None)


def _alive() -> QuerySet[Resource]:
    return Resource.objects.filter(kind__in=passing_kinds()).exclude(state=ResourceState.GONE)


def _hold(item_id: UUID) -> Held | None:
    item = Item.objects.filter(pk=item_id).annotate(db_now=Now()).select_related("run", "product", "seller").first()
    if item is None or item.run is None or not item.run.writes:
        return None
    owner, free = uuid4(), Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    mine = Item.objects.filter(free, pk=item_id, state=item.state)
    if item.state not in ENDED or not mine.update(lease_owner=owner, lease_until=clock.ahead(LEASE_SECONDS)):
        return None
    return Held(item=item, owner=owner, now_at_claim=item.db_now)
