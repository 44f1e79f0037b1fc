"""The validation records: written to the live zone, or set by a person; never over what is there (S21, Q4)."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction, Wait, WaitingFor
from tests.contract.driver import Driver
from tests.contract.world import ANY, World
from tests.steps.conftest import Make
from tests.steps.dns import HOME, NAMES, OTHER, PRIVATE, SELLER, hosted, standing, walk


def _held_by_hand(driver: Driver) -> Wait:
    with pytest.raises(Wait) as caught:
        walk(driver, "access", "certificate_request", "validation")
    return caught.value


@pytest.mark.parametrize("connections", [{"dns": "none"}, {}], ids=["none", "no zone in the service's account"])
def test_records_that_a_person_sets_are_awaited(
    product: Make, world_by_hand: World, connections: dict[str, str]
) -> None:
    world_by_hand.process.post("dns_zone", {"name": "example.com"})
    driver = product(facts=NAMES, **connections)

    wait = _held_by_hand(driver)

    assert (wait.waiting_for, wait.poll) == (WaitingFor.YOU, True)
    assert "Set the CNAME record _" in wait.sentence
    assert all(proof.check.startswith("record.CNAME._") and proof.facts["by_hand"] for proof in wait.proofs)
    records = [proof.facts for proof in wait.proofs]
    assert {tuple(sorted(facts)) >= ("by_hand", "diagnosis", "found") for facts in records}
    for facts in records:
        world_by_hand.process.post("dns_record", {"name": facts["name"], "type": "CNAME", "values": facts["values"]})

    walk(driver)

    assert driver.outputs["validation", ""].by_hand
    assert driver.outputs["certificate", HOME].arn


def test_a_wrong_value_is_told_with_the_diagnosis(product: Make, world_by_hand: World) -> None:
    world_by_hand.process.post("dns_zone", {"name": "example.com"})
    driver = product(facts={"private_dns_name": PRIVATE}, listener={"protocol": "TLS"}, dns="none")
    [proof] = _held_by_hand(driver).proofs
    doubled = f"{proof.facts['values'][0]}.example.com"
    world_by_hand.process.post("dns_record", {"name": proof.facts["name"], "type": "CNAME", "values": [doubled]})

    wait = _held_by_hand(driver)

    assert wait.proofs[0].facts["diagnosis"] == "suffix doubled"
    assert "suffix doubled" in wait.aws_status
    assert doubled in wait.sentence


def test_a_zone_that_is_not_the_live_one_is_not_written_to(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand, OTHER)
    dead = hosted(world_by_hand)
    driver = product(facts=NAMES)

    with pytest.raises(NeedsAction, match="but not the live one: the world asks ns-") as caught:
        walk(driver, "access", "certificate_request", "validation")

    assert "Connect the account that holds the live zone" in caught.value.sentence
    assert standing(world_by_hand, dead, "CNAME") == {}


def test_of_two_zones_of_one_name_the_live_one_is_written_to(product: Make, world_by_hand: World) -> None:
    live = hosted(world_by_hand)
    route53 = world_by_hand.process.client("route53", SELLER)
    twin = route53.create_hosted_zone(Name="example.com", CallerReference="twin")["HostedZone"]["Id"]
    driver = product(facts=NAMES)

    walk(driver)

    assert len(standing(world_by_hand, live, "CNAME")) == 2
    assert standing(world_by_hand, twin.rpartition("/")[2], "CNAME") == {}


def test_no_zone_under_a_dns_connection_is_told(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    theirs = world_by_hand.role(ANY, account=OTHER, name="dns")
    driver = product(facts=NAMES, dns=theirs)

    with pytest.raises(NeedsAction, match=f"Account {OTHER} has no public hosted zone example.com"):
        walk(driver, "access", "certificate_request", "validation")


def _put(world: World, zone_id: str, name: str, value: str, kind: str = "CNAME") -> None:
    change = {
        "Action": "UPSERT",
        "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]},
    }
    world.process.client("route53", SELLER).change_resource_record_sets(
        HostedZoneId=zone_id, ChangeBatch={"Changes": [change]}
    )
    world.later(100)


def _requested(driver: Driver) -> dict[str, Any]:
    walk(driver, "access", "certificate_request")
    record: dict[str, Any] = driver.outputs["certificate_request", HOME].records[0]
    return record


def test_a_record_that_stood_there_before_us_stays(product: Make, world_by_hand: World) -> None:
    zone_id = hosted(world_by_hand)
    driver = product(facts=NAMES)
    record = _requested(driver)
    _put(world_by_hand, zone_id, record["name"], f"{record['values'][0]}.")

    walk(driver)
    driver.down()

    assert standing(world_by_hand, zone_id, "CNAME") == {f"{record['name']}.": [f"{record['values'][0]}."]}


@pytest.mark.parametrize(("kind", "value"), [("CNAME", "elsewhere.example.org."), ("TXT", '"a note"')])
def test_another_record_there_is_not_overwritten(product: Make, world_by_hand: World, kind: str, value: str) -> None:
    zone_id = hosted(world_by_hand)
    driver = product(facts=NAMES)
    record = _requested(driver)
    _put(world_by_hand, zone_id, record["name"], value, kind)

    with pytest.raises(NeedsAction, match=f"already has a {kind} record") as caught:
        walk(driver, "validation")

    assert "Nothing that exists is overwritten" in caught.value.sentence
    assert list(standing(world_by_hand, zone_id, "CNAME").values()) in ([], [[value]])
    world_by_hand.process.client("route53", SELLER).change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={
            "Changes": [
                {
                    "Action": "DELETE",
                    "ResourceRecordSet": {
                        "Name": record["name"],
                        "Type": kind,
                        "TTL": 60,
                        "ResourceRecords": [{"Value": value}],
                    },
                }
            ]
        },
    )
    walk(driver)


def test_a_caa_record_is_told_before_acm_ends_the_request(product: Make, world_by_hand: World) -> None:
    zone_id = hosted(world_by_hand)
    _put(world_by_hand, zone_id, "example.com", '0 issue "letsencrypt.org"', "CAA")
    driver = product(facts=NAMES)

    with pytest.raises(Wait, match="do not let Amazon issue") as caught:
        walk(driver, "access", "certificate_request", "validation")

    assert (caught.value.waiting_for, caught.value.poll) == (WaitingFor.YOU, True)
    assert standing(world_by_hand, zone_id, "CNAME") == {}
    _put(world_by_hand, zone_id, "example.com", '0 issue "amazon.com"', "CAA")
    walk(driver)


def test_a_record_that_went_away_later_is_a_warning(product: Make, world_by_hand: World) -> None:
    world_by_hand.process.post("dns_zone", {"name": "example.com"})
    driver = product(facts=NAMES, dns="none")
    records = [proof.facts for proof in _held_by_hand(driver).proofs]
    for facts in records:
        world_by_hand.process.post("dns_record", {"name": facts["name"], "type": "CNAME", "values": facts["values"]})
    walk(driver)
    world_by_hand.process.post("dns_record", {"name": records[0]["name"], "type": "CNAME", "values": []})

    for _ in range(2):
        walk(driver, "validation")

        said = {proof.check: proof for proof in driver.proofs["validation", ""]}
        assert said[f"record.CNAME.{records[0]['name']}"].outcome == "warn"
        assert "is not served any more" in said[f"record.CNAME.{records[0]['name']}"].sentence
