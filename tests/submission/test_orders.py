"""Orders: nothing is frozen or sent that is not ready, or that changed since somebody looked."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.submission.decisions import FREEZE, SEND, Decision, decide, order, process, seen, version
from onboarding.submission.facts import digest
from onboarding.submission.readiness import Known, rows
from sellers.formats import FormatError
from tests.submission.package import everything, facts

FACTS = facts().dump()
OTHER = facts(private_name="new.example.com").dump()
SHA, OLD = digest(FACTS), digest(OTHER)


def decided(*, ready: bool = True, known: list[dict[str, Any]] | None = None, **values: Any) -> Decision:
    return decide(values, FACTS, rows(everything() if ready else {}), known or [])


def test_it_waits_for_an_order() -> None:
    assert decided() == Decision(sentence="The package is ready: freeze and send it.")


@pytest.mark.parametrize("word", [FREEZE, SEND])
def test_an_order_over_a_ready_package_is_carried_out(word: str) -> None:
    assert decided(order=word).do == word


def test_what_is_not_ready_is_named_and_not_sent() -> None:
    told = decided(ready=False, order=SEND)

    assert (told.do, told.done) == ("", False)
    assert told.sentence.startswith("17 of 17 lines are not ready. S26: ")
    assert told.sentence.endswith("And 14 more.")


def test_one_open_line_is_counted_as_one() -> None:
    known = {**everything(), ("reach", "us-east-1"): Known()}
    assert decide({}, FACTS, rows(known), []).sentence == (
        "1 of 17 lines is not ready. S48: us-east-1: There is no evidence yet. Run its item."
    )


def test_facts_that_changed_since_somebody_looked_are_told_and_not_sent() -> None:
    told = decided(order=SEND, seen=OLD[:12], known=[FACTS, OTHER])

    assert told.do == ""
    assert "private DNS name: api.example.com, was new.example.com" in told.sentence
    assert f"seen={SHA[:12]}" in told.sentence


def test_facts_that_nobody_remembers_are_still_not_sent() -> None:
    assert decided(order=FREEZE, seen="0" * 64).sentence.startswith("The facts have changed since you looked. ")


@pytest.mark.parametrize("length", [8, 64])
def test_what_somebody_looked_at_is_sent(length: int) -> None:
    assert decided(order=SEND, seen=SHA[:length]).do == SEND


def test_a_version_that_was_frozen_is_sent_only_while_its_facts_hold() -> None:
    assert decided(order=SEND, frozen=SHA).do == SEND
    assert decided(order=SEND, frozen=OLD).do == ""
    assert decided(order=FREEZE, frozen=OLD).do == FREEZE


def test_what_was_sent_and_still_holds_is_done_even_when_evidence_has_aged() -> None:
    assert decided(ready=False, sent=SHA, version=2).done


def test_facts_that_changed_after_sending_are_told() -> None:
    told = decided(sent=OLD, version=2, known=[OTHER])

    assert not told.done
    assert told.sentence.startswith("The facts have changed since version 2 was sent (private DNS name: ")


def test_a_returned_version_waits_for_the_person_with_the_reason() -> None:
    told = decided(sent=SHA, version=2, returned="The account is wrong.\nSee S27.")

    assert not told.done
    assert told.sentence == (
        "Version 2 was returned: The account is wrong. See S27. Fix it, then send the submission again."
    )


def test_a_returned_version_may_be_sent_again() -> None:
    assert decided(sent=SHA, version=2, returned="No.", order=SEND).do == SEND


def test_a_frozen_version_waits_to_be_sent() -> None:
    assert decided(frozen=SHA, version=1).sentence == "Version 1 is frozen: send it when you are ready."
    assert decided(frozen=OLD, version=1).sentence.startswith("The facts have changed since version 1 was frozen")


def test_the_process_keeps_its_lines() -> None:
    assert process("  We write to every buyer. \r\n\r\nSupport adds them.  ") == (
        "We write to every buyer.\n\nSupport adds them."
    )


@pytest.mark.parametrize("text", ["", "too short", "x" * 4001, "We tell every buyer\0 of the option.", "a\u202eb" * 20])
def test_a_process_that_says_nothing_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(FormatError, match=r"characters|invisible"):
        process(text)


@pytest.mark.parametrize("text", ["", "post", "send it"])
def test_an_unknown_order_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="freeze"):
        order(text)


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "a" * 65])
def test_a_digest_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="digest"):
        seen(text)


def test_words_are_read_as_people_type_them() -> None:
    assert (order(" Send "), seen(f" {SHA.upper()} ")) == ("send", SHA)


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({}, 1),
        ({"frozen": "aa", "version": 2}, 2),
        ({"sent": "aa", "version": 2}, 2),
        ({"frozen": "bb", "version": 2}, 3),
        ({"frozen": "aa", "version": 2, "returned": "S46: who is told?"}, 3),
    ],
)
def test_new_facts_or_a_returned_version_make_the_next_number(values: dict[str, object], number: int) -> None:
    assert version(values, "aa") == number
