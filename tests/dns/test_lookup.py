"""Expected and found, and the diagnosis of each way in which a record can be wrong (Q4, the DNS desk)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from onboarding.dns.lookup import look, look_all
from onboarding.dns.records import Record
from onboarding.dns.resolver import Resolver
from tests.dns.world import AWS, COM, NAME, ONE, RESOLVERS, TWO, World

VALUE = "_0123456789abcdef.sdgjtdhdhz.acm-validations.aws"
ACM = Record("CNAME", f"_x1.{NAME}", (VALUE,))
TXT = Record("TXT", "_tok.example.com", ("vpce:L6p0ERxlTt45jevFwOCp",))
NS = Record("NS", NAME, tuple(AWS)[:4])
RIGHT = f"_x1.api.vpce CNAME {VALUE}."


def test_a_record_that_is_served_everywhere_is_right(world: World, resolver: Resolver) -> None:
    world.example(f'{RIGHT}\n_tok TXT "{TXT.values[0]}"\n_tok TXT "other"')
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis, seen.sentence, seen.zone) == (True, "", "", "example.com")
    assert [(row.server, row.role, row.ok, row.values, row.ttl) for row in seen.rows] == [
        ("ns1.example.com", "authoritative", True, (VALUE,), 300),
        ("ns2.example.com", "authoritative", True, (VALUE,), 300),
        *((f"{each}:{world.port}", "resolver", True, (VALUE,), 300) for each in RESOLVERS),
    ]
    assert [row.address for row in seen.rows[:2]] == [f"{ONE}:{world.port}", f"{TWO}:{world.port}"]
    assert look(resolver, TXT).ok


def test_names_and_hosts_are_compared_without_case_and_final_dot(world: World, resolver: Resolver) -> None:
    world.example(RIGHT)
    assert look(resolver, Record("CNAME", ACM.name.upper() + ".", (VALUE.upper() + ".",))).ok


def test_the_evidence_is_plain_data(world: World, resolver: Resolver) -> None:
    world.example(RIGHT)
    first = look(resolver, ACM).found[0]
    assert first["values"] == [VALUE]
    assert (first["server"], first["role"], first["ok"]) == ("ns1.example.com", "authoritative", True)


def test_a_delegation_is_looked_for_in_the_zone_above(world: World, resolver: Resolver) -> None:
    world.delegated()
    seen = look(resolver, NS)
    assert (seen.ok, seen.zone) == (True, "example.com")
    world.example("")
    assert look(resolver, NS).diagnosis == "not there"


@pytest.mark.parametrize(
    ("record", "lines", "diagnosis", "words"),
    [
        (ACM, "", "not there", "no CNAME record at _x1.api.vpce.example.com"),
        (ACM, f"_x1.api.vpce.example.com CNAME {VALUE}.", "suffix doubled", "_x1.api.vpce.example.com.example.com"),
        (ACM, f"_x1.api.vpce CNAME {VALUE}.example.com.", "suffix doubled", "end the value with a dot"),
        (ACM, f"_x1 CNAME {VALUE}.", "name cut short", "stands at _x1.example.com"),
        (ACM, f"_x1.api CNAME {VALUE}.", "name cut short", "type _x1.api.vpce as the name"),
        (ACM, f'_x1.api.vpce TXT "{VALUE}"', "wrong type", "is a TXT record"),
        (ACM, f"_x1.api.vpce CNAME {VALUE.replace('9', '8')}.", "wrong value", "Character 11 is “8”, not “9”."),
        (ACM, f"_x1.api.vpce CNAME {VALUE}x.", "wrong value", "After the last letter “x” follows."),
        (ACM, f"_x1.api.vpce CNAME {VALUE[:-4]}.", "wrong value", "ends after letter 44: “.aws” is missing."),
        (TXT, f'_tok TXT "{TXT.values[0].lower()}"', "case differs", "Character 6 is “l”, not “L”."),
        (TXT, f'_tok TXT "\\"{TXT.values[0]}\\""', "quotes doubled", "quotation marks inside"),
        (TXT, '_tok TXT "something else"', "wrong value", "not vpce:L6p0ERxlTt45jevFwOCp"),
        (TXT, f'_tok.example.com TXT "{TXT.values[0]}"', "suffix doubled", "type _tok as the name"),
        (TXT, "_tok CNAME elsewhere.example.org.", "CNAME in its place", "Remove the CNAME"),
        (replace(TXT, name="example.com"), '@ TXT "v=spf1 -all"', "not there", "no TXT record at example.com"),
        (NS, "api.vpce NS ns-1.awsdns-01.com.", "wrong value", "is ns-1.awsdns-01.com, not ns-2.awsdns-02.net"),
        (NS, "\n".join(f"api.vpce NS {each}." for each in AWS), "wrong value", "also has ns-9.awsdns-09.com. Remove"),
    ],
)
def test_a_slip_is_diagnosed(
    world: World, resolver: Resolver, record: Record, lines: str, diagnosis: str, words: str
) -> None:
    world.example(lines)
    seen = look(resolver, record)
    assert (seen.ok, seen.diagnosis) == (False, diagnosis)
    assert words in seen.sentence


def test_a_value_among_dozens_of_others_is_found_and_the_evidence_stays_small(world: World, resolver: Resolver) -> None:
    record = replace(TXT, name="example.com")
    others = "\n".join(f'@ TXT "{at:03d}{"x" * 240}"' for at in range(60))
    world.example(f'{others}\n@ TXT "{TXT.values[0]}"')
    seen = look(resolver, record)
    assert seen.ok
    assert {len(row.values) for row in seen.rows} == {12}
    assert all(TXT.values[0] in row.values for row in seen.rows)


def test_a_record_without_a_value_yet_is_not_served(world: World, resolver: Resolver) -> None:
    for record in (replace(TXT, values=()), replace(ACM, values=())):
        assert (look(resolver, record).ok, look(resolver, record).diagnosis) == (False, "no value yet")


def test_one_name_server_that_lags_behind_is_named(world: World, resolver: Resolver) -> None:
    world.example(RIGHT, at=[ONE])
    world.example("", at=[TWO])
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "only 1 of 2 name servers")
    assert "ns2.example.com has none." in seen.sentence


@pytest.mark.parametrize(
    ("fails", "words"), [("refused", "refuses"), ("no authority", "without authority"), ("silent", "does not answer")]
)
def test_one_name_server_that_fails_is_named(world: World, resolver: Resolver, fails: str, words: str) -> None:
    world.example(RIGHT)
    world.fails[TWO] = fails
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "only 1 of 2 name servers")
    assert words in seen.sentence


def test_name_servers_at_inner_addresses_are_not_asked(world: World, resolver: Resolver) -> None:
    world.example(RIGHT)
    world.hosts.update({"ns1.example.com": [ONE, "10.0.0.2"], "ns2.example.com": [TWO, "10.0.0.3"]})
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "name servers do not answer")
    assert "ns1.example.com has the address 10.0.0.2" in seen.sentence
    assert {row.address for row in seen.rows if row.role == "authoritative"} == {""}


def test_a_resolver_that_remembers_that_it_was_absent_is_waited_for(world: World, resolver: Resolver) -> None:
    world.example(RIGHT)
    world.remembered[RESOLVERS[1], ACM.name, "CNAME"] = "NXDOMAIN"
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "not yet public")
    assert RESOLVERS[1] in seen.sentence


def test_a_resolver_that_fails_is_said_to_fail(world: World, resolver: Resolver) -> None:
    world.example(RIGHT)
    world.remembered[RESOLVERS[2], ACM.name, "CNAME"] = "SERVFAIL"
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "resolver does not answer")


def test_a_delegation_hides_the_certificates_record(world: World, resolver: Resolver) -> None:
    """Q4: the CNAME is still in the seller's zone, and no longer resolves."""
    world.example(RIGHT)
    assert look(resolver, ACM).ok
    world.delegated()
    world.example(RIGHT + "".join(f"\napi.vpce NS {each}." for each in tuple(AWS)[:4]))
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis, seen.zone) == (False, "hidden by a delegation", NAME)
    assert "If it stands in example.com" in seen.sentence
    world.delegated(f"_x1 CNAME {VALUE}.")
    assert look(resolver, ACM).ok


