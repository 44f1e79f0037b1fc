"""How a certificate comes to a bad end, in words, with what a person does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BAD = ("FAILED", "VALIDATION_TIMED_OUT", "REVOKED", "EXPIRED", "INACTIVE")
AUTHORITIES = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")

_AGAIN = "then start the run again, which asks ACM for a new certificate"
_STATES = {
    "VALIDATION_TIMED_OUT": (
        "ACM did not see its validation records within 72 hours.",
        f"See that the records on the DNS page are served, {_AGAIN}.",
    ),
    "REVOKED": ("It was revoked.", f"Find out at AWS Support why, {_AGAIN}."),
    "EXPIRED": (
        "It has expired.",
        f"Take it off whatever still uses it, see that its validation records are served, {_AGAIN}.",
    ),
    "INACTIVE": ("ACM holds it as inactive.", f"Look at it in the ACM console, {_AGAIN}."),
}
_REASONS = {
    "CAA_ERROR": (
        "A CAA record of {names} does not let Amazon issue it.",
        f'Add a CAA record that allows amazon.com (0 issue "amazon.com"), or remove the one that does not; {_AGAIN}.',
    ),
    "DOMAIN_NOT_ALLOWED": (
        "A name of it is on a list of names that are reported as unsafe.",
        f"Have the domain taken off the lists (VirusTotal and Google Safe Browsing name them), {_AGAIN}.",
    ),
    "INVALID_PUBLIC_DOMAIN": (
        "A name of it does not end in a public top-level domain.",
        "Give the product a name below a domain that you own in public DNS, then start the run again.",
    ),
    "ADDITIONAL_VERIFICATION_REQUIRED": (
        "AWS wants to know more about the domain before it issues it.",
        f"Open a case at AWS Support under “Certificate Manager”, have the names approved, {_AGAIN}.",
    ),
    "DOMAIN_VALIDATION_DENIED": (
        "The validation was denied by somebody who controls the domain.",
        f"Clear it with whoever controls the domain, {_AGAIN}.",
    ),
    "NO_AVAILABLE_CONTACTS": (
        "ACM found no contact address for the domain, which email validation requires.",
        f"Validate by DNS: delete that certificate, {_AGAIN}.",
    ),
    "SLR_NOT_FOUND": (
        "ACM's service-linked role is missing in the account.",
        f"Open the ACM console once, which makes it, {_AGAIN}.",
    ),
    "OTHER": ("ACM gives no reason.", f"{_AGAIN[5:].capitalize()}; if that fails too, ask AWS Support."),
}
_PRIVATE = (
    "It was asked of a private certificate authority, which refused it.",
    "Choose a public certificate: buyers do not trust a private authority.",
)


@dataclass(frozen=True, kw_only=True)
class End:
    """What happened, and what to do about it."""

    sentence: str
    cure: str


def end_of(arn: str, status: str, reason: str, names: Sequence[str]) -> End:
    """The end of a certificate in ACM's status, with FailureReason if it FAILED. An unknown word is told as it is."""
    unknown = (f"ACM says {reason or status}.", f"Look at it in the ACM console, {_AGAIN}.")
    if status == "FAILED":
        why, cure = _PRIVATE if reason.startswith("PCA_") else _REASONS.get(reason or "OTHER", unknown)
        word = f"{status}, {reason}" if reason else status
    else:
        (why, cure), word = _STATES.get(status, unknown), status
    said = f"Certificate {arn} cannot be used ({word}). {why.format(names=', '.join(names) or 'its names')}"
    return End(sentence=said, cure=cure)
