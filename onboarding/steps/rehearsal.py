"""Rehearsal: an account that is not the seller's finds the service, connects and leaves nothing behind (S47, S49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Build, CheckResult, Context, Input, Outcome, Step, Wait, WaitingFor, each
from onboarding.steps.buyers import Buyers
from onboarding.steps.reach import Reach
from onboarding.steps.rehearsal_checks import ended, said_by, told, verdict, witnessed
from onboarding.steps.rehearsal_resources import KINDS, RegionRehearsal, RehearsalResult, perform
from sellers import formats
from sellers.spec import OnboardSpec


@dataclass(frozen=True, kw_only=True)
class RehearsalOutputs:
    """The buyer test account ("" if a person attested), and when it passed (ISO 8601, "" until it has)."""

    account: str
    service_name: str
    passed_at: str
    trial: RehearsalResult | None = None


class Rehearsal(Step[RehearsalOutputs]):
    """Makes an endpoint in the buyer test account and takes it away again, whatever comes of it. Fresh evidence of the
    same service and names is used again. Without a buyer test account a person tries it elsewhere and attests it.
    """

    slug = "rehearsal"
    title = "Buyer connection test"
    doing = "Connecting from the buyer test account"
    guide = ("S32", "S33", "S36", "S37", "S47", "S49")
    needs = (Buyers, Reach)
    inputs = (Input(field="attest", words="how a buyer's account connected and what you saw", parse=formats.line),)
    kinds = KINDS
    rerun_when_ready = True
    outputs = RehearsalOutputs
    inputs_changed_by = ("connections.buyer_test", "regions.{region}.rehearsal.")

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.connections.buyer_test is not None or spec.product.profile != "native"

    def things(self, ctx: Context) -> Build[RehearsalOutputs]:
        [turn] = RegionRehearsal.of(ctx, self.slug)
        past, name = turn.verdict(), turn.service.service_name
        if past is not None:
            yield from each([])
            at = past.at.isoformat() if past.outcome is not Outcome.FAIL else ""
            return RehearsalOutputs(account=turn.tester, service_name=name, passed_at=at)
        if not turn.tester:
            yield from each([])
            return RehearsalOutputs(account="", service_name=name, passed_at=ctx.answer.at)
        trial = yield from perform(turn)
        return RehearsalOutputs(account=trial.account, service_name=name, passed_at="", trial=trial)

    def check(self, ctx: Context, outputs: RehearsalOutputs) -> Sequence[CheckResult]:
        [turn] = RegionRehearsal.of(ctx, self.slug)
        past = turn.verdict()
        if past is not None:
            return ended([turn], [past])
        if outputs.trial is None:
            word = said_by(turn, _ask(outputs))
            return [word, verdict(turn, [word])]
        names = ctx.spec.product
        server = names.private_dns_name or names.friendly_dns_name
        stages = witnessed(turn, outputs.trial, lambda endpoint_id, host: [server] if server else [])
        proofs = [*stages, verdict(turn, stages, outputs.trial.listed_before)]
        said = "The buyer connection test is done. Deleting the test endpoint."
        raise Wait(WaitingFor.AWS, said, kind="test_endpoint_removal", proofs=proofs, at_once=True)

    def summary(self, ctx: Context, outputs: RehearsalOutputs, proofs: Sequence[CheckResult]) -> str:
        return told(proofs)


def _ask(outputs: RehearsalOutputs) -> str:
    return (
        "No buyer test account is connected. Add one to the product and start the run again, or create an endpoint to "
        f"{outputs.service_name} from an account that is not yours, and say here how it connected."
    )
