"""When to look again: quiet until shortly before the usual time, then after a tenth of the time already waited."""

from __future__ import annotations

import random

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from onboarding.models import WaitStat

LEAST, MOST = 0.5, 30.0
SETTLE = (2.0, 5.0, 15.0, 60.0)
DNS_FIRST, DNS_MOST = 5.0, 300.0
FEW = 3  # waits seen before the usual time is believed


def endpoint() -> str:
    """Whose waits these are: a simulated AWS must not teach the real one's times."""
    return str(settings.AWS_ENDPOINT_URL or "aws")


def aws(kind: str, waited: float) -> float:
    """Seconds until an AWS wait of this kind is looked at again, having waited so long already."""
    stat = WaitStat.objects.filter(kind=kind, endpoint=endpoint(), seen__gte=FEW).first()
    if stat is not None:
        first: float = stat.mean + min(stat.spread, stat.mean / 4)
        if waited < first:
            return float(max(first - waited, 0.05))
    return min(max(waited / 10, LEAST), MOST)


def dns(waited: float) -> float:
    """Seconds until a DNS wait is looked at again: five at first, five minutes at most."""
    return min(max(DNS_FIRST, waited / 5), DNS_MOST)


def backoff(tries: int) -> float:
    """Seconds until the next try after `tries` errors in a row: full jitter, 2 s to 5 min, doubled each time."""
    return random.uniform(1.0, min(2.0 * 2 ** max(tries - 1, 0), 300.0))  # noqa: S311 - jitter


def learn(kind: str, seconds: float) -> None:
    """Remember how long one wait took: exponential mean and mean deviation."""
    here = {"kind": kind, "endpoint": endpoint()}
    stat = WaitStat.objects.filter(**here).first()
    if stat is None:
        try:
            with transaction.atomic():
                WaitStat.objects.create(**here, seen=1, mean=seconds, spread=seconds / 8)
        except IntegrityError:
            learn(kind, seconds)
        return
    weight = max(0.25, 1 / (stat.seen + 1))
    WaitStat.objects.filter(pk=stat.pk).update(
        seen=F("seen") + 1,
        mean=stat.mean + weight * (seconds - stat.mean),
        spread=stat.spread + weight * (abs(seconds - stat.mean) - stat.spread),
    )
