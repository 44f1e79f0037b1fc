"""Differences between two versions, in words and line by line."""

from __future__ import annotations

from onboarding.submission.diff import changes, lines, told
from tests.submission.package import facts, region

BEFORE = facts().dump()


def test_equal_facts_differ_in_nothing() -> None:
    assert changes(BEFORE, facts().dump()) == []


def test_a_changed_fact_is_told_with_both_values() -> None:
    [change] = changes(BEFORE, facts(private_name="").dump())

    assert change.sentence == "private DNS name: none, was api.example.com"


def test_a_changed_fact_of_a_region_names_the_region() -> None:
    other = facts(regions=(region("eu-west-1"), region("us-east-1", account="333333333333"))).dump()

    assert [one.sentence for one in changes(BEFORE, other)] == ["account in us-east-1: 333333333333, was 111111111111"]


def test_a_region_that_left_is_told_fact_by_fact() -> None:
    found = changes(BEFORE, facts(regions=(region("us-east-1"),)).dump())

    assert {one.region for one in found} == {"eu-west-1"}
    assert all(one.after == "" for one in found)
    assert {"account", "endpoint service", "certificate", "certificate account"} <= {one.what for one in found}


def test_only_the_first_changes_are_told() -> None:
    found = changes(BEFORE, facts(regions=(region("us-east-1"),)).dump())

    assert told(found).count(";") == 3
    assert told(found).endswith(f"and {len(found) - 3} more")


def test_mails_are_compared_line_by_line() -> None:
    assert lines("one\ntwo\nthree\n", "one\n2\nthree\n") == [(" ", "one"), ("-", "two"), ("+", "2"), (" ", "three")]
