"""The quota preflight of a plan: how much room there is in each region for what the run makes there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from onboarding import quotas
from onboarding.plan.findings import Finding, attempt, of_proof
from onboarding.plan.look import Look


def jobs(look: Look) -> list[Callable[[], list[Finding]]]:
    """One look for each region."""
    return [partial(attempt, partial(_room, look, region), region) for region in look.spec.regions]


def _room(look: Look, region: str) -> list[Finding]:
    look.doors("service", region)  # a role that lets nobody in is not one that may not read quotas
    return [of_proof(proof, region) for proof in quotas.proofs(look.context(region), region)]
