"""Submission: read from AWS, judged line by line, frozen and sent only as somebody saw it (S25-S30, S39-S49)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onboarding.aws import sessions
from onboarding.checklist.step import CheckResult, Outcome, SubmissionVersion, Wait, WaitingFor
from onboarding.steps import by_slug
from onboarding.submission.facts import digest
from tests.contract.driver import Driver
from tests.contract.world import SELLER, World
from tests.steps.marketplace import HOME, NAME, PROCESS, answered, before_names, marketplace, once, wait, zone

SLUG = "submission"


def whole(world: World, **more: Any) -> Driver:
    """A product with everything done but its submission."""
    made = marketplace(world, **more)
    before_names(made)
    records = [r for r in made.outputs["certificate_request", HOME].records if r["name"].endswith(NAME)]
    answered(made, "name_servers", servers=zone(world, *((r["name"], r["values"][0]) for r in records)))
    for slug in ("reach", "rehearsal", "private_dns"):
        sessions.forget()  # the world's clock has passed the sessions' quarter of an hour
        made.on(slug)
    sessions.forget()
    return made


@pytest.fixture
def ready(world_by_hand: World) -> Driver:
    """As `whole`, with the process written down."""
    made = whole(world_by_hand)
    answered(made, SLUG, process=PROCESS)
    return made


def lines(waits: Wait) -> dict[str, CheckResult]:
    return {proof.check: proof for proof in waits.proofs}


def sent(made: Driver) -> Iterator[SubmissionVersion]:
    """What the item hands out when it is done."""
    step = by_slug()[SLUG]
    for one in step.outbox(made.context(step, ""), made.outputs[SLUG, ""]):
        assert isinstance(one, SubmissionVersion)
        yield one


def stored(made: Driver, **told: Any) -> None:
    """What the engine writes once an order was carried out."""
    kept = {k: v for k, v in made.answers[SLUG].values.items() if k not in ("order", "seen")}
    made.answers = {**made.answers, SLUG: replace(made.answers[SLUG], values={**kept, **told})}


def test_a_package_is_judged_line_by_line_and_needs_the_process(world_by_hand: World) -> None:
    made = whole(world_by_hand)
    waits = wait(made, SLUG)
    assert waits.waiting_for is WaitingFor.YOU
    assert waits.sentence.startswith("1 of 17 lines is not ready. S46: Write down how you tell buyers")
    assert lines(waits)["S46"].outcome is Outcome.FAIL

    answered(made, SLUG, process=PROCESS)
    waits = wait(made, SLUG)
    found = lines(waits)

    assert waits.sentence == "The package is ready: freeze and send it."
    assert not [proof for proof in waits.proofs if proof.outcome is Outcome.FAIL]
    for code in ("S27", "S39", "S40", "S41", "S42", "S43", "S44", "S47", "S48", "S49"):
        assert f"{code}.{HOME}" in found
    assert {"S22", "S26", "S28", "S29", "S45", "S46"} <= set(found)
    assert found[f"S27.{HOME}"].facts["service_name"] == made.outputs["endpoint_service", HOME].service_name
    assert found[f"S44.{HOME}"].facts["arn"] == made.outputs["certificate", HOME].arn
    assert not waits.sends


def test_a_version_is_frozen_then_sent_and_a_second_run_sends_nothing(ready: Driver) -> None:
    answered(ready, SLUG, order="freeze")
    [kept] = wait(ready, SLUG).sends
    assert isinstance(kept, SubmissionVersion)
    assert not kept.send
    sha = digest(kept.facts)
    stored(ready, frozen=sha, version=1)
    assert wait(ready, SLUG).sentence == "Version 1 is frozen: send it when you are ready."

    answered(ready, SLUG, order="send", seen=sha[:12])
    proofs = once(ready, SLUG)
    [paper] = sent(ready)
    [text] = paper.letter.attachments.values()
    assert paper.send
    assert digest(paper.facts) == sha == json.loads(text)["sha256"]
    assert ready.outputs["endpoint_service", HOME].service_name in paper.letter.body
    assert f"account {SELLER}" in paper.letter.body
    assert f"> {PROCESS}" in paper.letter.body
    assert {proof.check for proof in proofs} >= {f"package.{sha[:12]}", "package.now"}

    stored(ready, sent=sha, version=1)
    changes = list(ready.gate.changes)
    once(ready, SLUG)
    assert not list(sent(ready))
    assert ready.gate.changes == changes


def test_facts_that_change_while_somebody_looks_are_named_and_nothing_is_frozen(ready: Driver) -> None:
    with pytest.raises(Wait) as first:
        ready.step(by_slug()[SLUG], "")
    assert first.value.proofs
    old = ready.outputs[SLUG, ""].sha256
    facts = ready.spec.product.model_copy(update={"name": "Renamed Analytics"})
    ready.spec = ready.spec.model_copy(update={"product": facts})
    answered(ready, SLUG, order="freeze", seen=old)

    waits = wait(ready, SLUG)

    assert not waits.sends
    assert "product name: Renamed Analytics, was Example Analytics" in waits.sentence
    stored(ready, sent=old, version=2)
    told = "changed since version 2 was sent (product name: Renamed Analytics, was Example Analytics)"
    assert told in wait(ready, SLUG).sentence


def test_evidence_that_is_stale_or_left_out_blocks_with_words(ready: Driver) -> None:
    kept, old = ready.past["reach", HOME], timedelta(days=8)
    ready.past["reach", HOME] = {k: replace(one, at=one.at - old, age=old) for k, one in kept.items()}
    assert "1 of 17 lines is not ready. S48: The evidence is 8 days old; 7 are allowed." in wait(ready, SLUG).sentence

    ready.past["reach", HOME] = kept
    del ready.outputs["rehearsal", HOME]
    assert "2 of 17 lines are not ready. S47: Skipped." in wait(ready, SLUG).sentence


def test_what_is_gone_at_aws_blocks_whatever_the_form_says(ready: Driver, world_by_hand: World) -> None:
    ec2, acm = (world_by_hand.process.client(name, SELLER) for name in ("ec2", "acm"))
    ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[ready.outputs["endpoint_service", HOME].service_id])
    acm.delete_certificate(CertificateArn=ready.outputs["certificate", HOME].arn)
    world_by_hand.later(300)
    sessions.forget()

    found = lines(wait(ready, SLUG))

    assert {code for code in ("S27", "S42", "S43", "S44") if found[f"{code}.{HOME}"].outcome is Outcome.FAIL} == {
        "S27",
        "S42",
        "S43",
        "S44",
    }


def test_a_placeholder_blocks(world_by_hand: World) -> None:
    made = whole(world_by_hand, regions={HOME: {"network": {"cidr": "10.20.0.0/16"}}})
    answered(made, SLUG, process=PROCESS)

    assert "S17: A test server is running on the targets" in wait(made, SLUG).sentence


def test_a_private_name_may_be_left_out_and_is_said_to_be(world_by_hand: World) -> None:
    made = whole(world_by_hand, private_dns_name=None)
    answered(made, SLUG, process=PROCESS, order="send")

    proofs = {proof.check: proof for proof in once(made, SLUG)}

    assert proofs["S45"].outcome is Outcome.WARN
    [paper] = sent(made)
    assert "private DNS name not provided" in paper.letter.body


def test_two_regions_are_read_side_by_side_under_their_accounts(world_by_hand: World) -> None:
    made = whole(world_by_hand, regions=(HOME, "eu-west-1"))
    answered(made, SLUG, process=PROCESS)
    wait(made, SLUG)

    facts = made.outputs[SLUG, ""].facts
    assert [one["region"] for one in facts["regions"]] == ["eu-west-1", HOME]
    assert {one["account"] for one in facts["regions"]} == {SELLER}
    assert {one["certificate"]["account"] for one in facts["regions"]} == {SELLER}
    assert len(facts["keep"]) == 1
