"""No resolver learns that a record is absent: it would remember it for minutes after the record is set (RFC 2308)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onboarding.dns import caa
from onboarding.dns.lookup import Served, look, look_all
from onboarding.dns.records import Record
from onboarding.dns.resolver import Resolver
from onboarding.dns.server_rows import AWAITED
from tests.dns.world import AWS, COM, NAME, ONE, RESOLVERS, ROOT, TWO, World

VALUE = "_0123456789abcdef.sdgjtdhdhz.acm-validations.aws"
ACM = Record("CNAME", f"_x1.{NAME}", (VALUE,))
TXT = Record("TXT", f"_tok.{NAME}", ("vpce:L6p0ERxlTt45jevFwOCp",))
NS = Record("NS", NAME, tuple(AWS)[:4])
RIGHT = f"_x1.api.vpce CNAME {VALUE}."
# What exists before anything is set: the domain, its registry, and the hosts of its name servers.
EXIST = {"example.com", "com", "ns1.example.com", "ns2.example.com"}


@pytest.fixture(autouse=True)
def _remembers(world: World) -> None:
    """The resolvers remember an absence, as real ones do."""
    world.remembers = True


def resolvers(seen: Served) -> list[tuple[bool, str]]:
    return [(row.ok, row.problem) for row in seen.rows if row.role == "resolver"]


@pytest.mark.parametrize("record", [ACM, TXT, NS], ids=lambda record: record.type)
def test_no_resolver_is_asked_for_a_record_before_it_is_served(
    world: World, resolver: Resolver, record: Record
) -> None:
    seen = look(resolver, record)
    assert (seen.ok, seen.diagnosis, seen.zone) == (False, "not there", "example.com")
    assert world.told_public() <= EXIST
    assert not world.absent
    assert resolvers(seen) == [(False, AWAITED)] * len(RESOLVERS)
    assert [row.server for row in seen.rows if row.role == "resolver"] == [f"{each}:{world.port}" for each in RESOLVERS]


def test_a_record_is_served_at_the_first_look_after_it_is_set(world: World, resolver: Resolver) -> None:
    assert not any(each.ok for each in look_all(resolver, [ACM, TXT]))
    world.example(f'{RIGHT}\n_tok.api.vpce TXT "{TXT.values[0]}"')
    seen = look_all(resolver, [ACM, TXT])
    assert all(each.ok for each in seen)
    assert {ACM.name, TXT.name} <= world.told_public()
    assert [resolvers(each) for each in seen] == [[(True, "")] * len(RESOLVERS)] * 2


def test_a_resolver_that_was_asked_too_early_remembers_it(world: World, resolver: Resolver) -> None:
    """The world is as harsh as it claims: an absent name above hides the record, too."""
    resolver.public("vpce.example.com", "SOA")
    world.example(RIGHT)
    assert (look(resolver, ACM).ok, look(resolver, ACM).diagnosis) == (False, "not yet public")


@pytest.mark.parametrize(
    "lines", [f"_x1.api.vpce.example.com CNAME {VALUE}.", f"_x1 CNAME {VALUE}.", f"_x1.api.vpce CNAME {VALUE}x."]
)
def test_a_slip_is_diagnosed_without_a_resolver(world: World, resolver: Resolver, lines: str) -> None:
    world.example(lines)
    assert look(resolver, ACM).diagnosis in ("suffix doubled", "name cut short", "wrong value")
    assert world.told_public() <= EXIST


def test_resolvers_wait_until_the_last_name_server_serves_it(world: World, resolver: Resolver) -> None:
    world.example(RIGHT, at=[ONE])
    assert look(resolver, ACM).diagnosis == "only 1 of 2 name servers"
    assert world.told_public() <= EXIST
    world.example(RIGHT, at=[TWO])
    assert look(resolver, ACM).ok


def test_a_record_in_a_delegated_zone_is_not_asked_for_either(world: World, resolver: Resolver) -> None:
    world.delegated()
    seen = look(resolver, ACM)
    assert (seen.ok, seen.zone) == (False, NAME)
    assert world.told_public() <= EXIST | set(AWS)
    world.delegated(f"_x1 CNAME {VALUE}.")
    assert look(resolver, ACM).ok


def test_a_zone_is_found_below_a_zone_below_a_domain(world: World, resolver: Resolver) -> None:
    """Two cuts, the second at a server that holds the zone above it, too: it refers to nobody."""
    world.delegated()
    deep, address = f"a.b.{NAME}", AWS["ns-1.awsdns-01.com"]
    world.zone(deep, [address], "@ NS ns-1.awsdns-01.com.")
    home = resolver.home(f"_x.c.{deep}")
    assert (home.apex, dict(home.servers)) == (deep, {"ns-1.awsdns-01.com": (address,)})
    assert resolver.home(f"b.{NAME}").apex == NAME
    assert world.told_public() <= EXIST | set(AWS)


def test_a_domain_below_a_registry_of_two_labels_begins_there(world: World, resolver: Resolver) -> None:
    world.zone("", [ROOT], "com NS a.gtld.net.\nuk NS a.gtld.net.")
    world.zone("uk", [COM], "@ NS a.gtld.net.\nexample.co NS ns1.example.com.")
    world.zone("example.co.uk", [ONE], "@ NS ns1.example.com.")
    assert resolver.home("_x.api.example.co.uk").apex == "example.co.uk"
    assert world.told_public() <= EXIST | {"example.co.uk", "co.uk", "uk"}


def test_the_caa_records_of_a_name_that_is_not_there_are_asked_of_the_zone(world: World, resolver: Resolver) -> None:
    world.example('@ CAA 0 issue ";"')
    assert "The CAA records of example.com" in caa.forbids(resolver, NAME)
    assert world.told_public() <= EXIST
    assert not world.absent


def test_the_caa_records_behind_a_cname_count(world: World, resolver: Resolver) -> None:
    world.zone("other.com", [COM], '@ NS a.gtld.net.\nwww CAA 0 issue "pki.goog"')
    world.example("api.vpce CNAME www.other.com.")
    assert f"The CAA records of {NAME}" in caa.forbids(resolver, NAME)


def test_a_silent_name_server_is_waited_for_once(world: World, resolver: Resolver) -> None:
    world.example("\n".join(f"_x{at}.api.vpce CNAME {VALUE}." for at in range(3)))
    world.fails[TWO] = "silent"
    seen = look_all(resolver, [replace(ACM, name=f"_x{at}.{NAME}") for at in range(3)])
    assert {each.diagnosis for each in seen} == {"only 1 of 2 name servers"}
    assert all("does not answer within 3 s" in each.sentence for each in seen)
    assert world.asked[TWO, "udp"] == 2
