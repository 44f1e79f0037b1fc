"""One trial: a worker is killed at a point, another goes on, and the end is compared with an undisturbed one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.crash.world import World
from tests.inventory_diff import normal

MAKES = {
    "CreateVpc": ("vpc",),
    "CreateSubnet": ("subnet",),
    "CreateSecurityGroup": ("security_group", "endpoint_group"),
    "AuthorizeSecurityGroupIngress": ("security_rule", "endpoint_rule"),
    "ModifyVpcAttribute": ("vpc_attribute",),
    "RunInstances": ("instance",),
    "CreateLoadBalancer": ("load_balancer",),
    "ModifyLoadBalancerAttributes": ("load_balancer_attribute",),
    "SetSecurityGroups": ("privatelink_rules",),
    "CreateTargetGroup": ("target_group",),
    "CreateListener": ("listener",),
    "RegisterTargets": ("target",),
    "CreateVpcEndpointServiceConfiguration": ("endpoint_service",),
    "ModifyVpcEndpointServiceConfiguration": ("private_dns_name",),
    "StartVpcEndpointServicePrivateDnsVerification": ("private_dns_verification",),
    "ModifyVpcEndpointServicePermissions": ("principal",),
    "RequestCertificate": ("certificate",),
    "ChangeResourceRecordSets": ("record",),
    "CreateVpcEndpoint": ("endpoint",),
    "AcceptVpcEndpointConnections": ("connection",),
}
OBJECTS = {
    "vpc": "vpcs",
    "subnet": "subnets",
    "security_group": "security_groups",
    "instance": "instances",
    "load_balancer": "load_balancers",
    "target_group": "target_groups",
    "listener": "listeners",
    "endpoint_service": "endpoint_services",
    "certificate": "certificates",
    "endpoint": "endpoints",
}
SETS = ("security_rule", "endpoint_rule", "principal", "target", "record", "connection", "private_dns_name")
_KEY = re.compile(r'/([^/"]+)/g\d+"')


@dataclass(frozen=True)
class Point:
    """Where a worker dies: `place` "call" (n-th of the world), "mutation" (n-th mutating call) or "commit" (n-th of the
    process); `moment` before or after it.
    """

    place: str
    number: int
    moment: str

    def __str__(self) -> str:
        return f"{self.moment} {self.place} {self.number}"


@dataclass(frozen=True)
class Reference:
    """An undisturbed way: what is left of it, and how many points it offers."""

    inventory: Any
    calls: int
    mutations: int
    commits: int
    seconds_travelled: float


def undisturbed(world: World, verb: str) -> Reference:
    """Go the way once without a kill. AssertionError if it does not end well by itself."""
    _begin(world, verb)
    done = world.worker("work")
    end = world.worker("look")
    calls = world.sandbox.get("calls")
    inventory = normal(world.sandbox.get("inventory"))
    reference = Reference(inventory, len(calls), _mutating(calls), done["commits"], done["travelled"])
    wrong = list(differences(world, verb, reference, end))
    assert not wrong, f"Undisturbed: {wrong}"
    return reference


def disturbed(world: World, verb: str, reference: Reference, points: Sequence[Point]) -> tuple[int, list[str]]:
    """Kill a worker at each of the points, one after the other, then let one finish. (kills, what differs)."""
    _begin(world, verb)
    kills = 0
    for point in points:
        kills += _killed(world, point)
    world.sandbox.post("faults-clear")
    world.worker("work")
    return kills, list(differences(world, verb, reference, world.worker("look")))


def _begin(world: World, verb: str) -> None:
    world.begin()
    if verb == "teardown":
        world.worker("work")
        world.worker("teardown")
        world.sandbox.post("calls-clear")


def _killed(world: World, point: Point) -> bool:
    if point.place == "commit":
        return bool(world.worker("work", commit=point.number, moment=point.moment)["signal"])
    fault = {"kind": "kill", "when": point.moment, "skip": point.number}
    world.sandbox.post("faults", {**fault, **({"mutating": True} if point.place == "mutation" else {})})
    return bool(world.worker("work")["signal"])


def _mutating(calls: list[dict[str, Any]]) -> int:
    return sum(call["mutating"] for call in calls)


def differences(world: World, verb: str, reference: Reference, end: dict[str, Any]) -> Iterator[str]:
    """What of the end is not as it must be, in words."""
    wanted = [["provision", "done"], *([["teardown", "done"]] if verb == "teardown" else [])]
    if end["runs"] != wanted:
        yield f"runs {end['runs']}, items {[item for item in end['items'] if item[1] not in ('done', 'undone')]}"
    if end["leases"] or end["outbox"] or end["counters"]:
        yield f"{end['leases']} leases, {end['outbox']} open mails, counters that differ: {end['counters']}"
    found = world.sandbox.get("inventory")
    if normal(found) != reference.inventory:
        yield f"the accounts differ: {_counts(found)} and not {_counts(reference.inventory)}"
    yield from _strangers(found, end["rows"])
    yield from _unannounced(world.sandbox.get("calls?mutating=true"), end["events"])


def _counts(inventory: Any) -> dict[str, int]:
    return {
        f"{region} {kind}": len(things)
        for regions in inventory.values()
        for region, kinds in regions.items()
        for kind, things in kinds.items()
    }


def _strangers(found: Any, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Things with our tag that the inventory does not know, and rows of things that AWS does not have."""
    for kind, plural in OBJECTS.items():
        there = {
            thing["id"]
            for regions in found.values()
            for kinds in regions.values()
            for thing in kinds.get(plural, [])
            if "plc:item" in thing["tags"]
        }
        known = {row["aws_id"] for row in rows if row["kind"] == kind and row["state"] == "exists" and row["managed"]}
        if there != known:
            yield f"{plural}: AWS has {sorted(there - known)} beside the inventory, lacks {sorted(known - there)}"
    if open_ := [row for row in rows if row["state"] in ("intended", "deleting")]:
        yield f"rows without an end: {open_}"


def _unannounced(calls: list[dict[str, Any]], events: list[dict[str, Any]]) -> Iterator[str]:
    """Mutating calls before which no intent was on record."""
    for call in calls:
        if not call["action"]:
            continue  # half a request: its sender died while it wrote
        text = json.dumps(call["params"], default=str)
        if not any(_announces(event, call, text) for event in events if event["at"] <= call["started"]):
            yield f"{call['action']} without an intent before it: {text[:200]}"


def _announces(event: dict[str, Any], call: dict[str, Any], text: str) -> bool:
    if event["what"] in ("removing", "twin"):
        twin = event.get("twin", "")
        return event["kind"] in SETS or (event["id"] or twin) in text
    if event["what"] != "intent" or event["kind"] not in MAKES.get(call["action"], ()):
        return False
    key = _KEY.search(text)
    return key is None or key[1] == event["key"]
