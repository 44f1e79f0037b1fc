"""What a submission says: exactly what the guide asks for (S27-S29, S44, S46) and the record to keep (Q4).

The facts are JSON-native, in a fixed order and without times, so that two readings of the same world have the same
SHA-256.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True, order=True)
class Kept:
    """A CNAME record of AWS Certificate Manager; names are absolute, without the final dot."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """One region's certificate: the account that requested it (S29), and the names that it covers."""

    arn: str
    account: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RegionFacts:
    """One region's endpoint service and the account that created it (S27), with its certificate (S44)."""

    region: str
    account: str
    service_id: str
    service_name: str
    certificate: CertificateFacts


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A submission's facts. `private_name` is "" if none is provided (S45); `servers` are Seller Operations' own."""

    seller: str
    product: str
    product_id: str
    friendly_name: str
    private_name: str
    servers: tuple[str, ...]
    regions: tuple[RegionFacts, ...]
    keep: tuple[Kept, ...]
    process: str

    def dump(self) -> dict[str, Any]:
        """JSON-native data, in the order in which regions, records and servers are sorted."""
        whole = dataclasses.replace(
            self,
            servers=tuple(sorted(set(self.servers))),
            regions=tuple(sorted(self.regions, key=lambda one: one.region)),
            keep=tuple(sorted(set(self.keep))),
        )
        plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(whole)))
        return plain

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Self:
        """The facts again from `dump`."""
        return cls(
            seller=data["seller"],
            product=data["product"],
            product_id=data["product_id"],
            friendly_name=data["friendly_name"],
            private_name=data["private_name"],
            servers=tuple(data["servers"]),
            regions=tuple(_region(one) for one in data["regions"]),
            keep=tuple(Kept(**one) for one in data["keep"]),
            process=data["process"],
        )


def _region(data: Mapping[str, Any]) -> RegionFacts:
    certificate = data["certificate"]
    return RegionFacts(
        **{**data, "certificate": CertificateFacts(**{**certificate, "names": tuple(certificate["names"])})}
    )


def digest(facts: Mapping[str, Any]) -> str:
    """The SHA-256 of a submission's facts, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
