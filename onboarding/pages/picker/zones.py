"""Hosted zones (S22): the live public zone in which the product's records have to stand, as DNS tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.checklist.words import counted
from onboarding.dns.answers import Home
from onboarding.engine.context import resolver
from onboarding.pages.picker.base import AwsResource, Candidate, Picker, score
from onboarding.pages.picker.query import Wanted
from onboarding.things.base import Observation, State
from onboarding.things.zone import NOBODY, Zone
from onboarding.things.zones import NO_MARK
from sellers.formats import is_below


class HostedZones(Picker):
    """Judged for the product's `names`; while none is given, for the zone's own name."""

    kind, words, plural, guide = "hosted_zone", "hosted zone", "hosted zones", ("S22",)
    context = ("names",)
    role = "dns"
    everywhere = True
    reads = ("route53:ListHostedZones", "route53:ListHostedZonesByName", "route53:GetHostedZone")
    nothing = "Connect the account that holds the domain's zone, or set the records by hand: the DNS page shows them."
    searched = "name, id or comment"
    looks = True

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        pages = door.route53.get_paginator("list_hosted_zones").paginate()
        return [_found(raw, wanted.names) for page in pages for raw in page["HostedZones"]]

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        return [Candidate(found=each, refusals=tuple(_elsewhere(each, wanted.names))) for each in found]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        zone, dns = offer.found.name, resolver()
        names = [name for name in wanted.names if _holds(zone, name)] or [zone]
        for name in names:
            offer = _judged(door, offer, name, dns.home(name.removeprefix("*.")))
        return offer


def _found(raw: Any, names: Sequence[str]) -> AwsResource:
    zone, private = raw["Name"].rstrip(".").lower(), bool(raw.get("Config", {}).get("PrivateZone"))
    facts = ("private" if private else "public", counted(raw.get("ResourceRecordSetCount", 0), "record"))
    comment = raw.get("Config", {}).get("Comment", "")
    near = not private and (not names or any(_holds(zone, name) for name in names))
    return AwsResource(
        id=raw["Id"].rpartition("/")[2], name=zone, facts=(*facts, *([comment] if comment else [])), near=near, raw=raw
    )


def _holds(zone: str, name: str) -> bool:
    bare = name.removeprefix("*.")
    return bare == zone or is_below(bare, zone)


def _elsewhere(found: AwsResource, names: Sequence[str]) -> Iterator[str]:
    if found.raw.get("Config", {}).get("PrivateZone"):
        yield "It is a private zone: only its own VPCs see it, and AWS and buyers look in public DNS."
    elif names and not any(_holds(found.name, name) for name in names):
        yield f"{', '.join(names)} does not belong in {found.name}."


def _judged(door: RegionClients, offer: Candidate, name: str, home: Home) -> Candidate:
    zone = offer.found.name
    if home.problem and home.apex != zone:
        return offer.but(warnings=[f"Whether it is the live zone of {name} is not known: {home.problem}"])
    if home.apex != zone:
        return offer.but(refusals=[f"{name} belongs in {home.apex or 'no zone'}, the live zone that is nearest to it."])
    thing = Zone(name=name, apex=zone, servers=tuple(sorted(home.servers)))
    live = thing.make(door, NO_MARK)
    mine = Zone.check(door, [(thing, offer.found.id)])[0]
    if live.id == offer.found.id:
        return score(offer.found, thing, mine).but(
            refusals=offer.refusals, warnings=[*offer.warnings, *_partly(mine, home)]
        )
    if mine.state is State.GONE:
        return offer.but(refusals=[mine.sentence])
    return offer.but(refusals=[live.sentence if live.id == NOBODY else _other(live, mine, home)])


def _other(live: Observation, mine: Observation, home: Home) -> str:
    asked, own = ", ".join(sorted(home.servers)), ", ".join(mine.values["servers"])
    return f"The live zone of that name is {live.id}: the world asks {asked}, and this one's servers are {own}."


def _partly(mine: Observation, home: Home) -> Iterator[str]:
    own, asked = set(mine.values["servers"]), set(home.servers)
    if strange := sorted(asked - own):
        yield f"The world also asks {', '.join(strange)}, not of this zone: records here are seen only in part."
    if unasked := sorted(own - asked):
        yield f"The domain does not name {', '.join(unasked)} as its servers: add them at whoever delegates it."
