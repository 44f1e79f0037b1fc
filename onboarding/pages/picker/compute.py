"""Instances that answer behind the load balancer (S17), and security groups (S16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.checklist.words import counted
from onboarding.pages.picker.base import BATCH, AwsResource, Candidate, Picker, allowed, judged, tags_of, zones_of
from onboarding.pages.picker.query import Wanted
from onboarding.things.instance import Instance
from onboarding.things.security_group import SecurityGroup

_LIVING = ["pending", "running", "stopping", "stopped"]


class Instances(Picker):
    """Running, in the VPC, in a zone of the load balancer; warned of bad status checks and a closed port."""

    kind, words, plural, guide, many = "instances", "instance", "instances", ("S17",), True
    context = ("vpc", "port", "zones")
    reads = (
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeAvailabilityZones",
    )
    nothing = "Choose “Create for me”: one in each Availability Zone is started, with a test server."

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        living: Any = [{"Name": "instance-state-name", "Values": _LIVING}]
        zones = zones_of(door)
        pages = door.ec2.get_paginator("describe_instances").paginate(Filters=living)
        return [_instance(i, zones, wanted.vpc) for page in pages for r in page["Reservations"] for i in r["Instances"]]

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        zones = zones_of(door)
        offers = judged(door, found, [Instance(given=each.id, vpc_id=wanted.vpc) for each in found])
        offers = [offer.but(refusals=list(_outside(offer, zones, wanted.zones))) for offer in offers]
        running = [offer.found.id for offer in offers if offer.usable]
        states, no_states = allowed(partial(_statuses, door, running))
        groups, no_groups = allowed(partial(_groups, door)) if wanted.port and running else (None, "")
        unseen = [said for said in (no_states, no_groups) if said]
        return [
            offer.but(warnings=[*_status(offer, states or {}), *_closed(offer, groups, wanted.port), *unseen])
            if offer.usable
            else offer
            for offer in offers
        ]

    def advice(self, door: RegionClients, wanted: Wanted) -> str:
        return "Choose one in each Availability Zone of the load balancer: a zone without one depends on the others."


class SecurityGroups(Picker):
    """Of the VPC; warned if no inbound rule opens the port."""

    kind, words, plural, many = "security_groups", "security group", "security groups", True
    guide = ("S16",)
    context = ("vpc", "port")
    reads = ("ec2:DescribeSecurityGroups",)
    nothing = "Choose “Create for me”: the load balancer and its targets get groups of their own."

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return [_group(raw, wanted.vpc) for raw in _groups(door).values()]

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        things = [SecurityGroup(given=each.id, vpc_id=wanted.vpc or str(each.raw["VpcId"])) for each in found]
        shut = f"No inbound rule of it opens TCP {wanted.port}. Add one, or choose another group beside it."
        return [
            offer.but(warnings=[shut]) if wanted.port and not _opens(offer.found.raw, wanted.port) else offer
            for offer in judged(door, found, things)
        ]


def _instance(raw: Any, zones: Mapping[str, str], vpc_id: str) -> AwsResource:
    tags, zone = tags_of(raw), raw.get("Placement", {}).get("AvailabilityZone", "")
    facts = (
        raw["State"]["Name"],
        raw.get("InstanceType", ""),
        zones.get(zone, zone),
        raw.get("PrivateIpAddress", ""),
        raw.get("VpcId", ""),
    )
    return AwsResource(
        id=raw["InstanceId"],
        name=tags.get("Name", ""),
        facts=tuple(fact for fact in facts if fact),
        tags=tags,
        near=raw.get("VpcId") == vpc_id or not vpc_id,
        raw=raw,
    )


def _outside(offer: Candidate, zones: Mapping[str, str], wanted: Sequence[str]) -> Iterator[str]:
    zone = zones.get(offer.seen.values.get("zone_name", ""), "") if offer.seen else ""
    if wanted and zone and zone not in wanted:
        yield f"It is in {zone}, and the load balancer is in {', '.join(wanted)} only: no connection would reach it."


def _statuses(door: RegionClients, ids: Sequence[str]) -> dict[str, Any]:
    """Instance id -> its status checks, of those that run."""
    found: dict[str, Any] = {}
    for start in range(0, len(ids), BATCH):
        batch: Any = [{"Name": "instance-id", "Values": list(ids[start : start + BATCH])}]
        pages = door.ec2.get_paginator("describe_instance_status").paginate(Filters=batch)
        found |= {status["InstanceId"]: status for page in pages for status in page["InstanceStatuses"]}
    return found


def _status(offer: Candidate, states: Mapping[str, Any]) -> Iterator[str]:
    found = states.get(offer.found.id, {})
    for words, key in (("instance", "InstanceStatus"), ("system", "SystemStatus")):
        word = found.get(key, {}).get("Status", "ok")
        if word != "ok":
            yield f"Its {words} status check says {word}, not ok. Look at it before you rely on it."


def _groups(door: RegionClients) -> dict[str, Any]:
    """Group id -> AWS's own words, of the region."""
    pages = door.ec2.get_paginator("describe_security_groups").paginate()
    return {group["GroupId"]: group for page in pages for group in page["SecurityGroups"]}


def _closed(offer: Candidate, groups: Mapping[str, Any] | None, port: int) -> Iterator[str]:
    ids = [group["GroupId"] for group in offer.found.raw.get("SecurityGroups", [])]
    if groups is not None and not any(_opens(groups.get(group_id, {}), port) for group_id in ids):
        yield f"None of its security groups opens TCP {port}: let the load balancer in on it."


def _opens(group: Mapping[str, Any], port: int) -> bool:
    return any(
        rule["IpProtocol"] == "-1"
        or (rule["IpProtocol"] in ("tcp", "6") and rule.get("FromPort", 0) <= port <= rule.get("ToPort", 65535))
        for rule in group.get("IpPermissions", [])
    )


def _group(raw: Any, vpc_id: str) -> AwsResource:
    tags, rules = tags_of(raw), len(raw.get("IpPermissions", []))
    facts = (raw.get("Description", ""), counted(rules, "inbound rule"), raw.get("VpcId", ""))
    name = tags.get("Name", "") or raw["GroupName"]
    near = raw.get("VpcId") == vpc_id or not vpc_id
    return AwsResource(id=raw["GroupId"], name=name, facts=facts, tags=tags, near=near, raw=raw)
