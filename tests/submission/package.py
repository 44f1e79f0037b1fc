"""A submission as tests begin with: two regions, everything in order, evidence of an hour ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from onboarding.checklist.step import Outcome, PastResult
from onboarding.submission.facts import CertificateFacts, Facts, Kept, RegionFacts
from onboarding.submission.lines import LINES, OWN
from onboarding.submission.readiness import Known

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REGIONS = ("eu-west-1", "us-east-1")
SELLER, CERTIFICATES = "111111111111", "222222222222"
PROCESS = "We write to every new buyer.\nSupport adds the account within a day."


def region(name: str, **more: Any) -> RegionFacts:
    """One region's facts."""
    service_id = "vpce-svc-0123456789abcdef0"
    arn = f"arn:aws:acm:{name}:{CERTIFICATES}:certificate/11111111-2222-3333-4444-555555555555"
    names = ("*.api.vpce.example.com", "api.example.com", "api.vpce.example.com")
    whole = {
        "region": name,
        "account": SELLER,
        "service_id": service_id,
        "service_name": f"com.amazonaws.vpce.{name}.{service_id}",
        "certificate": CertificateFacts(arn=arn, account=CERTIFICATES, names=names),
    }
    return RegionFacts(**{**whole, **more})


def facts(**more: Any) -> Facts:
    """The facts of both regions."""
    whole = {
        "seller": "example-analytics",
        "product": "Example Analytics",
        "product_id": "prod-abc123def4567",
        "friendly_name": "api.vpce.example.com",
        "private_name": "api.example.com",
        "servers": ("ns-2.awsdns-02.net", "ns-1.awsdns-01.com"),
        "regions": tuple(region(name) for name in reversed(REGIONS)),
        "keep": (Kept(name="_x.api.vpce.example.com", value="_y.acm-validations.aws"),),
        "process": PROCESS,
    }
    return Facts(**{**whole, **more})


def past(check: str, outcome: str = "pass", sentence: str = "As it should be.", **ago: float) -> PastResult:
    """One piece of evidence, an hour old unless told otherwise."""
    age = timedelta(**ago) if ago else timedelta(hours=1)
    return PastResult(
        check=check, outcome=Outcome(outcome), sentence=sentence, facts={}, at=NOW - age, age=age, current=True
    )


def item(*evidence: PastResult) -> Known:
    """What is known of an item."""
    return Known(past=evidence or [past("check")])


def rehearsal(*evidence: PastResult) -> Known:
    """A rehearsal that ended well: its stages and verdict, then what the item says since."""
    return Known(past=[past("found"), past("verdict"), past("outcome", minutes=50), *evidence])


def everything(regions: Sequence[str] = REGIONS) -> dict[tuple[str, str], Known]:
    """Evidence for every line of the guide, all of it good."""
    known = {("delegation", ""): item(), (OWN, ""): Known(past=[past(check) for check in own_checks(regions)])}
    for slug in {source.slug for line in LINES for source in line.sources} - {OWN, "delegation", "private_dns"}:
        known |= {(slug, place): item() for place in regions}
    known |= {("rehearsal", place): rehearsal() for place in regions}
    return known


def own_checks(regions: Sequence[str] = REGIONS) -> list[str]:
    """The checks of the submission's own look at AWS."""
    each = [f"{code}.{place}" for code in ("S27", "S42", "S43", "S44") for place in regions]
    return [*each, "S26", "S28", "S29", "S45", "S46"]
