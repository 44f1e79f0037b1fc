"""Delegation: written only when every certificate is issued, believed only when all servers agree (S22, Q4)."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.aws import sessions
from onboarding.checklist.step import NeedsAction, Outcome, WaitingFor
from tests.contract.driver import Driver
from tests.contract.world import SELLER, World
from tests.steps.marketplace import HOME, NAME, answered, before_names, marketplace, once, wait, zone

ARNS = {"dns": "none"}


def given(world: World, *, keep: bool = True, **more: Any) -> Driver:
    """A product that knows its name servers; with `keep` Marketplace's zone holds ACM's record."""
    made = marketplace(world, **more)
    before_names(made)
    records = [r for r in made.outputs["certificate_request", HOME].records if r["name"].endswith(NAME)]
    kept = [(record["name"], record["values"][0]) for record in records] if keep else []
    answered(made, "name_servers", servers=zone(world, *kept))
    once(made, "name_servers")
    sessions.forget()  # the world's clock passes the sessions' quarter of an hour
    made.on("certificate")
    sessions.forget()
    return made


def standing(world: World) -> list[Any]:
    """The record sets at the friendly name in the seller's zone."""
    client = world.process.client("route53", SELLER)
    [found] = [z for z in client.list_hosted_zones()["HostedZones"] if z["Name"] == "example.com."]
    sets = client.list_resource_record_sets(HostedZoneId=found["Id"])["ResourceRecordSets"]
    return [one for one in sets if one["Name"] == f"{NAME}."]


def put(world: World, kind: str, *values: str) -> None:
    """Somebody sets a record of the seller's zone by hand."""
    client = world.process.client("route53", SELLER)
    [found] = [z for z in client.list_hosted_zones()["HostedZones"] if z["Name"] == "example.com."]
    wanted = {"Name": NAME, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value} for value in values]}
    changes = [{"Action": "UPSERT", "ResourceRecordSet": wanted}]
    client.change_resource_record_sets(HostedZoneId=found["Id"], ChangeBatch={"Changes": changes})
    world.later(120)


def test_the_name_is_delegated_and_all_sides_agree(world_by_hand: World) -> None:
    made = given(world_by_hand)
    servers = made.outputs["name_servers", ""].servers

    made.on("delegation")

    [record] = standing(world_by_hand)
    assert (record["Type"], record["TTL"]) == ("NS", 300)
    assert {value["Value"] for value in record["ResourceRecords"]} == {f"{host}." for host in servers}
    proofs = {proof.check: proof for proof in made.proofs["delegation", ""]}
    assert {proof.outcome for proof in proofs.values()} == {Outcome.PASS}
    assert {f"server.{host}" for host in servers} <= set(proofs)
    assert {check.split(".")[0] for check in proofs} == {"record", "parent", "server", "resolver", "cname", "delegated"}
    facts = proofs[f"record.NS.{NAME}"].facts
    assert {"type", "name", "values", "ttl", "found", "diagnosis"} <= set(facts)


def test_a_second_look_changes_nothing(world_by_hand: World) -> None:
    made = given(world_by_hand)
    made.on("delegation")
    before = list(made.gate.changes)

    once(made, "delegation")

    assert made.gate.changes == before


def test_teardown_takes_the_delegation_away(world_by_hand: World) -> None:
    made = given(world_by_hand)
    made.on("delegation")

    made.down()

    assert standing(world_by_hand) == []


def test_a_renewal_record_that_no_longer_resolves_is_told_with_the_text_to_send(world_by_hand: World) -> None:
    made = given(world_by_hand, keep=False)
    made.on("delegation")

    [warned] = [proof for proof in made.proofs["delegation", ""] if proof.outcome is Outcome.WARN]

    [record] = [r for r in made.outputs["certificate", HOME].records if r["name"].endswith(NAME)]
    assert warned.check == f"cname.kept.{record['name']}"
    assert warned.facts["text"] == f"{record['name']}. 300 IN CNAME {record['values'][0]}."
    assert "Ask Seller Operations" in warned.sentence


def test_without_an_issued_certificate_nothing_is_delegated(world_by_hand: World) -> None:
    made = given(world_by_hand)
    del made.outputs["certificate", HOME]

    with pytest.raises(NeedsAction, match=f"no issued certificate in {HOME}") as caught:
        once(made, "delegation")

    assert "renew" in caught.value.cure
    assert standing(world_by_hand) == []


@pytest.mark.parametrize(("kind", "value"), [("NS", "ns1.elsewhere.example.net."), ("CNAME", "www.example.net.")])
def test_what_stands_there_is_not_overwritten(world_by_hand: World, kind: str, value: str) -> None:
    made = given(world_by_hand)
    put(world_by_hand, kind, value)

    with pytest.raises(NeedsAction, match=value.removesuffix(".")) as caught:
        made.on("delegation")

    assert "Nothing that exists is overwritten" in caught.value.sentence
    assert [record["Type"] for record in standing(world_by_hand)] == [kind]


def test_by_hand_it_waits_for_the_person_and_goes_on_by_itself(world_by_hand: World) -> None:
    made = given(world_by_hand)
    made.spec = made.spec.model_copy(update={"connections": made.spec.connections.model_copy(update=ARNS)})

    waits = wait(made, "delegation")

    assert (waits.waiting_for, waits.poll, waits.aws_status) == (WaitingFor.YOU, True, "missing")
    assert [proof.check for proof in waits.proofs] == [f"record.NS.{NAME}"]
    servers = made.outputs["name_servers", ""].servers
    assert all(host in waits.sentence for host in servers)
    put(world_by_hand, "NS", *(f"{host}." for host in servers))
    world_by_hand.later(400)
    assert {proof.outcome for proof in once(made, "delegation")} == {Outcome.PASS}


def test_by_hand_a_wrong_set_is_named(world_by_hand: World) -> None:
    made = given(world_by_hand)
    made.spec = made.spec.model_copy(update={"connections": made.spec.connections.model_copy(update=ARNS)})
    put(world_by_hand, "NS", "ns1.elsewhere.example.net.")

    assert "ns1.elsewhere.example.net, which Marketplace did not give" in wait(made, "delegation").sentence