def test_a_record_that_a_server_serves_from_the_parent_zone_is_seen_there(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.example(RIGHT + "".join(f"\napi.vpce NS {each}." for each in tuple(AWS)[:4]))
    world.fails[ONE] = "flat"
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "record sits in the parent zone")
    assert "Set it at those servers too." in seen.sentence


def test_a_lame_delegation_hides_what_lies_below_it(world: World, resolver: Resolver) -> None:
    world.example(RIGHT + "\napi.vpce NS ns-9.awsdns-09.com.")
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "hidden by a delegation")
    assert "refers to ns-9.awsdns-09.com for api.vpce.example.com" in seen.sentence


def test_an_unregistered_domain_is_a_matter_for_the_registrar(world: World, resolver: Resolver) -> None:
    world.zone("com", [COM], "@ NS a.gtld.net.")
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis, seen.zone) == (False, "no live zone", "com")
    assert seen.sentence.startswith("com does not delegate example.com")
    assert {row.role for row in seen.rows} == {"resolver"}


def test_a_domain_that_nobody_delegates_has_no_live_zone(world: World, resolver: Resolver) -> None:
    world.zones.clear()
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis, seen.zone) == (False, "no live zone", "")
    assert seen.sentence


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('@ CAA 0 issue "letsencrypt.org"', 'Add example.com CAA 0 issue "amazon.com"'),
        ('vpce CAA 0 issue ";"', 'Add vpce.example.com CAA 0 issue "amazon.com"'),
        ('@ CAA 0 issue "amazon.com"\n@ CAA 0 issuewild "digicert.com"', 'CAA 0 issuewild "amazon.com"'),
        ('@ CAA 0 issue "amazon.com"\napi.vpce CAA 128 issue "pki.goog"', "The CAA records of api.vpce.example.com"),
    ],
)
def test_caa_that_forbids_amazon_is_said(world: World, resolver: Resolver, lines: str, words: str) -> None:
    world.example(f"{RIGHT}\n{lines}")
    seen = look(resolver, ACM)
    assert (seen.ok, seen.diagnosis) == (False, "CAA forbids Amazon")
    assert words in seen.sentence
    assert all(row.ok for row in seen.rows)


