"""Which names lie above a name, and which zones are a registry's."""

from __future__ import annotations

import pytest

from onboarding.dns.resolver import ancestors, is_registry


@pytest.mark.parametrize(
    ("zone", "registry"),
    [
        ("com", True),
        ("co.uk", True),
        ("com.au", True),
        ("", True),
        ("example.com", False),
        ("a.co.uk", False),
        ("co.example", False),
        ("amazon.de", False),
    ],
)
def test_nobody_sets_records_in_a_registrys_zone(zone: str, registry: bool) -> None:
    assert is_registry(zone) is registry


def test_the_names_above_a_name_begin_with_itself() -> None:
    assert ancestors("a.b.c") == ["a.b.c", "b.c", "c"]


def test_of_a_very_long_name_only_the_upper_ones_are_asked_for() -> None:
    above = ancestors(".".join("abcdefghijklmnopqrstuvwxyz"))
    assert len(above) == 13
    assert above[0].startswith("a.b.c.")
    assert above[1:3] == ["o.p.q.r.s.t.u.v.w.x.y.z", "p.q.r.s.t.u.v.w.x.y.z"]
