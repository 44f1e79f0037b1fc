"""Name servers read from what people paste, and tried (S22, Q6; nasty input T24)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.dns import servers
from onboarding.dns.resolver import Resolver
from sellers.formats import FormatError
from tests.dns.world import AWS, NAME, World
from tests.sellers.values import NASTY

GIVEN = tuple(AWS)[:4]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(GIVEN),
        " ".join(f"{each}." for each in GIVEN),
        ", ".join(each.upper() for each in GIVEN),
        "\r\n\r\n".join(f"\t{each};" for each in GIVEN) + "\r\n",
        list(GIVEN),
        [f" {each}.\n" for each in GIVEN] + [""],
    ],
)
def test_they_are_read_however_they_are_pasted(text: str | list[str]) -> None:
    assert servers.parse(text) == GIVEN


def test_a_name_of_another_alphabet_becomes_its_ascii_form() -> None:
    assert servers.parse("ns1.münchen.example ns2.münchen.example") == (
        "ns1.xn--mnchen-3ya.example",
        "ns2.xn--mnchen-3ya.example",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "here are 0"),
        (GIVEN[0], "here are 1"),
        (" ".join(f"ns-{at}.awsdns-01.com" for at in range(7)), "here are 7"),
        (" ".join([GIVEN[0]] * 5), "ns-1.awsdns-01.com is given 5 times"),
        (f"{GIVEN[0]} {GIVEN[0].upper()}. {GIVEN[1]}", "is given 2 times"),
        (f"{GIVEN[0]} 10.0.0.2", "“10.0.0.2” is not the name of a name server"),
        (f"{GIVEN[0]} 2606:4700::1111", "“2606:4700::1111” is not the name"),
        (f"{GIVEN[0]} localhost", "“localhost” is not the name"),
        (f"{GIVEN[0]} https://ns.example.com/", "“https://ns.example.com/” is not the name"),
        (f"{GIVEN[0]} ns_1.example.com", "“ns_1.example.com” is not the name"),
        (f"{GIVEN[0]} *.example.com", "“*.example.com” is not the name"),
        (f"{GIVEN[0]} {'a' * 64}.example.com", "is not the name"),
        (f"{GIVEN[0]} {'a.' * 130}com", "…” is not the name"),
        (f"{GIVEN[0]} ns..example.com", "is not the name"),
        (f"{GIVEN[0]} \u212ans.example.com", "is not the name"),
        (f"{GIVEN[0]} a\u202eb.example.com", "“a?b.example.com” is not the name"),
        (f"{GIVEN[0]} a\x00b.example.com", "“a?b.example.com” is not the name"),
        (f"{GIVEN[0]} ns.vpce.amazonaws.com", "belong to AWS"),
        ("x" * 65536, "too long"),
        ([GIVEN[0]] * 5000, "too long"),
        ("Dear seller, here they are: ns-1.awsdns-01.com", "“Dear” is not the name"),
        ("api.vpce.example.com. 300 IN NS ns-1.awsdns-01.com.", "“300” is not the name"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str | list[str], words: str) -> None:
    with pytest.raises(FormatError) as caught:
        servers.parse(text)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", NASTY)
def test_nasty_text_is_a_format_error_and_nothing_else(value: str) -> None:
    with pytest.raises(FormatError):
        servers.parse(f"{GIVEN[0]} {value} {GIVEN[0]}")


@given(st.text(max_size=300) | st.lists(st.text(max_size=40), max_size=8))
def test_any_text_gives_names_or_a_sentence(text: str | list[str]) -> None:
    with suppress(FormatError):
        found = servers.parse(text)
        assert 2 <= len(found) <= 6
        assert all(each.isascii() and each == each.lower() for each in found)


def test_servers_that_are_not_of_route_53_are_worth_a_thought() -> None:
    assert servers.advice(GIVEN) == []
    assert "ns1.example.org isn't a Route 53 name server" in servers.advice([*GIVEN[:3], "ns1.example.org"])[0]
    assert "You entered 2." in servers.advice(GIVEN[:2])[0]


def test_servers_that_answer_for_the_zone_have_nothing_wrong(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.example("")  # the check is made before the delegation
    assert servers.check(resolver, NAME, GIVEN) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.0.0.2", "has the address 10.0.0.2, which is not a public address"),
        ("169.254.169.254", "which is a link-local address"),
        ("fd00:ec2::253", "which is not a public address"),
    ],
)
def test_a_private_address_is_said(world: World, resolver: Resolver, address: str, words: str) -> None:
    world.delegated()
    world.hosts[GIVEN[0]] = [AWS[GIVEN[0]], address]
    (sentence,) = servers.check(resolver, NAME, GIVEN)
    assert sentence.startswith(f"{GIVEN[0]} has the address")
    assert words in sentence
    assert world.asked[AWS[GIVEN[0]], "udp"] == 0


def test_a_server_that_does_not_answer_is_said(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.fails[AWS[GIVEN[1]]] = "silent"
    (sentence,) = servers.check(resolver, NAME, GIVEN)
    assert sentence.startswith(f"{GIVEN[1]} does not answer")


def test_a_server_without_the_zone_is_said(world: World, resolver: Resolver) -> None:
    world.delegated(servers=GIVEN)
    world.zones[AWS[GIVEN[2]]] = []
    (sentence,) = servers.check(resolver, NAME, GIVEN)
    assert f"{GIVEN[2]} does not hold the zone {NAME}: it refuses the question" in sentence


def test_a_name_that_does_not_exist_is_said(world: World, resolver: Resolver) -> None:
    world.delegated()
    (sentence,) = servers.check(resolver, NAME, [*GIVEN[:3], "ns-7.example.com"])
    assert "ns-7.example.com has no address" in sentence


def test_one_server_under_several_names_is_said(world: World, resolver: Resolver) -> None:
    world.delegated()
    world.hosts[GIVEN[1]] = world.hosts[GIVEN[0]]
    (sentence,) = servers.check(resolver, NAME, GIVEN)
    assert f"{GIVEN[0]} and {GIVEN[1]} have the same address" in sentence


def test_a_server_under_the_delegated_zone_needs_glue(world: World, resolver: Resolver) -> None:
    (sentence,) = servers.check(resolver, NAME, [f"ns1.{NAME}"])
    assert "glue" in sentence
    world.zone(NAME, [AWS[GIVEN[0]]], f"@ NS ns1.{NAME}.\nns1 A {AWS[GIVEN[0]]}")
    world.example(f"api.vpce NS ns1.{NAME}.\nns1.api.vpce A {AWS[GIVEN[0]]}")
    assert servers.check(resolver, NAME, [f"ns1.{NAME}"]) == []
