"""When to look again: quiet until shortly before the usual time, then after a tenth of the time already waited."""

from __future__ import annotations

import random

from django.conf import settings
from django.db.models import F

from onboarding.models import WaitStat

LEAST, MOST = 0.5, 30.0
CLOSE = 0.2  # near the usual time a look may follow a look so soon
SETTLE = (2.0, 5.0, 15.0, 60.0)
DNS_FIRST, DNS_MOST = 5.0, 300.0
DNS_OURS = 1.0  # a record that we set is served within seconds, and its wait can be learnt
FEW = 3  # waits seen before the usual time is believed
SINK = 0.995
FINE = 0.02


def endpoint() -> str:
    """Whose waits these are: a simulated AWS must not teach the real one's times."""
    return str(settings.AWS_ENDPOINT_URL or "aws")


def aws(kind: str, waited: float) -> float:
    """Seconds until an AWS wait of this kind is looked at again, having waited so long already.

    Quiet until shortly before the usual time (just after it, where that is known well), then in steps of a fiftieth of
    it, past it in steps of the time that it is late; at most, or where nothing is known, a tenth of the time waited.
    """
    stat, most = _known(kind), min(max(waited / 10, LEAST), MOST)
    return _usual(stat, waited, most) if stat else most


def dns(waited: float, kind: str = "") -> float:
    """Seconds until a DNS wait is looked at again: a fifth of the time waited, five at least, five minutes at most.

    With a `kind` it is one for records of ours: one second at least, and where the usual time is known as an AWS wait.
    """
    stat = _known(kind) if kind else None
    most = min(max(DNS_OURS if kind else DNS_FIRST, waited / 5), DNS_MOST)
    return min(_usual(stat, waited, most), DNS_MOST) if stat else most


def _known(kind: str) -> WaitStat | None:
    """What is known of waits of a kind, if enough of them were seen."""
    stat = _stat(kind)
    return stat if stat is not None and stat.seen >= FEW else None


def _stat(kind: str) -> WaitStat | None:
    return WaitStat.objects.filter(kind=kind, endpoint=endpoint()).first()


def _usual(stat: WaitStat, waited: float, most: float) -> float:
    """Seconds until a look by the usual time, past which a look never comes later than after `most`."""
    fine = float(stat.mean) * FINE
    known_well = stat.spread <= max(LEAST, fine) / 2
    first = float(stat.mean + stat.spread if known_well else stat.mean - stat.spread)
    if waited < first:
        return max(first - waited, 0.05)
    late = waited - float(stat.mean + stat.spread) * 1.1
    return max(CLOSE, fine) if late < 0 else min(max(CLOSE, fine, late), most)


def backoff(tries: int) -> float:
    """Seconds until the next try after `tries` errors in a row: full jitter, 2 s to 5 min, doubled each time."""
    return random.uniform(1.0, min(2.0 * 2 ** max(tries - 1, 0), 300.0))  # noqa: S311 - jitter


def learn(kind: str, high: float, low: float | None) -> None:
    """Remember one wait: it was over after `high` seconds, and not yet after `low` (None: the first look found it so).

    Exponential mean and deviation; a first look that hits tells only that it was not longer, so the mean sinks a
    little.
    """
    here = {"kind": kind, "endpoint": endpoint()}
    stat = _stat(kind)
    if stat is None:
        middle = (high + (low or 0.0)) / 2
        new = WaitStat(**here, seen=1, mean=middle, spread=high - middle)
        WaitStat.objects.bulk_create([new], ignore_conflicts=True)
        return
    value = _middle(stat, high, low)
    error = max(abs(value - stat.mean), value - low if low is not None else 0.0)
    weight = max(0.25, 1 / (stat.seen + 1))
    WaitStat.objects.filter(pk=stat.pk).update(
        seen=F("seen") + 1,
        mean=stat.mean + weight * (value - stat.mean),
        spread=stat.spread + weight * (error - stat.spread),
    )


def _middle(stat: WaitStat, high: float, low: float | None) -> float:
    """Where in between the wait was probably over: just after a look that came when it was expected to be."""
    if low is None:
        return float(min(high, stat.mean)) * SINK
    if low >= stat.mean - stat.spread:
        return low + min((high - low) / 2, low * (1 - SINK) * 5)
    return (high + low) / 2
