"""A delegation broken in every way, and what is said about each (S22, Q4)."""

from __future__ import annotations

import time

import pytest

from onboarding.dns.delegation import Delegation, diagnose
from onboarding.dns.records import Record
from onboarding.dns.resolver import Resolver
from onboarding.dns.server_rows import at_most
from tests.dns.world import AWS, COM, NAME, ONE, RESOLVERS, TWO, World

GIVEN = tuple(AWS)[:4]
VALUE = "_0123.sdgjtdhdhz.acm-validations.aws"
ACM = Record("CNAME", f"_x1.{NAME}", (VALUE,))


def ns(*servers: str) -> str:
    return "\n".join(f"api.vpce NS {each}." for each in servers)


def words(seen: Delegation) -> list[str]:
    return [finding.word for finding in seen.findings]


def test_a_right_delegation_is_right_from_all_sides(world: World, resolver: Resolver) -> None:
    world.delegated()
    seen = diagnose(resolver, NAME.upper() + ".", [each.upper() + "." for each in GIVEN])
    assert (seen.ok, seen.parent, seen.findings, seen.hidden) == (True, "example.com", (), ())
    assert [(row.role, row.server) for row in seen.rows] == [
        ("parent", "ns1.example.com"),
        ("parent", "ns2.example.com"),
        *(("server", each) for each in GIVEN),
        *(("resolver", f"{each}:{world.port}") for each in RESOLVERS),
    ]
    assert all(row.ok for row in seen.rows)
    assert set(seen.rows[0].values) == set(GIVEN)


@pytest.mark.parametrize(
    ("lines", "word", "sentence"),
    [
        ("", "missing", "example.com has no NS records at api.vpce.example.com. Set one NS record set"),
        (ns(*GIVEN[:2]), "partial", "lack ns-3.awsdns-03.org, ns-4.awsdns-04.co.uk. Add"),
        (ns("ns-9.awsdns-09.com"), "wrong servers", "name ns-9.awsdns-09.com, which Marketplace did not give and lack"),
        (ns(*GIVEN, "ns-9.awsdns-09.com"), "wrong servers", "ns-9.awsdns-09.com, which Marketplace did not give. Repl"),
        ("api.vpce CNAME elsewhere.example.org.", "CNAME beside NS", "a CNAME at api.vpce.example.com, to elsewhere"),
        (ns(*GIVEN) + "\napi.vpce CNAME elsewhere.example.org.", "CNAME beside NS", "keep only the NS records"),
    ],
)
def test_what_the_parent_has_wrong_is_said_with_the_cure(
    world: World, resolver: Resolver, lines: str, word: str, sentence: str
) -> None:
    world.delegated()
    world.example(lines)
    seen = diagnose(resolver, NAME, GIVEN)
    assert (seen.ok, words(seen)) == (False, [word])
    assert sentence in str(seen.findings[0])
    assert not any(row.ok for row in seen.rows if row.role == "parent")
    assert all(row.ok for row in seen.rows if row.role == "server")


def test_a_parent_server_that_lags_behind_is_uneven(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.example("", at=[TWO])
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen) == ["uneven"]
    assert "Only 1 of the 2 name servers of example.com" in str(seen.findings[0])
    assert "ns2.example.com has no NS record" in str(seen.findings[0])


def test_a_parent_server_that_does_not_answer_is_named(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.fails[TWO] = "silent"
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen) == ["no answer"]


@pytest.mark.parametrize(
    ("fails", "word", "why"),
    [
        ("refused", "lame", "it refuses the question"),
        ("servfail", "lame", "it answers SERVFAIL"),
        ("no authority", "lame", "it answers without authority"),
        ("silent", "silent", "does not answer"),
    ],
)
def test_a_server_that_does_not_serve_the_zone_is_lame_or_silent(
    world: World, resolver: Resolver, fails: str, word: str, why: str
) -> None:
    world.delegated()
    world.fails[AWS["ns-2.awsdns-02.net"]] = fails
    seen = diagnose(resolver, NAME, GIVEN)
    assert (seen.ok, words(seen)) == (False, [word])
    assert why in str(seen.findings[0])
    assert str(seen.findings[0]).startswith("ns-2.awsdns-02.net ")
    assert [row.ok for row in seen.rows if row.role == "server"] == [True, False, True, True]


def test_a_server_of_the_zone_above_alone_is_lame(world: World, resolver: Resolver) -> None:
    world.delegated()
    address = AWS["ns-1.awsdns-01.com"]
    world.zones[address] = []
    world.example("", at=[address])
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen) == ["lame"]
    assert "it holds a zone above" in str(seen.findings[0])


