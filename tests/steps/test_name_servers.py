"""Name servers: asked once by email, tried before anything is delegated to them (S22, Q4, Q6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onboarding.checklist.step import Email, Outcome, WaitingFor
from tests.contract.driver import Driver
from tests.contract.world import SELLER, World
from tests.steps.marketplace import HOME, NAME, answered, before_names, marketplace, once, wait, zone


@pytest.fixture
def asked(world_by_hand: World) -> Driver:
    """A product whose certificates are issued; Seller Operations has not said anything."""
    made = marketplace(world_by_hand)
    before_names(made)
    return made


def letter(made: Driver) -> Email:
    [mail] = wait(made, "name_servers").sends
    assert isinstance(mail, Email)
    return mail


def test_seller_operations_is_asked_with_everything_that_it_needs(asked: Driver) -> None:
    mail = letter(asked)

    [record] = asked.outputs["certificate_request", HOME].records[:1]
    assert mail.to == "seller_ops"
    assert mail.subject == f"Name servers for {NAME}: Example Analytics"
    assert f"User-friendly DNS name  {NAME}\n" in mail.body
    assert "Private DNS name        api.example.com\n" in mail.body
    assert "Marketplace product ID  prod-abc123def4567\n" in mail.body
    assert asked.outputs["endpoint_service", HOME].service_name in mail.body
    assert f"account {SELLER}\n" in mail.body
    assert f"{record['name']}. CNAME {record['values'][0]}.\n" in mail.body  # Q4
    assert "expire" in mail.body


def test_it_waits_for_marketplace(asked: Driver) -> None:
    waits = wait(asked, "name_servers")

    assert (waits.waiting_for, waits.poll) == (WaitingFor.MARKETPLACE, False)


def test_the_same_facts_are_the_same_request_and_others_are_asked_anew(asked: Driver) -> None:
    first, second = letter(asked), letter(asked)
    facts = asked.spec.product.model_copy(update={"private_dns_name": "other.example.com"})
    asked.spec = asked.spec.model_copy(update={"product": facts})

    assert first.key == second.key
    assert letter(asked).key != first.key


def test_servers_that_serve_the_zone_are_taken(asked: Driver, world_by_hand: World) -> None:
    servers = zone(world_by_hand)
    answered(asked, "name_servers", servers=servers)

    proofs = once(asked, "name_servers")

    assert asked.outputs["name_servers", ""].servers == tuple(servers)
    assert {f"server.{host}" for host in servers} <= {proof.check for proof in proofs}
    assert all(proof.outcome is Outcome.PASS for proof in proofs if proof.check.startswith("server."))


def test_servers_that_do_not_have_the_zone_yet_are_waited_for(asked: Driver, world_by_hand: World) -> None:
    elsewhere = world_by_hand.process.post("marketplace_zone", {"name": "other.vpce.example.com"})["servers"]
    world_by_hand.later(60)
    answered(asked, "name_servers", servers=elsewhere)

    waits = wait(asked, "name_servers")

    assert (waits.waiting_for, waits.poll) == (WaitingFor.DNS, True)
    assert f"does not hold the zone {NAME}" in waits.sentence


@pytest.mark.parametrize(
    ("servers", "words"),
    [
        (["ns-1.awsdns-01.com"] * 5, "is given 5 times"),
        (["ns-1.awsdns-01.com"], "2 to 6 name servers"),
        (["nowhere.invalid", "nothing.invalid"], "does not resolve"),
    ],
)
def test_servers_that_cannot_be_right_are_asked_for_again(asked: Driver, servers: list[str], words: str) -> None:
    answered(asked, "name_servers", servers=servers)

    waits = wait(asked, "name_servers")

    assert waits.waiting_for is WaitingFor.MARKETPLACE
    assert words in waits.sentence


def test_nobody_is_asked_before_a_certificate_that_a_person_makes_is_given(asked: Driver) -> None:
    """The request names the record that the zone has to keep (Q4), and that is read from the certificate."""
    certificate, spec = asked.outputs["certificate_request", HOME], asked.spec
    open_ = spec.regions[HOME].certificate.model_copy(update={"mode": "manual"})
    asked.spec = spec.model_copy(
        update={"regions": {HOME: spec.regions[HOME].model_copy(update={"certificate": open_})}}
    )
    asked.outputs["certificate_request", HOME] = replace(
        certificate, arn="", account="", records=(), listener_arn="", listener_records=()
    )

    waits = wait(asked, "name_servers")
    assert (waits.waiting_for, waits.poll, list(waits.sends)) == (WaitingFor.YOU, True, [])
    assert f"Give the certificate of {HOME} first" in waits.sentence

    given = open_.with_answer(arn=certificate.arn)
    asked.spec = spec.model_copy(
        update={"regions": {HOME: spec.regions[HOME].model_copy(update={"certificate": given})}}
    )
    assert certificate.records[0]["name"] in letter(asked).body
