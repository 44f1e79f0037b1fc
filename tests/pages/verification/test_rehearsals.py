"""The card of a region's rehearsal: each stage once."""

from __future__ import annotations

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.engine.evidence import newest
from onboarding.pages.verification.tables import rehearsals
from tests import factories
from tests.factories import Tenant


def test_a_verdict_that_repeats_its_stage_is_said_once(own: Tenant) -> None:
    made = factories.product(own.seller, name="Tried", regions={"us-east-1": {}}, facts=factories.MARKETPLACE)
    factories.started(made)
    listed = "Account 222222222222 found the service before the buyer connection test allowed it."
    proofs = [
        CheckResult(check="refused", outcome=Outcome.WARN, sentence=listed),
        CheckResult(check="endpoint", outcome=Outcome.PASS, sentence="The endpoint is available."),
        CheckResult(check="verdict", outcome=Outcome.WARN, sentence=listed),
    ]
    factories.moved(factories.item(made, "rehearsal", "us-east-1"), "done", proofs=proofs)
    [card] = rehearsals(["us-east-1"], newest(made))
    assert [stage.sentence for stage in card.stages] == [listed, "The endpoint is available."]