def test_a_resolver_that_remembers_the_old_servers_is_stale(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.remembered[RESOLVERS[1], NAME, "NS"] = [f"{NAME}. 120 IN NS ns-9.awsdns-09.com."]
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen) == ["stale"]
    assert "for 5 minutes at most" in str(seen.findings[0])


@pytest.mark.parametrize(
    ("ttl", "words"), [(0, "a minute"), (60, "a minute"), (61, "5 minutes"), (3600, "an hour"), (172_800, "more than")]
)
def test_the_time_to_wait_is_said_in_round_words(ttl: int, words: str) -> None:
    assert at_most(ttl).startswith(words)


def test_a_resolver_that_fails_is_unresolved(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.remembered[RESOLVERS[0], NAME, "NS"] = "SERVFAIL"
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen) == ["unresolved"]
    assert "SERVFAIL" in str(seen.findings[0])


def test_a_zone_that_names_other_servers_itself_is_found(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.zone(NAME, [AWS[each] for each in GIVEN], "@ NS ns-9.awsdns-09.com.")
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen) == ["own set differs"]


def test_a_name_without_a_zone_above_has_no_parent(world: World, resolver: Resolver) -> None:
    world.zones.clear()
    seen = diagnose(resolver, NAME, GIVEN)
    assert (seen.ok, seen.parent) == (False, "")
    assert "no parent zone" in words(seen)
    assert all(str(finding) for finding in seen.findings)


def test_a_domain_that_is_not_registered_has_no_parent(world: World, resolver: Resolver) -> None:
    world.zone("com", [COM], "@ NS a.gtld.net.")
    seen = diagnose(resolver, NAME, GIVEN)
    assert words(seen)[0] == "no parent zone"
    assert "com does not delegate example.com" in str(seen.findings[0])


def test_an_inner_name_server_is_not_asked(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.hosts["ns-1.awsdns-01.com"] = ["169.254.169.254"]
    seen = diagnose(resolver, NAME, GIVEN)
    assert "no address" in words(seen)
    assert "link-local" in " ".join(map(str, seen.findings))


def test_it_tells_beforehand_what_the_delegation_will_hide(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.example(f"_x1.api.vpce CNAME {VALUE}.")
    seen = diagnose(resolver, NAME, GIVEN, [ACM])
    assert (words(seen), seen.hidden) == (["missing"], (ACM,))


def test_a_delegation_that_hides_a_record_is_itself_right(world: World, resolver: Resolver) -> None:
    world.delegated()
    seen = diagnose(resolver, NAME, GIVEN, [ACM])
    assert (seen.ok, seen.hidden) == (True, (ACM,))
    world.delegated(f"_x1 CNAME {VALUE}.")
    seen = diagnose(resolver, NAME, GIVEN, [ACM])
    assert (seen.ok, seen.hidden) == (True, ())


def test_a_record_that_one_server_lacks_is_hidden(world: World, resolver: Resolver) -> None:
    world.delegated(f"_x1 CNAME {VALUE}.")
    world.zone(NAME, [AWS["ns-4.awsdns-04.co.uk"]], "\n".join(f"@ NS {each}." for each in GIVEN))
    assert diagnose(resolver, NAME, GIVEN, [ACM]).hidden == (ACM,)


def test_a_server_for_both_zones_may_answer_with_the_zones_own_records(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.zone(NAME, [ONE], "\n".join(f"@ NS {each}." for each in GIVEN))
    assert diagnose(resolver, NAME, GIVEN).ok


def test_without_servers_nothing_is_right(world: World, resolver: Resolver) -> None:
    seen = diagnose(resolver, NAME, [])
    assert (seen.ok, words(seen)) == (False, ["no servers"])
    assert not any(row.ok for row in seen.rows)


def test_when_all_is_dead_it_says_so_within_ten_seconds(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.fails.update(dict.fromkeys([ONE, TWO, *AWS.values()], "silent"))
    for each in RESOLVERS:
        world.remembered[each, "example.com", "SOA"] = ["example.com. 60 IN SOA a. b. 1 2 3 4 5"]
        world.remembered[each, "example.com", "NS"] = ["example.com. 60 IN NS ns1.example.com."]
    began = time.monotonic()
    seen = diagnose(resolver, NAME, GIVEN, [ACM])
    assert time.monotonic() - began < 11
    assert words(seen) == ["no answer", "silent", "silent", "silent", "silent"]
