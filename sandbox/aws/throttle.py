"""A call rate per account, region and service, as AWS throttles."""

from __future__ import annotations

import threading
from collections import defaultdict

from sandbox.aws.errors import JSON_SERVICES, AwsError
from sandbox.clock import clock
from sandbox.world import settings

_lock = threading.Lock()
_buckets: dict[tuple[str, str, str], tuple[float, float]] = defaultdict(lambda: (-1.0, 0.0))


def check(service: str, account: str, region: str) -> None:
    """Raise the service's throttling error when `calls_per_second` (0: no limit) is exceeded.

    A token bucket that holds two seconds' worth of calls.
    """
    rate = settings.calls_per_second
    if not rate:
        return
    with _lock:
        filled, when = _buckets[(account, region, service)]
        now = clock.wall()
        full = max(rate * 2, 1.0)
        filled = full if filled < 0 else min(full, filled + (now - when) * rate)
        _buckets[(account, region, service)] = (max(filled - 1, 0.0) if filled >= 1 else filled, now)
        if filled >= 1:
            return
    raise error(service)


def error(service: str) -> AwsError:
    """The throttling error as this service words it."""
    code = {"ec2": "RequestLimitExceeded", "service-quotas": "TooManyRequestsException"}.get(service)
    code = code or ("ThrottlingException" if service in JSON_SERVICES else "Throttling")
    return AwsError(code, "Rate exceeded", 503 if service == "ec2" else 400)


def reset() -> None:
    """Fill all buckets."""
    with _lock:
        _buckets.clear()
