"""The hosted zones of the inventory, each with its records but for those of its own apex."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.route53.models import route53_backends


def zone_accounts() -> list[str]:
    """The accounts that Route 53 knows."""
    return list(route53_backends)


def hosted_zones(account: str, region: str) -> Iterator[dict[str, Any]]:
    """Zones belong to no Region, so they stand at `aws`."""
    if region == "aws" and account in route53_backends:
        backend = route53_backends[account]["aws"]
        for zone in backend.zones.values():
            records = [held for held in zone.rrsets if held.name != zone.name or held.type not in ("NS", "SOA")]
            yield {
                "id": zone.resource_id,
                "tags": dict(backend.resource_tags.get(zone.resource_id, {})),
                "state": "active",
                "name": zone.name,
                "private": zone.private_zone,
                "records": sorted(f"{held.name} {held.ttl} {held.type} {' '.join(held.records)}" for held in records),
            }
