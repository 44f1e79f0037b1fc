"""Rehearsal: an account that is not the seller's finds the service, connects and leaves nothing behind (S47, S49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Ask, Build, Context, NotYet, Outcome, Proof, Reason, Step, each
from onboarding.steps.buyers import Buyers
from onboarding.steps.reach import Reach
from onboarding.steps.rehearsal_checks import ended, said_by, told, verdict, witnessed
from onboarding.steps.rehearsal_resources import KINDS, Round, Trial, perform
from sellers import formats
from sellers.spec import OnboardSpec


@dataclass(frozen=True, kw_only=True)
class RehearsalMade:
    """The buyer test account ("" if a person attested), and when it passed (ISO 8601, "" until it has)."""

    account: str
    service_name: str
    passed_at: str
    trial: Trial | None = None


class Rehearsal(Step[RehearsalMade]):
    """Makes an endpoint in the buyer test account and takes it away again, whatever comes of it. Fresh evidence of the
    same service and names is used again. Without a buyer test account a person tries it elsewhere and attests it.
    """

    slug = "rehearsal"
    title = "Rehearsal"
    doing = "Connecting as a buyer would, from the buyer test account"
    guide = ("S32", "S33", "S36", "S37", "S47", "S49")
    needs = (Buyers, Reach)
    asks = (Ask(field="attest", words="how a buyer's account connected and what you saw", parse=formats.line),)
    kinds = KINDS
    renews = True
    made = RehearsalMade

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.connections.buyer_test is not None or spec.product.profile != "native"

    def things(self, ctx: Context) -> Build[RehearsalMade]:
        [turn] = Round.of(ctx, self.slug)
        past, name = turn.verdict(), turn.service.service_name
        if past is not None:
            yield from each([])
            at = past.at.isoformat() if past.outcome is not Outcome.FAIL else ""
            return RehearsalMade(account=turn.tester, service_name=name, passed_at=at)
        if not turn.tester:
            yield from each([])
            return RehearsalMade(account="", service_name=name, passed_at=ctx.answer.at)
        trial = yield from perform(turn)
        return RehearsalMade(account=trial.account, service_name=name, passed_at="", trial=trial)

    def check(self, ctx: Context, made: RehearsalMade) -> Sequence[Proof]:
        [turn] = Round.of(ctx, self.slug)
        past = turn.verdict()
        if past is not None:
            return ended([turn], [past])
        if made.trial is None:
            word = said_by(turn, _ask(made))
            return [word, verdict(turn, [word])]
        names = ctx.spec.product
        server = names.private_dns_name or names.friendly_dns_name
        stages = witnessed(turn, made.trial, lambda endpoint_id, host: [server] if server else [])
        proofs = [*stages, verdict(turn, stages, made.trial.listed_before)]
        said = "The rehearsal has its result. Takes the test endpoint away."
        raise NotYet(Reason.AWS, said, kind="test_endpoint_removal", proofs=proofs, at_once=True)

    def said(self, ctx: Context, made: RehearsalMade, proofs: Sequence[Proof]) -> str:
        return told(proofs)


def _ask(made: RehearsalMade) -> str:
    return (
        "No buyer test account is connected. Add one to the product and start the run again, or create an endpoint to "
        f"{made.service_name} from an account that is not yours, and say here how it connected."
    )
