"""The quotas that a region's build comes up against, read before it begins: short ones are warnings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from onboarding.aws.clients import RegionClients
from onboarding.aws.errors import ErrorClass, code_of, read
from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import CheckResult, Context, Outcome

_NONE_APPLIED = ("NoSuchResourceException", "NoSuchResource")


def proofs(ctx: Context, region: str) -> list[CheckResult]:
    """One line for each quota of what this region creates. A role that may not read quotas gets a warning."""
    choices, door = ctx.spec.regions[region], ctx.doors("service", region)
    jobs: list[Callable[[], CheckResult]] = []
    if choices.network.mode == "create":
        jobs.append(partial(_room, ctx, door, "vpc", "L-F678F1CE", "VPCs", _vpcs))
    if choices.load_balancer.mode == "create":
        words = "network load balancers"
        jobs.append(partial(_room, ctx, door, "elasticloadbalancing", "L-69A177A2", words, _balancers))
    try:
        found: list[CheckResult] = together(ctx, jobs)
    except ClientError as error:
        if read(error).kind is not ErrorClass.PERMISSION:
            raise
        said = f"The role may not read the quotas of {region}; a full quota shows only at the call that needs room."
        return [CheckResult(check=f"quotas.{region}", outcome=Outcome.WARN, sentence=said)]
    return found


def _room(
    ctx: Context, door: RegionClients, service: str, code: str, words: str, used: Callable[[RegionClients], int]
) -> CheckResult:
    limit, have = together(ctx, [partial(_limit, door, service, code), partial(used, door)])
    facts: dict[str, Any] = {"quota": code, "service": service, "limit": limit, "used": have, "region": door.region}
    said = f"{door.region}: {have} of {limit:.0f} {words} are used."
    if have + 1 > limit:
        said += f" There is no room for one more unless it exists already: raise {code} in Service Quotas, or free one."
        return CheckResult(check=f"quota.{code}.{door.region}", outcome=Outcome.WARN, sentence=said, facts=facts)
    return CheckResult(check=f"quota.{code}.{door.region}", outcome=Outcome.PASS, sentence=said, facts=facts)


def _limit(door: RegionClients, service: str, code: str) -> float:
    try:
        return float(door.quotas.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
    except ClientError as error:
        if code_of(error) not in _NONE_APPLIED:
            raise
        answer = door.quotas.get_aws_default_service_quota(ServiceCode=service, QuotaCode=code)
        return float(answer["Quota"]["Value"])


def _vpcs(door: RegionClients) -> int:
    return sum(len(page["Vpcs"]) for page in door.ec2.get_paginator("describe_vpcs").paginate())


def _balancers(door: RegionClients) -> int:
    pages = door.elbv2.get_paginator("describe_load_balancers").paginate()
    return sum(1 for page in pages for balancer in page["LoadBalancers"] if balancer["Type"] == "network")
