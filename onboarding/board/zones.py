"""Availability Zones by id, which is the same place in every account: load balancer, service, seen by the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onboarding.board.words import Mark
from onboarding.models import Evidence, Item

YES = Mark("yes", "s-done", "circle-check")
NO = Mark("no", "s-you", "user-exclamation")
UNKNOWN = Mark("not tried", "s-todo", "circle-dashed")


@dataclass(frozen=True)
class ZoneRow:
    """One zone: its id, its name in the seller's account, and who is in it."""

    zone_id: str
    name: str
    balancer: Mark
    service: Mark
    buyer: Mark


@dataclass(frozen=True)
class ZoneTable:
    """The zones of one region."""

    region: str
    rows: list[ZoneRow]


def zone_tables(
    regions: Sequence[str], items: Mapping[tuple[str, str], Item], evidence: Iterable[Evidence]
) -> list[ZoneTable]:
    """A table for each region whose network is known; no query."""
    seen = _seen_by_buyer(evidence)
    tables = [ZoneTable(region, _rows(region, items, seen.get(region, set()))) for region in regions]
    return [table for table in tables if table.rows]


def _rows(region: str, items: Mapping[tuple[str, str], Item], buyer: set[str]) -> list[ZoneRow]:
    network = _made(items, "network", region)
    names = dict(zip(network.get("region_zone_ids", ()), network.get("region_zone_names", ()), strict=False))
    balancer = set(_made(items, "load_balancer", region).get("zone_ids", ()))
    service = set(_made(items, "endpoint_service", region).get("zone_ids", ()))
    return [
        ZoneRow(
            zone_id=zone,
            name=names.get(zone, ""),
            balancer=_mark(zone, balancer),
            service=_mark(zone, service),
            buyer=YES if zone in buyer else UNKNOWN,
        )
        for zone in sorted({*names, *balancer, *service})
    ]


def _mark(zone: str, known: set[str]) -> Mark:
    return (YES if zone in known else NO) if known else UNKNOWN


def _made(items: Mapping[tuple[str, str], Item], slug: str, region: str) -> dict[str, Any]:
    item = items.get((slug, region))
    return (item.made or {}) if item else {}


def _seen_by_buyer(evidence: Iterable[Evidence]) -> dict[str, set[str]]:
    """Region -> the zones in which the buyer's test endpoint was."""
    found: dict[str, set[str]] = {}
    for row in evidence:
        if row.item.slug == "rehearsal":
            found.setdefault(row.item.region, set()).update(map(str, row.facts.get("zone_ids", ())))
    return found
