"""Readiness: every line is green only if all its evidence is, and says in words what keeps it back."""

from __future__ import annotations

import pytest

from onboarding.checklist import guide
from onboarding.submission.lines import LINES, OWN, Part
from onboarding.submission.readiness import Known, ReadinessState, Row, open_lines, rows
from tests.submission.package import everything, item, past, rehearsal


def row(code: str, **known: Known) -> Row:
    """One line, when what is known differs: `row("S48", reach__eu_west_1=...)`."""
    changed = {tuple(name.replace("_", "-").replace("--", "/").split("/")): one for name, one in known.items()}
    found = {(slug.replace("-", "_"), place[0] if place else ""): one for (slug, *place), one in changed.items()}
    return next(one for one in rows({**everything(), **found}) if one.code == code)


def test_a_product_with_good_evidence_is_ready() -> None:
    assert open_lines(rows(everything())) == []


def test_every_line_of_both_checklists_and_of_the_mail_is_judged() -> None:
    asked = {f"S{number}" for number in (*range(26, 30), *range(39, 50), 17, 22)}
    assert {line.code for line in LINES} == asked
    assert asked <= set(guide.LINES)
    assert {line.part for line in LINES} == set(Part)


def test_a_region_that_fails_keeps_the_whole_line_back() -> None:
    bad = row("S48", reach__eu_west_1=item(past("health"), past("tcp.load balancer", "fail", "Port 443 is closed.")))

    assert (bad.outcome, bad.blocks, bad.sentence) == (ReadinessState.FAIL, True, "eu-west-1: Port 443 is closed.")
    assert [(cell.region, cell.blocks) for cell in bad.cells] == [("eu-west-1", True), ("us-east-1", False)]
    assert (bad.worst.slug, bad.worst.at) == ("reach", "eu-west-1")


def test_evidence_of_eight_days_is_stale_and_of_seven_is_not() -> None:
    old = row("S39", network__us_east_1=item(past("zones", days=8)))
    fine = row("S39", network__us_east_1=item(past("zones", days=7)))

    assert (old.outcome, old.blocks) == (ReadinessState.STALE, True)
    cure = "Cancel the run if it's open, then start a new run."
    assert old.sentence == f"us-east-1: The evidence is 8 days old; 7 are allowed. {cure}"
    assert (fine.outcome, fine.blocks) == (ReadinessState.PASS, False)


def test_missing_evidence_blocks() -> None:
    missing = row("S49", rehearsal__us_east_1=Known())

    assert (missing.outcome, missing.blocks, missing.age) == (ReadinessState.MISSING, True, None)


def test_nothing_is_known_before_the_first_look() -> None:
    assert all(one.blocks for one in rows({}))
    assert {one.outcome for one in rows({})} == {ReadinessState.MISSING}


def test_a_skipped_rehearsal_blocks_with_its_reason() -> None:
    left = row("S49", rehearsal__us_east_1=Known(skipped=True, why="No second account yet."))

    assert left.blocks
    assert "No second account yet." in left.sentence


def test_a_skipped_delegation_is_shown_and_does_not_block() -> None:
    left = row("S22", delegation=Known(skipped=True, why="Marketplace verifies by TXT."))

    assert (left.outcome, left.blocks) == (ReadinessState.SKIPPED, False)
    assert left.sentence == "Skipped: Marketplace verifies by TXT."


def test_a_placeholder_on_the_targets_blocks_though_it_is_a_warning() -> None:
    held = row("S17", targets__eu_west_1=item(past("placeholder", "warn", "A placeholder answers."), past("targets")))

    assert (held.outcome, held.blocks, held.sentence) == (
        ReadinessState.FAIL,
        True,
        "eu-west-1: A placeholder answers.",
    )


def test_a_warning_is_shown_and_does_not_block() -> None:
    warned = row("S40", load_balancer__us_east_1=item(past("zones", "warn", "use1-az6 has no subnet.")))

    assert (warned.outcome, warned.blocks, warned.sentence) == (
        ReadinessState.WARN,
        False,
        "us-east-1: use1-az6 has no subnet.",
    )


def test_what_a_person_attests_counts_and_is_told_apart() -> None:
    assert row("S48", reach__us_east_1=item(past("tcp", "attested"))).outcome is ReadinessState.ATTESTED


def test_a_rehearsal_is_as_old_as_its_verdict() -> None:
    old = Known(past=[past("verdict", days=9), past("outcome", hours=1)])

    assert row("S49", rehearsal__us_east_1=old).outcome is ReadinessState.STALE


def test_finding_and_connecting_are_two_lines() -> None:
    seen = Known(past=[past("found"), past("verdict", "fail", "The endpoint does not answer.")])

    assert not row("S47", rehearsal__us_east_1=seen).blocks
    assert row("S49", rehearsal__us_east_1=seen).blocks


def test_what_a_person_attests_of_a_rehearsal_answers_both_lines() -> None:
    said = Known(past=[past("connected", "attested"), past("verdict", "attested")])

    assert row("S47", rehearsal__us_east_1=said).outcome is ReadinessState.ATTESTED
    assert row("S49", rehearsal__us_east_1=said).outcome is ReadinessState.ATTESTED


def test_a_drift_of_the_rehearsal_counts() -> None:
    assert row("S49", rehearsal__us_east_1=rehearsal(past("rehearsal.drift", "fail", "Gone."))).blocks


def test_a_check_that_a_newer_look_did_not_make_is_over() -> None:
    mended = item(past("reach.drift", "fail", "Closed.", hours=5), past("health", hours=1))

    assert row("S48", reach__us_east_1=mended).outcome is ReadinessState.PASS


def test_the_worse_of_the_live_look_and_the_evidence_counts() -> None:
    own = [past("S44.eu-west-1"), past("S44.us-east-1", "fail", "The certificate is EXPIRED, not ISSUED.")]

    live = row("S44", **{OWN: Known(past=own)})
    stale = row("S44", certificate__us_east_1=item(past("issued", days=9)))

    assert (live.outcome, live.sentence) == (ReadinessState.FAIL, "us-east-1: The certificate is EXPIRED, not ISSUED.")
    assert stale.outcome is ReadinessState.STALE


def test_a_region_that_was_taken_off_the_product_does_not_count() -> None:
    known = everything()
    gone = Known(past=[*known[OWN, ""].past, past("S27.ap-south-1", "fail", "Gone.")])

    assert open_lines(rows({**known, (OWN, ""): gone})) == []


def test_private_dns_is_judged_only_where_it_applies() -> None:
    assert [cell.slug for cell in row("S45").cells] == [OWN]
    wrong = row("S45", private_dns__us_east_1=item(past("verified", "fail", "failed")))
    assert (wrong.outcome, wrong.blocks) == (ReadinessState.FAIL, True)


def test_a_line_in_order_counts_its_regions() -> None:
    assert row("S39").sentence == "In order in 2 of 2 regions."


@pytest.mark.parametrize("code", [line.code for line in LINES])
def test_every_line_can_hold_the_submission_back_alone(code: str) -> None:
    line = next(one for one in LINES if one.code == code)
    known = everything()
    source = line.sources[0]
    if source.slug == OWN:
        kept = [one for one in known[OWN, ""].past if one.check.split(".")[0] != code]
        known[OWN, ""] = Known(past=kept)
    else:
        key = next(key for key in sorted(known) if key[0] == source.slug)
        known[key] = item(*(past(check, "fail") for check in (*source.checks, "check")))

    assert code in {one.code for one in open_lines(rows(known))}
