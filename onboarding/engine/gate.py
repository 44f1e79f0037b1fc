"""The engine's gate before every AWS call: lease renewed, cancel read, a token taken, no transaction open.

The rate is of an account, region and service, shared by all workers: tokens are taken from the database in lots.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from onboarding.aws.errors import THROTTLE
from onboarding.aws.gate import Call
from onboarding.engine import clock
from onboarding.engine.lease import LEASE_SECONDS, Lease
from onboarding.engine.signals import CancelSeen, LeaseLost, RetryLater
from onboarding.models import AwsCall, Item, Throttle

LOT = 10
BURST_SECONDS = 5.0
TRIES, PAUSE = 40, 0.1
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
            take_token(call.account, call.region, call.service)
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
            hold_back(call.account, call.region, call.service, THROTTLED_SECONDS)
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


@dataclass
class _Lot:
    left: int = 0


_lots: dict[tuple[str, str, str], _Lot] = {}
_lock = threading.Lock()


def take_token(account: str, region: str, service: str) -> None:
    """Take one token, waiting for it some seconds at most; RetryLater if the account is busier than that."""
    key = (account, region, service)
    for _ in range(TRIES):
        with _lock:
            lot = _lots.setdefault(key, _Lot())
            if lot.left > 0:
                lot.left -= 1
                return
        if _reserve(key):
            with _lock:
                lot.left += LOT
            continue
        time.sleep(PAUSE)
    raise RetryLater(2.0, f"Asks {service} in {region} at a measured rate; continues shortly.")


def hold_back(account: str, region: str, service: str, seconds: float) -> None:
    """AWS throttled us: nobody asks this account's service in this region for so long."""
    with _lock:
        _lots.pop((account, region, service), None)
    where = {"account": account, "region": region, "service": service}
    wait = {"not_before": clock.ahead(seconds)}
    Throttle.objects.update_or_create(**where, defaults=wait, create_defaults={**wait, "used_until": Now()})


def _reserve(key: tuple[str, str, str]) -> bool:
    account, region, service = key
    cost = timedelta(seconds=LOT / settings.AWS_CALLS_PER_SECOND)
    rows = Throttle.objects.filter(account=account, region=region, service=service)
    for _ in range(2):
        free = rows.filter(Q(not_before__isnull=True) | Q(not_before__lte=Now()))
        if free.filter(used_until__lte=clock.ahead(BURST_SECONDS)).update(
            used_until=Greatest(F("used_until"), Now()) + cost
        ):
            return True
        if rows.exists():
            return False
        Throttle.objects.bulk_create(
            [Throttle(account=account, region=region, service=service, used_until=clock.now())], ignore_conflicts=True
        )
    return False


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
