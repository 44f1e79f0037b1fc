"""Where two values part, letter by letter."""

from __future__ import annotations

import time

import pytest

from onboarding.dns.difference import closest, pieces, pointer


@pytest.mark.parametrize(
    ("expected", "found", "sentence"),
    [
        ("abc", "abc", ""),
        ("abc", "abd", "Character 3 is “d”, not “c”."),
        ("abc", "ab", "It ends after letter 2: “c” is missing."),
        ("abc", "abc.", "After the last letter “.” follows."),
        ("abc", "", "It ends after letter 0: “abc” is missing."),
        ("vpce:x", "vpce\u200b:x", "Character 5 is “\\u200b”, not “:”."),
        ("a", "a" * 80, f"After the last letter “{'a' * 40}…” follows."),
    ],
)
def test_the_first_difference_is_said(expected: str, found: str, sentence: str) -> None:
    assert pointer(expected, found) == sentence


def test_the_pieces_join_to_both_values() -> None:
    for expected, found in [("_abc.acm.aws", "_abd.acm.aws.example.com"), ("a" * 600, "b" * 700), ("", "x"), ("", "")]:
        cut = pieces(expected, found)
        assert "".join(each.expected for each in cut) == expected
        assert "".join(each.found for each in cut) == found
        assert all(each.expected == each.found for each in cut if each.same)
    assert [each.found for each in pieces("_abc.aws", "_abd.aws") if not each.same] == ["d"]


def test_the_most_alike_value_is_compared() -> None:
    assert closest("vpce:abcdef", ["v=spf1 -all", "vpce:abcdeg", "xyz"]) == "vpce:abcdeg"


def test_long_values_take_no_long_time() -> None:
    began = time.monotonic()
    long = ["ab" * 1000 + str(at) for at in range(64)]
    pieces("ba" * 1000, closest("ba" * 1000, long))
    assert time.monotonic() - began < 2
