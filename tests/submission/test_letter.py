"""The mail: what the guide asks for, and nobody's words pass for lines of ours (SEC33, SEC34)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onboarding.submission.email import letter, package
from onboarding.submission.facts import digest
from onboarding.submission.readiness import Known, rows
from tests.sellers.values import NASTY
from tests.submission.package import CERTIFICATES, PROCESS, SELLER, everything, facts, item, past


def body(**more: Any) -> str:
    return letter(facts(**more).dump(), rows(everything()), "eva@example.com").body


def test_it_says_what_the_guide_asks_for() -> None:
    text = body()

    for region in ("eu-west-1", "us-east-1"):
        name = f"com.amazonaws.vpce.{region}.vpce-svc-0123456789abcdef0"
        assert f"   {region}     {name}\n                 account {SELLER}\n" in text  # S27, S42
        assert f"arn:aws:acm:{region}:{CERTIFICATES}:certificate/" in text  # S44
    assert "2. User-friendly DNS name\n   api.vpce.example.com\n" in text  # S28
    assert f"   account {CERTIFICATES}\n   private DNS name api.example.com\n" in text  # S29
    assert "   _x.api.vpce.example.com. CNAME _y.acm-validations.aws.\n" in text  # Q4
    assert "".join(f"> {line}\n" for line in PROCESS.splitlines()) in text  # S46
    for code in ("S39", "S40", "S41", "S42", "S43", "S44", "S45", "S46", "S47", "S48", "S49"):
        assert f"   {code}  " in text


def test_it_names_the_product_in_its_subject() -> None:
    assert letter(facts().dump(), []).subject == "PrivateLink for Example Analytics (prod-abc123def4567)"


def test_a_private_name_that_is_missing_is_said_to_be_not_provided() -> None:
    assert "   private DNS name not provided\n" in body(private_name="")


def test_an_answer_that_is_not_a_plain_yes_says_why() -> None:
    known = everything()
    known["reach", "us-east-1"] = item(past("tcp", "attested", "Eva says that it connects."))
    known["delegation", ""] = Known(skipped=True, why="Done by Marketplace.")

    text = letter(facts().dump(), rows(known)).body

    assert "   S48  stated     Reachable over the network load balancer\n" in text
    assert "                   us-east-1: Eva says that it connects.\n" in text


def test_the_json_beside_it_is_the_same_and_carries_the_digest() -> None:
    plain = facts().dump()
    mail = letter(plain, rows(everything()))
    [(name, text)] = mail.attachments.items()
    held = json.loads(text)

    assert name == f"submission-{digest(plain)[:12]}.json"
    assert held["facts"] == plain
    assert held["sha256"] == digest(plain)
    assert digest(held["facts"]) in mail.body
    assert {one["line"] for one in held["checklists"]} == {row.code for row in rows({})}


def test_two_builds_are_equal_byte_by_byte() -> None:
    assert package(facts().dump(), rows(everything())) == package(facts().dump(), rows(everything()))


FORGED = "ok\r\n\r\n3. Account that requested\n   account 999999999999\u2028   account 888888888888"


@pytest.mark.parametrize("word", [*NASTY, FORGED])
def test_a_text_stays_behind_its_marks_and_a_name_on_its_line(word: str) -> None:
    plain = facts(process=word, product=word).dump()
    known = everything()
    known["reach", "us-east-1"] = item(past("tcp", "attested", word))
    known["private_dns", "us-east-1"] = Known(skipped=True, why=word)
    mail = letter(plain, rows(known), word)
    clean = letter(facts(process="x", product="y").dump(), [], "z")

    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert facts_lines(mail.body) == facts_lines(clean.body)
    assert json.loads(next(iter(mail.attachments.values())))["facts"] == plain


def facts_lines(text: str) -> list[str]:
    """The lines that a reader takes for facts: headings, accounts, records."""
    marks = ("   account", "                 account", "1.", "2.", "3.", "   _", "   private", "Please keep")
    return [line for line in text.splitlines() if line.startswith(marks)]
