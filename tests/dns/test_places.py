"""Which names lie above a name, and which zones are a registry's."""

from __future__ import annotations

import pytest

from onboarding.dns.resolver import ancestors, is_registry, registered_domain


@pytest.mark.parametrize(
    ("zone", "registry"),
    [
        ("com", True),
        ("co.uk", True),
        ("com.au", True),
        ("bc.ca", True),
        ("k12.ca.us", True),
        ("kawasaki.jp", True),  # every name directly below it is sold, too
        ("chiyoda.kawasaki.jp", True),
        ("xn--p1ai", True),
        ("test", True),  # a top level that no list knows
        ("", True),
        ("example.com", False),
        ("a.co.uk", False),
        ("co.example", False),
        ("amazon.de", False),
        ("gov.bc.ca", False),
        ("city.kawasaki.jp", False),
        ("blogspot.com", False),  # a company gives names away below it, and sets records in it
        ("myshopify.com", False),
    ],
)
def test_nobody_sets_records_in_a_registrys_zone(zone: str, registry: bool) -> None:
    assert is_registry(zone) is registry


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("api.example.com", "example.com"),
        ("_x.API.Example.co.uk", "Example.co.uk"),
        ("a.b.school.k12.ca.us", "school.k12.ca.us"),
        ("shop.blogspot.com", "blogspot.com"),
        ("example.com", "example.com"),
        ("co.uk", ""),
        ("com", ""),
        ("", ""),
    ],
)
def test_the_registered_domain_is_the_name_below_the_registrys(name: str, domain: str) -> None:
    assert registered_domain(name) == domain


def test_the_names_above_a_name_begin_with_itself() -> None:
    assert ancestors("a.b.c") == ["a.b.c", "b.c", "c"]


def test_of_a_very_long_name_only_the_upper_ones_are_asked_for() -> None:
    above = ancestors(".".join("abcdefghijklmnopqrstuvwxyz"))
    assert len(above) == 13
    assert above[0].startswith("a.b.c.")
    assert above[1:3] == ["o.p.q.r.s.t.u.v.w.x.y.z", "p.q.r.s.t.u.v.w.x.y.z"]
