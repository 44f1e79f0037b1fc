"""What a person or a test may set in the simulated world, and what it has seen."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class Settings:
    """The knobs. All durations are in simulated seconds except `latency_ms`, which is real time."""

    latency_ms: float = 0.0
    nlb_seconds: float = 150.0
    instance_seconds: float = 35.0
    terminate_seconds: float = 20.0
    service_seconds: float = 20.0
    target_health_seconds: float = 60.0
    endpoint_seconds: float = 60.0
    private_dns_seconds: float = 60.0
    dns_seconds: float = 60.0
    certificate_record_seconds: float = 5.0
    certificate_seconds: float = 120.0
    eni_linger_seconds: float = 30.0
    stale_seconds: float = 0.0
    calls_per_second: float = 0.0

    def update(self, values: Mapping[str, Any]) -> None:
        """Set knobs from JSON; nothing is set if one is wrong. ValueError names the key, rule and cure."""
        known = {f.name for f in fields(self)}
        for key, value in values.items():
            if key not in known:
                raise ValueError(f"{key!r} is not a setting; known are {', '.join(sorted(known))}.")
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ValueError(f"{key} must be a number of 0 or more; got {value!r}.")
        for key, value in values.items():
            setattr(self, key, float(value))

    def reset(self) -> None:
        """Back to the defaults, which are typical of AWS."""
        self.update(asdict(Settings()))


@dataclass
class Switches:
    """What a person sets by hand about single things.

    `listens` maps `<instance id or ip>:<port>` to True/False; `hosts` maps a host name to "slow", "refuse",
    "wrong certificate" or "expired certificate"; `states` forces the state that AWS shows for a load
    balancer's ARN (`failed`, `active_impaired`), an endpoint service (`Failed`) or an endpoint (`failed`,
    `expired`, `partial`).
    """

    listens: dict[str, bool] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget what was set by hand."""
        self.listens.clear()
        self.hosts.clear()
        self.states.clear()


@dataclass(frozen=True)
class Call:
    """One AWS call as the world saw it. `started` and `ended` are real, `time` is simulated."""

    time: float
    started: float
    ended: float
    account: str
    region: str
    service: str
    action: str
    mutating: bool
    digest: str
    outcome: str
    caller: str
    params: dict[str, Any]


settings = Settings()
switches = Switches()
_calls: deque[Call] = deque(maxlen=50_000)
_calls_lock = threading.Lock()


def record(call: Call) -> None:
    """Add a call to the log."""
    with _calls_lock:
        _calls.append(call)


def calls(
    *,
    account: str | None = None,
    region: str | None = None,
    service: str | None = None,
    action: str | None = None,
    mutating: bool | None = None,
    where: Callable[[Call], bool] | None = None,
) -> list[Call]:
    """The call log, oldest first, filtered by what is given. `outcome` is "ok" or an AWS error code."""
    wanted = {"account": account, "region": region, "service": service, "action": action}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    with _calls_lock:
        log = list(_calls)
    return [
        call
        for call in log
        if all(getattr(call, key) == value for key, value in wanted.items())
        and mutating in (None, call.mutating)
        and (where is None or where(call))
    ]


def clear_calls() -> None:
    """Empty the call log."""
    with _calls_lock:
        _calls.clear()


def digest(params: Mapping[str, Any]) -> str:
    """A short fingerprint of a call's parameters; equal parameters have equal fingerprints."""
    text = json.dumps(params, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
