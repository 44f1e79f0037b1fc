"""Certificates (S21, S28, S29): issued, and for all names of the product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.dns import coverage
from onboarding.pages.picker.base import AwsResource, Candidate, Picker, score
from onboarding.pages.picker.query import Wanted
from onboarding.things.base import Observation
from onboarding.things.certificate import ISSUED, KEYS, Certificate


class Certificates(Picker):
    """Each is described for itself; ACM's list tells enough to search and to put the likely ones first."""

    kind, words, plural, guide = "certificate", "certificate", "certificates", ("S21", "S28", "S44")
    context = ("names",)
    role = "certificates"
    reads = ("acm:ListCertificates", "acm:DescribeCertificate")
    nothing = "Choose “Create for me”: ACM is asked for one with the product's names."
    searched = "name or ARN"
    looks = True

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        pages = door.acm.get_paginator("list_certificates").paginate(Includes=KEYS)
        return [_found(raw, wanted) for page in pages for raw in page["CertificateSummaryList"]]

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        return [Candidate(found=each) for each in found]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        thing = Certificate(given=offer.found.id, names=wanted.names)
        seen = Certificate.check(door, [(thing, offer.found.id)])[0]
        return score(offer.found, thing, seen).but(
            refusals=list(_ended(seen)), warnings=list(_warnings(seen)), facts=list(_facts(seen))
        )

    def advice(self, door: RegionClients, wanted: Wanted) -> str:
        if not wanted.names:
            return ""
        return f"It has to cover {', '.join(wanted.names)}. A wildcard stands for exactly one label."


def _found(raw: Any, wanted: Wanted) -> AwsResource:
    names = list(dict.fromkeys([raw.get("DomainName", ""), *raw.get("SubjectAlternativeNameSummaries", [])]))
    near = raw.get("Status", ISSUED) == ISSUED and (not wanted.names or bool(set(names) & set(wanted.names)))
    return AwsResource(id=raw["CertificateArn"], name=names[0], facts=tuple(names[1:]), near=near, raw=raw)


def _expiry(seen: Observation) -> coverage.Expiry | None:
    ends = seen.values.get("not_after", "")
    return coverage.expiry(datetime.fromisoformat(ends), datetime.now(UTC)) if ends else None


def _ended(seen: Observation) -> Iterator[str]:
    """One that ACM still calls issued though its time is over."""
    ends = _expiry(seen)
    if ends and ends.word == "expired":
        yield ends.sentence


def _warnings(seen: Observation) -> Iterator[str]:
    if seen.values.get("imported"):
        yield "It was imported, so ACM never renews it: import the next one before it expires."
    ends = _expiry(seen)
    if ends and ends.word == "soon":
        yield ends.sentence


def _facts(seen: Observation) -> Iterator[str]:
    if names := seen.values.get("names", [])[1:]:
        yield from names
    if ends := seen.values.get("not_after", ""):
        yield f"until {ends[:10]}"
    if used := len(seen.values.get("in_use_by", [])):
        yield f"used by {used}"
