"""Go live: Seller Operations confirm, then the buyer connection test runs again under the product's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from onboarding.checklist.run import abreast
from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import Build, CheckResult, Context, Input, Outcome, Scope, Step, Wait, WaitingFor, each
from onboarding.steps.endpoint_service import EndpointService
from onboarding.steps.rehearsal import Rehearsal
from onboarding.steps.rehearsal_checks import ended, said_by, told, verdict, witnessed
from onboarding.steps.rehearsal_resources import KINDS, RegionRehearsal, RehearsalResult, perform
from onboarding.steps.submission import Submission, SubmissionOutputs
from sellers import formats
from sellers.spec import OnboardSpec

WORDS = ("yes", "y", "true", "ok", "live", "confirmed")
NOT = re.compile(r"\b(no|not|never|nothing)\b|n't", re.IGNORECASE)
Names = Mapping[str, Mapping[str, Any]]


def confirmed(text: str) -> str:
    """Seller Operations' confirmation: yes, or a line of their mail that says live or confirmed, and not "not"."""
    said = formats.line(text, limit=500)
    word = said.lower().strip(" .")
    if word in WORDS or (re.search(r"\b(live|confirm\w*|published)\b", word) and not NOT.search(word)):
        return said
    raise formats.FormatError("Enter yes, or the line of Seller Operations' email that says the product is live.")


@dataclass(frozen=True, kw_only=True)
class GoLiveOutputs:
    """Of each region the service's owner, service_name, base_names and the endpoint's names, before and after."""

    before: Names
    after: Names
    trials: tuple[RehearsalResult, ...] = ()


class GoLive(Step[GoLiveOutputs]):
    """Waits for Seller Operations, then rehearses in every region at once. That the names have not changed is a
    warning, as long as a buyer connects.
    """

    slug = "go_live"
    title = "Go live"
    doing = "Testing the product under its own names"
    guide = ("S12", "S13", "S30", "S31", "S32")
    scope = Scope.PRODUCT
    needs = (Submission, Rehearsal, EndpointService)
    inputs = (
        Input(field="confirmed", words="Seller Operations' confirmation", parse=confirmed),
        Input(
            field="attest", words="how a buyer connected under the product's names", parse=formats.line, required=False
        ),
    )
    kinds = KINDS
    rerun_when_ready = True
    outputs = GoLiveOutputs

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.product.profile != "native"

    def things(self, ctx: Context) -> Build[GoLiveOutputs]:
        turns, before = RegionRehearsal.of(ctx, self.slug), _before(ctx)
        held = [turn.verdict() for turn in turns]
        if not _said(ctx) or not turns[0].tester or all(held):
            yield from each([])
            after = {t.region: past.facts.get("names", {}) for t, past in zip(turns, held, strict=True) if past}
            return GoLiveOutputs(before=before, after=after)
        trials = yield from abreast([perform(turn) for turn in turns])
        return GoLiveOutputs(before=before, after={}, trials=tuple(trials))

    def check(self, ctx: Context, outputs: GoLiveOutputs) -> Sequence[CheckResult]:
        if not _said(ctx):
            said = "Seller Operations verify the company and the names, and put the product live. "
            raise Wait(
                WaitingFor.MARKETPLACE,
                said + "Continues when they confirm it, or when you enter their confirmation here.",
            )
        turns = RegionRehearsal.of(ctx, self.slug)
        held = [past for turn in turns if (past := turn.verdict())]
        if len(held) == len(turns):
            return [*_confirmation(ctx), *ended(turns, held)]
        if not outputs.trials:
            words = [said_by(turn, _ask(turn)) for turn in turns]
            verdicts = [verdict(turn, [word]) for turn, word in zip(turns, words, strict=True)]
            return [*_confirmation(ctx), *words, *verdicts]
        jobs = [
            partial(_stages, turn, trial, outputs.before) for turn, trial in zip(turns, outputs.trials, strict=True)
        ]
        proofs = [proof for proofs in together(ctx, jobs) for proof in proofs]
        said = "The buyer connection tests are done. Deleting the test endpoints."
        raise Wait(WaitingFor.AWS, said, kind="test_endpoint_removal", proofs=proofs, at_once=True)

    def summary(self, ctx: Context, outputs: GoLiveOutputs, proofs: Sequence[CheckResult]) -> str:
        return told(proofs)


