"""Access: each role answers for its declared account, may do what is needed, and the regions are there
(S4, S42).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from onboarding.aws import cli
from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import (
    Build,
    CheckResult,
    Context,
    NeedsAction,
    Outcome,
    Scope,
    Step,
    Wait,
    WaitingFor,
    each,
)
from onboarding.permissions import quotas, simulation
from onboarding.steps import checklist
from sellers import formats


@dataclass(frozen=True, kw_only=True)
class AccessOutputs:
    """The accounts behind the product's roles; the buyer test account is "" when none is declared."""

    account_id: str
    buyer_test_account_id: str


class Access(Step[AccessOutputs]):
    """Reads only. Permissions that are missing and regions that are not enabled stop the run before it
    makes anything.
    """

    slug = "access"
    title = "Access"
    doing = "Checking roles, permissions, and Regions"
    guide = ("S4", "S42")
    scope = Scope.ACCOUNT
    calls = (
        "sts:GetCallerIdentity",
        "ec2:DescribeRegions",
        "iam:SimulatePrincipalPolicy",
        "servicequotas:GetServiceQuota",
        "servicequotas:GetAWSDefaultServiceQuota",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeLoadBalancers",
    )
    outputs = AccessOutputs
    inputs_changed_by = ("connections.",)

    def things(self, ctx: Context) -> Build[AccessOutputs]:
        yield from each([])
        arns = ctx.spec.connections
        return AccessOutputs(
            account_id=formats.account_of(arns.service), buyer_test_account_id=formats.account_of(arns.buyer_test)
        )

    def check(self, ctx: Context, outputs: AccessOutputs) -> Sequence[CheckResult]:
        jobs: list[Callable[[], list[CheckResult]]] = [
            partial(_identity, ctx, role, arn) for role, arn in _roles(ctx).items()
        ]
        jobs.append(partial(_regions, ctx))
        jobs.append(partial(simulation.proofs, ctx, checklist()))
        jobs += [partial(quotas.proofs, ctx, region) for region in ctx.spec.regions]
        try:
            found = [proof for proofs in together(ctx, jobs) for proof in proofs]
        except ClientError as error:
            raise simulation.explained(ctx, checklist(), error) from error
        return [*found, *_whole(ctx, found)]


def only_reads(ctx: Context) -> bool:
    """Whether the service role was seen to change nothing: then a person is asked for what a run would add."""
    return any(past.facts.get(simulation.ONLY_READS) for past in ctx.evidence(Access.slug, ""))


def by_yourself(ctx: Context, said: str, operation: str, kind: str, aws_status: str = "", **values: Any) -> Wait:
    """The wait for a person under a role that only reads, with the EC2 command of the call that we would make."""
    command = cli.command("ec2", operation, values, ctx.region)
    told = f"{said} Our role only reads, so run it yourself: {command}"
    return Wait(WaitingFor.YOU, told, kind=kind, aws_status=aws_status, poll=True)


def _whole(ctx: Context, found: Sequence[CheckResult]) -> list[CheckResult]:
    """The sentence that stands for all of them, when there is nothing to warn of."""
    if any(proof.outcome is not Outcome.PASS for proof in found):
        return []
    regions = ", ".join(ctx.spec.regions)
    said = f"Every role answers, no permission is missing, and these regions are enabled: {regions}."
    return [CheckResult(check="access", outcome=Outcome.PASS, sentence=said)]


def _roles(ctx: Context) -> dict[str, str]:
    """Role -> ARN of the roles in use; a role that another stands for is asked once."""
    arns = ctx.spec.connections
    named = {"service": arns.service, "certificates": arns.certificates, "dns": arns.dns, "buyer_test": arns.buyer_test}
    found: dict[str, str] = {}
    for role, arn in named.items():
        if arn and arn != "none" and arn not in found.values():
            found[role] = arn
    return found


def _identity(ctx: Context, role: str, arn: str) -> list[CheckResult]:
    door = ctx.doors(role, "")  # opened only after GetCallerIdentity named the declared account
    said = f"The role for {role.replace('_', ' ')} answers for account {door.account}, as declared."
    facts = {"role": role, "arn": door.arn, "account": door.account}
    return [CheckResult(check=f"identity.{role}", outcome=Outcome.PASS, sentence=said, facts=facts)]


def _regions(ctx: Context) -> list[CheckResult]:
    answer = ctx.doors("service", "").ec2.describe_regions(AllRegions=True)["Regions"]
    status = {region["RegionName"]: region["OptInStatus"] for region in answer}
    unknown = [region for region in ctx.spec.regions if region not in status]
    if unknown:
        raise NeedsAction(
            f"AWS lists no region {', '.join(unknown)} for this account.",
            "Remove the region from the product, or correct its name.",
        )
    closed = [region for region in ctx.spec.regions if status[region] == "not-opted-in"]
    if closed:
        raise NeedsAction(
            f"Region {', '.join(closed)} is not enabled in account {formats.account_of(ctx.spec.connections.service)}.",
            "Enable it in the account's settings (AWS takes some minutes), then retry this step.",
        )
    facts = {region: status[region] for region in ctx.spec.regions}
    said = f"All regions of the product are enabled: {', '.join(facts)}."
    return [CheckResult(check="regions", outcome=Outcome.PASS, sentence=said, facts=facts)]
