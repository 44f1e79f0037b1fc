"""A rate per account, region and service, shared by all workers: tokens are taken from the database in lots."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from onboarding.engine import clock
from onboarding.engine.signals import RetryLater
from onboarding.models import Throttle

LOT = 10
BURST_SECONDS = 5.0
TRIES, PAUSE = 40, 0.1


@dataclass
class _Lot:
    left: int = 0


_lots: dict[tuple[str, str, str], _Lot] = {}
_lock = threading.Lock()


def take(account: str, region: str, service: str) -> None:
    """Take one token, waiting for it some seconds at most; LookAgain if the account is busier than that."""
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


def hold(account: str, region: str, service: str, seconds: float) -> None:
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
