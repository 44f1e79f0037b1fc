"""How a certificate of ACM comes to its state, by the clock and by what DNS serves.

The state is computed when it is read: a name is proven once its CNAME resolves, all names proven issue the
certificate a while later, and 72 hours without that end the request. A renewal asks DNS again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from moto.acm.models import acm_backends

from sandbox.aws import public_dns
from sandbox.clock import clock
from sandbox.state import state_lock, table
from sandbox.world import settings

HOUR = 3_600.0
DAY = 24 * HOUR
GIVE_UP = 72 * HOUR
VALID = 395 * DAY
RENEWS_BEFORE = 60 * DAY
STATES = ("PENDING_VALIDATION", "ISSUED", "INACTIVE", "EXPIRED", "VALIDATION_TIMED_OUT", "REVOKED", "FAILED")
REASONS = (
    "CAA_ERROR",
    "DOMAIN_NOT_ALLOWED",
    "INVALID_PUBLIC_DOMAIN",
    "ADDITIONAL_VERIFICATION_REQUIRED",
    "NO_AVAILABLE_CONTACTS",
    "DOMAIN_VALIDATION_DENIED",
    "OTHER",
)
AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})


@dataclass
class Renewal:
    """A renewal as RenewalSummary shows it; times are the clock's."""

    status: str
    updated: float
    proven: float | None = None


@dataclass
class Life:
    """What moto has no place for. `proven` says when each name's CNAME was first seen."""

    made: float
    names: list[str]
    key: str
    proven: dict[str, float] = field(default_factory=dict)
    issued: float | None = None
    not_after: float = 0.0
    failure: str = ""
    renewal: Renewal | None = None


def life_of(arn: str) -> Life | None:
    """The life of a requested certificate; None for an imported one."""
    found: Life | None = table("certificate").get(arn)
    return found


def record_of(arn: str, name: str) -> tuple[str, str]:
    """(name, value) of the validation CNAME: one for an account and name, wildcard or not, in all regions."""
    base = name.removeprefix("*.")
    digest = hashlib.sha256(f"{arn.split(':')[4]}/{base}".encode()).hexdigest()
    return f"_{digest[:32]}.{base}.", f"_{digest[32:]}.acm-validations.aws."


def resolves(arn: str, name: str) -> bool:
    """Whether the validation CNAME of the name is served to everybody right now."""
    record, value = record_of(arn, name)
    return value.rstrip(".") in public_dns.names(record, "CNAME")


def settle(bundle: Any) -> None:
    """Bring the state up to date."""
    life = life_of(bundle.arn)
    if life is None:
        return
    if bundle.status == "PENDING_VALIDATION":
        _validate(bundle, life, clock.now())
    elif bundle.status == "ISSUED":
        _age(bundle, life, clock.now())


def _validate(bundle: Any, life: Life, now: float) -> None:
    due = now >= life.made + GIVE_UP
    for name in life.names:
        if name not in life.proven and not due and resolves(bundle.arn, name):
            life.proven[name] = now
    if len(life.proven) == len(set(life.names)):
        ready = max(life.proven.values()) + settings.certificate_seconds
        if now >= ready:
            _decide(bundle, life, ready)
    elif due:
        bundle.status = "VALIDATION_TIMED_OUT"


def _decide(bundle: Any, life: Life, at: float) -> None:
    for name in life.names:
        allowed = public_dns.authorities(name)
        if allowed is not None and not allowed & AMAZON:
            bundle.status, life.failure = "FAILED", "CAA_ERROR"
            return
    issue(bundle, life, at)


def issue(bundle: Any, life: Life, at: float) -> None:
    """Make it valid from then on."""
    bundle.status, life.issued, life.not_after, life.failure = "ISSUED", at, at + VALID, ""


def _age(bundle: Any, life: Life, now: float) -> None:
    if life.renewal is None and bundle.in_use_by and now >= life.not_after - RENEWS_BEFORE:
        life.renewal = Renewal("PENDING_AUTO_RENEWAL", now)
    if life.renewal and life.renewal.status.startswith("PENDING"):
        _renew(bundle, life, life.renewal, now)
    if now >= life.not_after:
        bundle.status = "EXPIRED"


def _renew(bundle: Any, life: Life, renewal: Renewal, now: float) -> None:
    if now >= life.not_after:
        renewal.status, renewal.updated = "FAILED", life.not_after
    elif not all(resolves(bundle.arn, name) for name in life.names):
        if renewal.status != "PENDING_VALIDATION":
            renewal.status, renewal.updated = "PENDING_VALIDATION", now
        renewal.proven = None
    elif renewal.proven is None:
        renewal.proven = now
    elif now >= renewal.proven + settings.certificate_seconds:
        renewal.status, renewal.updated = "SUCCESS", now
        life.issued, life.not_after = now, now + VALID


def find(arn: str) -> Any:
    """The certificate of any account, its state up to date. ValueError if there is none."""
    parts = arn.split(":")
    held = acm_backends[parts[4]][parts[3]]._certificates.get(arn) if len(parts) > 5 else None
    if held is None:
        raise ValueError(f"there is no certificate {arn}.")
    settle(held)
    return held


def listed() -> list[dict[str, Any]]:
    """Every requested certificate of all accounts, as the control page shows it."""
    with state_lock:
        held = [(find(arn), life) for arn, life in table("certificate").items()]
    return [
        {
            "arn": bundle.arn,
            "names": list(life.names),
            "status": bundle.status,
            "reason": life.failure,
            "renewal": life.renewal.status if life.renewal else "",
        }
        for bundle, life in held
    ]


def set_status(arn: str, status: str = "ISSUED", reason: str = "") -> None:
    """Set the state by hand. FAILED takes a FailureReason, OTHER if none is given. ValueError for wrong words."""
    if status not in STATES:
        raise ValueError(f"status must be one of {', '.join(STATES)}; got {status!r}.")
    if reason and (status != "FAILED" or reason not in REASONS):
        raise ValueError(f"reason goes with FAILED and must be one of {', '.join(REASONS)}; got {reason!r}.")
    held = find(arn)
    held.status, life = status, life_of(arn)
    if life is not None and status == "ISSUED":
        issue(held, life, clock.now())
    elif life is not None:
        life.failure = (reason or "OTHER") if status == "FAILED" else ""


def renew(arn: str) -> str:
    """Begin the managed renewal now, as AWS does 60 days before the end. Gives its status.

    ValueError unless the certificate is issued and was requested here.
    """
    held, life = find(arn), life_of(arn)
    if life is None or held.status != "ISSUED":
        raise ValueError(f"{arn} is {held.status}; only an issued certificate that was requested renews.")
    life.renewal = Renewal("PENDING_AUTO_RENEWAL", clock.now())
    settle(held)
    return life.renewal.status
