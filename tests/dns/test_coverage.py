"""What a certificate's names cover, and for how long (S21, S28, S29)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from onboarding.dns.coverage import covers, expiry, wanted

NAME = "api.vpce.example.com"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_friendly_name_its_endpoints_and_the_private_name_are_wanted() -> None:
    assert wanted(NAME, "api.example.com") == (NAME, f"*.{NAME}", "api.example.com")
    assert wanted(NAME) == (NAME, f"*.{NAME}")
    assert wanted(NAME, NAME) == (NAME, f"*.{NAME}")


def test_a_certificate_for_all_names_covers_all() -> None:
    seen = covers([f"*.{NAME}", NAME, "api.example.com"], wanted(NAME, "api.example.com"))
    assert (seen.ok, seen.missing, seen.sentence) == (True, (), "")
    assert seen.by[NAME] == NAME


@pytest.mark.parametrize(
    ("held", "name", "by"),
    [
        (["*.example.com"], "api.example.com", "*.example.com"),
        (["*.example.com"], "api.vpce.example.com", ""),
        (["*.example.com"], "example.com", ""),
        (["*.example.com"], "*.example.com", "*.example.com"),
        (["*.example.com"], "*.vpce.example.com", ""),
        (["*.vpce.example.com"], "*.api.vpce.example.com", ""),
        (["a.example.com"], "*.example.com", ""),
        (["*.com"], "example.com", "*.com"),
        (["*"], "com", ""),
        (["a*.example.com"], "api.example.com", ""),
        (["*.EXAMPLE.com."], "API.example.COM.", "*.example.com"),
        (["xample.com"], "example.com", ""),
        ([], "example.com", ""),
        (["", "."], "example.com", ""),
    ],
)
def test_a_wildcard_covers_exactly_one_label(held: list[str], name: str, by: str) -> None:
    assert list(covers(held, [name]).by.values()) == [by]


def test_what_is_missing_is_said_with_the_cure() -> None:
    seen = covers([NAME], wanted(NAME, "api.example.com"))
    assert not seen.ok
    assert seen.missing == (f"*.{NAME}", "api.example.com")
    assert f"does not cover *.{NAME} and api.example.com" in seen.sentence


@pytest.mark.parametrize(
    ("left", "word", "days"),
    [
        (timedelta(days=395), "valid", 395),
        (timedelta(days=30), "valid", 30),
        (timedelta(days=30, seconds=-1), "soon", 29),
        (timedelta(seconds=1), "soon", 0),
        (timedelta(0), "expired", 0),
        (timedelta(days=-3), "expired", -3),
    ],
)
def test_it_is_judged_by_the_time_given(left: timedelta, word: str, days: int) -> None:
    seen = expiry(NOW + left, NOW)
    assert (seen.word, seen.days) == (word, days)
    assert bool(seen.sentence) is (word != "valid")
