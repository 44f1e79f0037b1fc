"""Check now: the account is looked at, side by side in all its regions, and what was found is kept with the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import timezone

from onboarding.aws.gate import ReadsOnly, passing
from onboarding.checklist.step import NeedsAction, Outcome
from onboarding.checklist.words import counted
from onboarding.engine.context import side_by_side
from onboarding.models import Plan
from onboarding.plan.approve import ACCOUNT, Facts, forget_old, plan_of, rows_for
from onboarding.plan.inputs import joined
from onboarding.preflight import hazards, permissions
from onboarding.preflight.account import Look
from onboarding.preflight.findings import Finding
from sellers.models import Product, User

PARTS = ("permissions", "quotas", "hazards")
Jobs = Sequence[Callable[[], list[Finding]]]
WORDS = {
    "zones": "its Availability Zones",
    "network": "the network",
    "load_balancer": "the load balancer",
    "taken": "a load balancer of our name",
    "endpoint_service": "the endpoint service",
    "targets": "the targets",
    "before": "what stands on what you chose",
}


@dataclass(frozen=True)
class Told:
    """What a look says in one sentence; `fine` if nothing would stop the run."""

    fine: bool
    sentence: str


def told(product: Product, by: User | None) -> Told:
    """Look, and sum up; what has to come first, as a sentence, if nothing can be looked at yet."""
    try:
        plan = check(product, by)
    except (NeedsAction, ValueError) as error:
        return Told(False, str(error))
    found = [one.outcome for part in PARTS for one in findings_of(plan, part)]
    bad, warn = found.count(Outcome.FAIL), found.count(Outcome.WARN)
    news = f" The plan was made again: {plan.why}." if plan.why.startswith(ACCOUNT) else ""
    if bad:
        return Told(False, f"Checked: {counted(bad, 'finding')} would stop the run.{news}")
    more = f"; {counted(warn, 'thing')} to know" if warn else ""
    return Told(True, f"Checked: nothing would stop the run{more}.{news}")


def check(product: Product, by: User | None) -> Plan:
    """Look at everything the plan rests on, reading only. An account that has changed since the last look makes the
    plan again, so that nobody approves what was seen before. Raises as `plan_of`.
    """
    plan, look = plan_of(product, by), Look(product)
    facts: dict[str, dict[str, Any]] = {}
    parts: dict[str, Jobs] = {
        "permissions": permissions.jobs(look),
        "quotas": permissions.quota_jobs(look),
        "hazards": hazards.jobs(look, facts),
    }
    with passing(ReadsOnly()):
        found = _answers(parts)
    found["hazards"] = [*hazards.of_order(look.spec), *found["hazards"]]
    found = {part: _once(findings) for part, findings in found.items()}
    if why := changed(plan.facts, facts):
        plan = _again(plan, by, why)
    plan.checks = {"at": timezone.now().isoformat(), **{p: [asdict(one) for one in found[p]] for p in PARTS}}
    plan.facts = {**plan.facts, **facts}  # a region that could not be looked at keeps what was seen of it
    plan.rows = rows_for(product, plan.facts)
    plan.save()
    return plan


def findings_of(plan: Plan, part: str) -> list[Finding]:
    """What the last Check now found of one part, from its JSON; nothing before the first."""
    rows = (plan.checks or {}).get(part, ())
    return [Finding(**{**row, "outcome": Outcome(row["outcome"]), "guide": tuple(row["guide"])}) for row in rows]


def changed(old: Facts, new: Facts) -> str:
    """What of the account differs between two looks, as a part of a sentence; "" for nothing, or a first look."""
    parts = []
    for region in new:
        seen = old.get(region, {})
        keys = [key for key in WORDS if key in seen and key in new[region] and seen[key] != new[region][key]]
        if keys:
            parts.append(f"{joined([WORDS[key] for key in keys])} in {region}")
    return f"{ACCOUNT}, {joined(parts)}" if parts else ""


def _answers(parts: Mapping[str, Jobs]) -> dict[str, list[Finding]]:
    """All looks at the same time. A defect of ours is not hidden among the findings."""
    flat = [job for jobs in parts.values() for job in jobs]
    answers = iter(side_by_side(flat))
    found: dict[str, list[Finding]] = {}
    for part, jobs in parts.items():
        found[part] = []
        for answer in [next(answers) for _ in jobs]:
            if isinstance(answer, Exception):
                raise answer
            found[part] += answer
    return found


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """One refusal that several looks met is told once, the worst first."""
    worst = {Outcome.FAIL: 0, Outcome.WARN: 1}
    ranked = sorted(findings, key=lambda finding: worst.get(finding.outcome, 2))
    return list({replace(finding, slug=""): finding for finding in ranked}.values())


def _again(plan: Plan, by: User | None, why: str) -> Plan:
    """The plan made again, beside the old one: that one can no longer be approved."""
    made = Plan(
        seller_id=plan.seller_id,
        product_id=plan.product_id,
        fingerprint=plan.fingerprint,
        inputs=plan.inputs,
        rows=plan.rows,
        expected=plan.expected,
        facts=plan.facts,
        why=why,
        made_at=timezone.now(),
        made_by=by,
    )
    made.save()
    forget_old(plan.product)
    return made
