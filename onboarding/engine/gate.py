"""The engine's gate before every AWS call: lease renewed, cancel read, a token taken, no transaction open."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from django.db import connection

from onboarding.aws.errors import THROTTLE
from onboarding.aws.gate import Call
from onboarding.engine import rate
from onboarding.engine.lease import LEASE_SECONDS, Lease
from onboarding.engine.signals import CancelSeen, LeaseLost
from onboarding.models import AwsCall, Item

THROTTLED_SECONDS = 1.0
READ_SECONDS = 1.0  # a read within this time of the last renewal does not ask the database again


class EngineGate:
    """Stands before AWS for one claimed item; keeps the calls, which are written with the item's next move."""

    def __init__(self, held: Lease) -> None:
        self._held, self._calls, self._lock = held, list[AwsCall](), threading.Lock()
        self._renewed = float("-inf")  # the claim holds the item for a short time only: the first call renews it

    def before(self, call: Call) -> None:
        if connection.in_atomic_block:
            raise RuntimeError(f"{call.service}:{call.operation} was called inside a transaction.")
        if call.mutating or time.monotonic() - self._renewed > READ_SECONDS:
            self.renew()
        if call.account:
            rate.take(call.account, call.region, call.service)
        give_back()

    def renew(self) -> None:
        """Keep the lease, or raise: CancelSeen if a person cancelled, LeaseLost if another worker has the item."""
        item = self._held.item
        mine = Item.objects.filter(pk=item.pk, lease_owner=self._held.owner)
        until = self._held.now() + timedelta(seconds=LEASE_SECONDS)
        if mine.filter(cancel_asked=False).update(lease_until=until):
            self._renewed = time.monotonic()
            return
        raise CancelSeen(str(item)) if mine.exists() else LeaseLost(str(item))

    def after(self, call: Call) -> None:
        if call.code in THROTTLE and call.account:
            rate.hold(call.account, call.region, call.service, THROTTLED_SECONDS)
        with self._lock:
            self._calls.append(call_row(self._held, call, self._held.now()))

    def taken(self) -> list[AwsCall]:
        """The calls so far, handed over once."""
        with self._lock:
            calls, self._calls = self._calls, []
        return calls


def give_back() -> None:
    """A connection of the pool is not held while AWS is waited for: threads may be many times the pool's size."""
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close()


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
