"""The permission preflight of a plan: each role is entered, its policy simulated, and a region asked by a dry run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from botocore.exceptions import ClientError

from onboarding.aws.errors import ErrorClass, code_of, read
from onboarding.checklist.step import Outcome
from onboarding.permissions import quotas, simulation
from onboarding.preflight.account import Look
from onboarding.preflight.findings import Finding, attempt, of_proof
from onboarding.steps import checklist
from onboarding.things.base import Ownership

WOULD = "DryRunOperation"  # AWS's word for "you may"
NAMES = {
    "service": "service account",
    "certificates": "certificate account",
    "dns": "DNS account",
    "buyer_test": "buyer test account",
}


def jobs(look: Look) -> list[Callable[[], list[Finding]]]:
    """One look for each role, for the service role's policy, and for each region that gets a VPC."""
    found: list[Callable[[], list[Finding]]] = [
        partial(attempt, partial(_answers, look, role)) for role in look.roles()
    ]
    found.append(partial(attempt, partial(_simulated, look)))
    for region, choices in look.spec.regions.items():
        if choices.network.mode == "create":
            found.append(partial(attempt, partial(_dry_run, look, region), region, "network"))
    return found


def _answers(look: Look, role: str) -> list[Finding]:
    door = look.doors(role, "")  # opened only after GetCallerIdentity named the declared account
    said = f"The role of the {NAMES[role]} answers for account {door.account}, as declared."
    return [Finding(outcome=Outcome.PASS, sentence=said, slug="access")]


def _simulated(look: Look) -> list[Finding]:
    look.doors("service", "")  # a role that lets nobody in is not one that may not simulate
    return [of_proof(proof) for proof in simulation.proofs(look.context(), checklist())]


def _dry_run(look: Look, region: str) -> list[Finding]:
    """Whether a VPC may be made here: a policy of the whole organization shows in no simulation of the role's own."""
    mark = Ownership(item="", token="", label="", tags={"plc:owner": look.owner, "plc:product": look.product_id})
    door = look.writing(region)
    try:
        door.ec2.create_vpc(
            CidrBlock=look.spec.regions[region].network.cidr or "10.0.0.0/16",
            TagSpecifications=mark.ec2("vpc"),
            DryRun=True,
        )
    except ClientError as error:
        if code_of(error) == WOULD:
            said = f"AWS would let the role make a VPC in {region} (asked by a dry run)."
            return [Finding(outcome=Outcome.PASS, sentence=said, region=region, slug="network")]
        if read(error).kind is not ErrorClass.PERMISSION:
            raise
        said = f"AWS would refuse ec2:CreateVpc in {region} (asked by a dry run)."
        cure = "Add it to the role's policy, or have whoever runs the organization open the region."
        return [
            Finding(
                outcome=Outcome.FAIL,
                sentence=f"{said} {cure}",
                region=region,
                slug="network",
                copy=read(error).statement,
            )
        ]
    return []


def quota_jobs(look: Look) -> list[Callable[[], list[Finding]]]:
    """One look for each region."""
    return [partial(attempt, partial(_room, look, region), region) for region in look.spec.regions]


def _room(look: Look, region: str) -> list[Finding]:
    look.doors("service", region)  # a role that lets nobody in is not one that may not read quotas
    return [of_proof(proof, region) for proof in quotas.proofs(look.context(region), region)]