@pytest.mark.parametrize(
    "lines",
    [
        '@ CAA 0 issue "amazontrust.com"\n@ CAA 0 issue "letsencrypt.org"',
        '@ CAA 0 issue "amazonaws.com; account=1"',
        '@ CAA 0 iodef "mailto:ca@example.com"',
        '@ CAA 0 issue "letsencrypt.org"\nvpce CAA 0 issue "amazon.com"',
        '@ CAA 0 issue "AMAZON.com"\n@ CAA 0 issuewild "awstrust.com"',
    ],
)
def test_caa_that_lets_amazon_in_is_no_matter(world: World, resolver: Resolver, lines: str) -> None:
    world.example(f"{RIGHT}\n{lines}")
    assert look(resolver, ACM).ok


def test_caa_is_no_matter_for_other_records(world: World, resolver: Resolver) -> None:
    world.example(f'@ CAA 0 issue ";"\n_tok TXT "{TXT.values[0]}"')
    assert look(resolver, TXT).ok


def test_a_page_of_eight_records_is_quick_and_asks_shared_questions_once(world: World, resolver: Resolver) -> None:
    records = [replace(ACM, name=f"_x{at}.{NAME}") for at in range(8)]
    world.example("\n".join(f"_x{at}.api.vpce CNAME {VALUE}." for at in range(8)))
    began = time.monotonic()
    seen = look_all(resolver, records)
    assert time.monotonic() - began < 5
    assert [each.record.name for each in seen] == [each.name for each in records]
    assert all(each.ok for each in seen)
    asked = [(server, name, type) for server, name, type, _ in world.questions]
    assert len(asked) == len(set(asked))


def test_a_page_of_records_whose_servers_are_dead_takes_ten_seconds_at_most(world: World, resolver: Resolver) -> None:
    world.example(RIGHT)
    world.fails.update({ONE: "silent", TWO: "silent", COM: "silent"})
    for each in RESOLVERS:
        world.remembered[each, "example.com", "SOA"] = ["example.com. 60 IN SOA a. b. 1 2 3 4 5"]
        world.remembered[each, "example.com", "NS"] = ["example.com. 60 IN NS ns1.example.com."]
    began = time.monotonic()
    seen = look_all(resolver, [ACM, TXT, NS, *(replace(ACM, name=f"_x{at}.{NAME}") for at in range(5))])
    assert time.monotonic() - began < 11
    assert not any(each.ok for each in seen)
    assert all(each.sentence for each in seen)