def _said(ctx: Context) -> str:
    """What Seller Operations said of the version that was sent, "" while they have not: each version has its own."""
    given = ctx.evidence(GoLive.slug, "")
    before = next((past.facts for past in given if past.check == "confirmed"), {})
    if before.get("at") == ctx.answer.at and before.get("sha256") not in (None, _version(ctx)):
        return ""
    return str(ctx.answer.values.get("confirmed") or "")


def _version(ctx: Context) -> str:
    """The digest of the facts that were sent, "" if the submission was skipped."""
    outputs = ctx.outputs.get((Submission.slug, ""))
    return outputs.sha256 if isinstance(outputs, SubmissionOutputs) else ""


def _confirmation(ctx: Context) -> list[CheckResult]:
    """Who gave Seller Operations' word, once."""
    facts = {"said": _said(ctx), "by": ctx.answer.by, "at": ctx.answer.at, "sha256": _version(ctx)}
    if any(past.check == "confirmed" and past.facts == facts for past in ctx.evidence(GoLive.slug, "")):
        return []
    said = f"Seller Operations put the product live: confirmed by {ctx.answer.by or 'a person'}."
    return [CheckResult(check="confirmed", outcome=Outcome.ATTESTED, sentence=said, facts=facts)]


def _before(ctx: Context) -> Names:
    """What the buyer connection test before the submission saw of each region (S13, S31)."""
    return {
        region: _names({past.check: past.facts for past in ctx.evidence(Rehearsal.slug, region)}, outputs.service_name)
        for region, outputs in ctx.everywhere(EndpointService).items()
    }


def _names(facts: Mapping[str, Mapping[str, Any]], service_name: str) -> dict[str, Any]:
    found, endpoint = facts.get("found", {}), facts.get("endpoint", {})
    return {
        "owner": found.get("owner", ""),
        "service_name": found.get("service_name", service_name),
        "base_names": list(found.get("base_names", ())),
        "names": list(endpoint.get("names", ())),
    }


def _stages(turn: RegionRehearsal, trial: RehearsalResult, before: Names) -> list[CheckResult]:
    """One region's proofs, the verdict last."""
    names = turn.ctx.spec.product
    friendly, private = names.friendly_dns_name or "", names.private_dns_name
    stages = witnessed(turn, trial, partial(_servers, friendly, private))
    after = _names({proof.check.partition(".")[0]: proof.facts for proof in stages}, turn.service.service_name)
    stages.append(_changed(turn, friendly, before.get(turn.region, {}), after))
    return [*stages, verdict(turn, stages, trial.listed_before, names=after)]


def _servers(friendly: str, private: str | None, endpoint_id: str, host: str) -> list[str]:
    """The names to shake hands under: the endpoint's own under the friendly name (S31, S37), and the private one."""
    own = host if formats.is_below(host, friendly) else f"{endpoint_id}.{friendly}"
    return [own, private] if private else [own]


def _changed(turn: RegionRehearsal, friendly: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> CheckResult:
    """Whether the friendly name has taken the place of AWS's own (S31). If not, buyers connect all the same."""
    facts = {"friendly_dns_name": friendly, "before": dict(before), "after": dict(after)}
    names = after["names"]
    if names and all(formats.is_below(name, friendly) for name in names):
        said = f"Endpoints in {turn.region} have their names under {friendly} now, such as {names[0]}."
        return CheckResult(check=turn.named("names"), outcome=Outcome.PASS, sentence=said, facts=facts)
    said = (
        f"Seller Operations confirmed, and endpoints in {turn.region} still have AWS's own names. A buyer connects; "
        f"ask Seller Operations when {friendly} takes effect."
    )
    return CheckResult(check=turn.named("names"), outcome=Outcome.WARN, sentence=said, facts=facts)


def _ask(turn: RegionRehearsal) -> str:
    return (
        f"No buyer test account is connected. Create an endpoint to {turn.service.service_name} from an account that "
        "is not yours, and say here how it connected under the product's names."
    )
