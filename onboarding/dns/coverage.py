"""Which of a product's names a certificate covers, and for how long (S21, S28, S29)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.dns.records import absolute

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Coverage:
    """`by` says for each wanted name which of the certificate's names covers it, "" for none."""

    by: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Every wanted name is covered."""
        return all(self.by.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """The wanted names that are not covered."""
        return tuple(name for name, by in self.by.items() if not by)

    @property
    def sentence(self) -> str:
        """What is missing and the cure, "" if nothing is."""
        if self.ok:
            return ""
        return (
            f"The certificate does not cover {' and '.join(self.missing)}. Its names cannot be changed: request one "
            f"for {', '.join(self.by)}. A wildcard stands for exactly one label."
        )


@dataclass(frozen=True)
class Expiry:
    """`word` is "valid", "soon" (under 30 days) or "expired"; `days` are whole days left; `sentence` is "" if valid."""

    word: str
    days: int
    sentence: str


def wanted(friendly: str, private: str = "") -> tuple[str, ...]:
    """The names a certificate has to cover: the friendly name, endpoints one label below it, and the private name."""
    return tuple(dict.fromkeys(name for name in (friendly, f"*.{friendly}", private) if name))


def demanded(profile: str, friendly: str, private: str) -> tuple[str, ...]:
    """The names that a product's certificate must cover. With the native profile buyers use the private name alone."""
    if not friendly or (profile == "native" and private):
        return (private,) if private else ()
    return wanted(friendly, private)


def covers(names: Iterable[str], wanted: Iterable[str]) -> Coverage:
    """What of the wanted names a certificate's names cover. A wildcard covers exactly one label (RFC 6125, 6.4.3), so
    a wanted wildcard is covered only by the same one. A name that stands there itself goes before a wildcard.
    """
    held = list(dict.fromkeys(absolute(name) for name in names))
    return Coverage({absolute(name): _by(absolute(name), held) for name in wanted})


def _by(name: str, held: list[str]) -> str:
    wildcard = "*." + name.partition(".")[2]
    return next((each for each in (name, wildcard) if each in held), "")


def expiry(not_after: datetime, now: datetime) -> Expiry:
    """How long a certificate is still valid at `now`; both with a time zone."""
    left = not_after - now
    on = f"{not_after:%Y-%m-%d}"
    if left <= timedelta(0):
        return Expiry("expired", left.days, f"The certificate expired on {on}. Request a new one.")
    if left < SOON:
        return Expiry(
            "soon",
            left.days,
            f"The certificate expires on {on}. ACM renews it only while its CNAME resolves: check that.",
        )
    return Expiry("valid", left.days, "")
