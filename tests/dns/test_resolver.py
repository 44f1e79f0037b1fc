"""Questions to DNS over real sockets: what is understood, what is refused, and how long it may take (SEC15)."""

from __future__ import annotations

import time

import pytest

from config import env
from onboarding.dns.resolver import Resolver
from tests.dns.world import AWS, COM, NAME, ONE, RESOLVERS, TWO, World

TOKEN = "vpce:L6p0ERxlTt45jevFwOCp"


def test_it_tells_what_each_resolver_answers(world: World, resolver: Resolver) -> None:
    world.example(f'_tok TXT "{TOKEN}"')
    world.remembered[RESOLVERS[1], "_tok.example.com", "TXT"] = ['_tok.example.com. 17 IN TXT "old"']
    world.remembered[RESOLVERS[2], "_tok.example.com", "TXT"] = "SERVFAIL"
    one, two, three = resolver.public("_tok.example.com", "TXT")
    assert (one.values, one.ttl, one.problem) == ((TOKEN,), 300, "")
    assert (two.values, two.ttl) == (("old",), 17)
    assert three.values == ()
    assert "SERVFAIL" in three.problem


def test_an_absent_name_is_no_problem(resolver: Resolver) -> None:
    assert {(view.values, view.problem, view.rcode) for view in resolver.public("x.example.com", "TXT")} == {
        ((), "", "NXDOMAIN")
    }


def test_a_resolver_follows_cname_records_to_the_end(world: World, resolver: Resolver) -> None:
    world.example('_a CNAME _b.example.com.\n_b CNAME _c.example.com.\n_c TXT "end"')
    reply = resolver.first("_a.example.com", "TXT")
    assert (reply.values, reply.chain) == (("end",), ("_b.example.com", "_c.example.com"))


@pytest.mark.parametrize(("length", "served"), [(8, True), (9, False), (11, False)])
def test_it_follows_eight_cname_records_and_no_more(
    world: World, resolver: Resolver, length: int, served: bool
) -> None:
    chain = "\n".join(f"n{at} CNAME n{at + 1}.example.com." for at in range(length))
    world.example(f"{chain}\nn{length} A 127.31.1.1")
    host = resolver.host("n0.example.com")
    assert bool(host.addresses) is served
    if not served:
        assert host.problem.endswith("more than 8 CNAME records.")


def test_a_ring_of_cname_records_ends(world: World, resolver: Resolver) -> None:
    world.example("a CNAME b.example.com.\nb CNAME a.example.com.")
    began = time.monotonic()
    assert resolver.addresses("a.example.com") == []
    assert time.monotonic() - began < 10


def test_a_text_in_several_strings_is_read_as_one_and_capitals_are_kept(world: World, resolver: Resolver) -> None:
    world.example(r'_t TXT "Ab" "cD\"e" ' + "\n_u TXT " + f'"{"x" * 200}" "{"y" * 100}"')
    assert resolver.first("_t.example.com", "TXT").values == ('AbcD"e',)
    assert resolver.first("_u.example.com", "TXT").values == ("x" * 200 + "y" * 100,)


def test_names_are_lower_case_and_without_final_dot(world: World, resolver: Resolver) -> None:
    world.example("_x CNAME _Y.ACM-Validations.aws.")
    assert resolver.at(ONE, "_x.example.com", "CNAME").values == ("_y.acm-validations.aws",)


def test_a_direct_question_wants_no_recursion(world: World, resolver: Resolver) -> None:
    resolver.at(ONE, "example.com", "SOA")
    resolver.first("example.com", "SOA")
    assert {rd for server, _, _, rd in world.questions if server == ONE} == {0}
    assert {rd for server, _, _, rd in world.questions if server in RESOLVERS} == {1}


def test_a_direct_answer_tells_authority_and_referral(world: World, resolver: Resolver) -> None:
    world.delegated()
    own = resolver.at(ONE, "example.com", "SOA")
    assert (own.authoritative, own.rcode, own.cut) == (True, "NOERROR", "")
    above = resolver.at(ONE, f"_x.{NAME}", "CNAME")
    assert (above.authoritative, above.values, above.cut) == (False, (), NAME)
    assert above.referral == tuple(sorted(tuple(AWS)[:4]))
    assert above.ttl == 300
    assert resolver.at(COM, "www.example.org", "A").rcode == "REFUSED"
    absent = resolver.at(ONE, "x.example.com", "A")
    assert (absent.rcode, absent.negative_ttl) == ("NXDOMAIN", 60)


def test_a_cut_answer_is_asked_for_again_over_tcp(world: World, resolver: Resolver) -> None:
    long = " ".join(f'"{str(at) * 250}"' for at in range(8))
    world.example(f"big TXT {long}\nsmall A 127.31.1.1")
    world.fails[TWO] = "truncated"
    assert len(resolver.at(ONE, "big.example.com", "TXT").values[0]) == 2000
    assert resolver.at(TWO, "small.example.com", "A").values == ("127.31.1.1",)
    assert (world.asked[ONE, "tcp"], world.asked[TWO, "tcp"]) == (1, 1)


