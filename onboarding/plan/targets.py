"""Targets that the seller chose: whether they run in this network, and whether their security groups let anybody in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from onboarding.plan.findings import Finding
from onboarding.plan.ground import Ground, judged
from onboarding.steps.base import Outcome
from onboarding.things.instance import Instance


def targets(ground: Ground) -> Iterator[Finding]:
    """Findings about existing instances; addresses and an ALB as targets are judged by the run."""
    choice, network = ground.choices.targets, ground.choices.network
    if choice.mode != "existing" or not choice.instance_ids:
        return
    wanted = [Instance(key=i, given=i, vpc_id=network.vpc_id or "") for i in choice.instance_ids]
    seen = Instance.check(ground.door, [(thing, thing.given) for thing in wanted])
    ground.facts["targets"] = [[look.id, look.at_aws] for look in seen]
    for thing, look in zip(wanted, seen, strict=True):
        yield from judged(ground, "targets", thing, look)
    yield from _closed(ground, choice.instance_ids)


def _closed(ground: Ground, ids: Sequence[str]) -> Iterator[Finding]:
    """Instances whose groups open the target port to nobody: their health checks cannot succeed."""
    port = ground.look.spec.product.listener.target_port
    groups = _groups(ground, ids)
    opening = _open(ground, sorted({group for those in groups.values() for group in those}), port)
    for instance in ids:
        if groups.get(instance) and not opening & set(groups[instance]):
            said = (
                f"No security group of {instance} lets anybody in on port {port}, so the load balancer's health check "
                f"fails. Allow {port} from the load balancer's security group or from the network's range."
            )
            yield ground.finding(Outcome.WARN, "targets", said, "S17")


def _groups(ground: Ground, ids: Sequence[str]) -> dict[str, list[str]]:
    pages = ground.door.ec2.get_paginator("describe_instances").paginate(
        Filters=[{"Name": "instance-id", "Values": list(ids)}]
    )
    found = [one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"]]
    return {one["InstanceId"]: [group["GroupId"] for group in one.get("SecurityGroups", [])] for one in found}


def _open(ground: Ground, group_ids: Sequence[str], port: int) -> set[str]:
    """Those of the groups that open the port to some source."""
    if not group_ids:
        return set()
    pages = ground.door.ec2.get_paginator("describe_security_groups").paginate(
        Filters=[{"Name": "group-id", "Values": list(group_ids)}]
    )
    groups = [group for page in pages for group in page["SecurityGroups"]]
    return {g["GroupId"] for g in groups if any(_lets_in(rule, port) for rule in g.get("IpPermissions", []))}


def _lets_in(rule: Any, port: int) -> bool:
    sources = [*rule.get("IpRanges", []), *rule.get("UserIdGroupPairs", []), *rule.get("PrefixListIds", [])]
    if not sources or rule.get("IpProtocol") not in ("tcp", "-1"):
        return False
    return bool(rule["IpProtocol"] == "-1" or rule.get("FromPort", 0) <= port <= rule.get("ToPort", 65535))