def test_an_answer_that_stays_cut_is_not_asked_for_for_ever(world: World, resolver: Resolver) -> None:
    world.fails[ONE] = "always truncated"
    reply = resolver.at(ONE, "example.com", "SOA")
    assert world.asked[ONE, "tcp"] == 1
    assert reply.values == ()


@pytest.mark.parametrize("fails", ["silent", "garbage", "stranger"])
def test_a_server_that_does_not_answer_costs_three_seconds_and_a_sentence(
    world: World, resolver: Resolver, fails: str
) -> None:
    world.fails[ONE] = fails
    began = time.monotonic()
    reply = resolver.at(ONE, "example.com", "SOA")
    assert 2.5 < time.monotonic() - began < 4.5
    assert reply.rcode == ""
    assert reply.problem == f"{ONE}:{world.port} does not answer within 3 s."
    assert world.asked[ONE, "udp"] == 2


def test_a_server_that_refuses_is_said_not_to_hold_the_zone(world: World, resolver: Resolver) -> None:
    world.fails[ONE] = "refused"
    assert resolver.at(ONE, "example.com", "SOA").problem.endswith("it does not hold the zone.")


@pytest.mark.parametrize("name", ["", "..", "a..b", "x" * 64 + ".example.com", "a." * 140, "\ud800.example.com"])
def test_what_is_no_name_gets_a_sentence(resolver: Resolver, name: str) -> None:
    for reply in (resolver.at(ONE, name, "A"), *resolver.replies(name, "A")):
        assert reply.problem or reply.rcode
    assert resolver.addresses(name) == []
    assert resolver.home(name).apex == ""


def test_the_home_of_a_name_is_the_nearest_live_zone(world: World, resolver: Resolver) -> None:
    home = resolver.home(f"_x.{NAME}")
    assert home.apex == "example.com"
    assert home.servers == {"ns1.example.com": (ONE,), "ns2.example.com": (TWO,)}
    world.delegated()
    assert resolver.home(f"_x.{NAME}").apex == NAME
    assert resolver.home("vpce.example.com").apex == "example.com"


def test_the_home_of_a_name_below_a_broken_delegation_is_the_zone_above(world: World, resolver: Resolver) -> None:
    world.delegated()
    for server in AWS.values():
        world.zones.pop(server, None)
    assert resolver.home(f"_x.{NAME}").apex == "example.com"


def test_a_cname_to_another_zone_does_not_make_it_the_home(world: World, resolver: Resolver) -> None:
    world.zone("other.com", [COM], "@ NS a.gtld.net.")
    world.example("alias CNAME other.com.")
    assert resolver.home("alias.example.com").apex == "example.com"


def test_a_name_without_a_zone_gets_a_sentence(world: World, resolver: Resolver) -> None:
    world.zone("com", [COM], "")
    world.zones.clear()
    home = resolver.home("www.example.com")
    assert (home.apex, dict(home.servers)) == ("", {})
    assert "SERVFAIL" in home.problem


def test_without_a_resolver_it_says_so() -> None:
    resolver = Resolver([])
    assert resolver.public("example.com", "A") == []
    assert "DNS_RESOLVERS" in resolver.home("example.com").problem
    assert resolver.addresses("example.com") == []


def test_a_dead_resolver_is_passed_over(world: World) -> None:
    world.fails[RESOLVERS[0]] = "servfail"
    world.remembered.update({(RESOLVERS[0], name, "SOA"): "SERVFAIL" for name in ("example.com", "com")})
    assert Resolver(world.resolvers).home("example.com").apex == "example.com"


def test_nothing_is_asked_twice_within_a_deadline(world: World, resolver: Resolver) -> None:
    bounded = resolver.within(5)
    assert bounded.within(60) is bounded
    for _ in range(3):
        bounded.home(f"_x.{NAME}")
        bounded.home(f"_y.{NAME}")
    assert max(world.asked.values()) < 40
    asked = [(server, name, type) for server, name, type, _ in world.questions]
    assert len(asked) == len(set(asked))


def test_a_deadline_that_has_passed_asks_nothing(world: World, resolver: Resolver) -> None:
    reply = resolver.within(0).at(ONE, "example.com", "SOA")
    assert "was not asked" in reply.problem
    assert not world.asked


def test_a_home_whose_servers_are_all_dead_is_found_within_ten_seconds(world: World, resolver: Resolver) -> None:
    for each in RESOLVERS:
        world.fails[each] = "silent"
    began = time.monotonic()
    assert "does not answer" in resolver.home(f"_x.{NAME}").problem
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("value", "endpoint"),
    [
        ("1.1.1.1", ("1.1.1.1", 53)),
        ("127.0.0.1:5300", ("127.0.0.1", 5300)),
        ("2606:4700::1111", ("2606:4700::1111", 53)),
        ("[2606:4700::1111]:5300", ("2606:4700::1111", 5300)),
        ("[::1]", ("::1", 53)),
    ],
)
def test_resolvers_are_read_as_the_settings_write_them(value: str, endpoint: tuple[str, int]) -> None:
    assert Resolver(env.resolvers([value])).servers == (endpoint,)
