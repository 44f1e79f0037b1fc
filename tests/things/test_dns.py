"""Zones, records and what stood there before: exact values, quotes, and nothing of others' touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from onboarding.aws.gate import passing
from onboarding.things.base import State
from onboarding.things.record import Record
from onboarding.things.record_before import RecordBefore
from onboarding.things.zone import Zone
from tests.contract.conftest import world_by_hand
from tests.contract.driver import Gate, mark_for
from tests.contract.world import World

__all__ = ["world_by_hand"]
MARK = mark_for("p/-/validation/k/g1", "record")


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Every call of the test, let through and kept."""
    found = Gate()
    with passing(found):
        yield found


@pytest.fixture
def zone_id(world_by_hand: World, gate: Gate) -> str:
    """A public zone of the account."""
    made = world_by_hand.admin().route53.create_hosted_zone(Name="example.com.", CallerReference="1")
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def _standing(world: World, zone_id: str, kind: str) -> dict[str, list[str]]:
    found = world.admin().route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    return {one["Name"]: [r["Value"] for r in one["ResourceRecords"]] for one in found if one["Type"] == kind}


@pytest.mark.parametrize("text", ["vpce:aB", 'say "hi"', "back\\slash", "x" * 300])
def test_a_text_is_quoted_and_read_back(world_by_hand: World, zone_id: str, text: str) -> None:
    record = Record(key="k", zone_id=zone_id, type="TXT", name="_l.example.com", values=(text,))

    record.make(world_by_hand.admin(), MARK)

    [[wire]] = _standing(world_by_hand, zone_id, "TXT").values()
    assert wire.startswith('"')
    assert all(len(part) <= 257 for part in wire.split('" "'))
    [seen] = Record.check(world_by_hand.admin(), [(record, record.aws_id)])
    assert (seen.state, seen.values["found"]) == (State.READY, [text])


def test_only_texts_mind_capitals(world_by_hand: World, zone_id: str) -> None:
    door = world_by_hand.admin()
    for kind, name, value in (("TXT", "_a.example.com", "vpce:aB"), ("CNAME", "_b.example.com", "x.acm.aws")):
        Record(key=kind, zone_id=zone_id, type=kind, name=name, values=(value.upper(),)).make(door, MARK)
        seen = Record(key=kind, zone_id=zone_id, type=kind, name=name, values=(value,))
        assert bool(seen.find(door, MARK)) is (kind == "CNAME")


def test_a_record_that_somebody_changed_is_left(world_by_hand: World, zone_id: str, gate: Gate) -> None:
    door = world_by_hand.admin()
    ours = Record(key="k", zone_id=zone_id, type="TXT", name="_l.example.com", values=("ours",))
    made = ours.make(door, MARK)
    Record(key="k", zone_id=zone_id, type="TXT", name="_l.example.com", values=("theirs",)).make(door, MARK)

    ours.remove(door, made.id)

    assert _standing(world_by_hand, zone_id, "TXT") == {"_l.example.com.": ['"theirs"']}
    [seen] = Record.check(door, [(ours, made.id)])
    assert seen.state is State.GONE
    assert "theirs; ours is wanted" in seen.sentence


def test_a_changed_time_to_live_does_not_keep_it_there(world_by_hand: World, zone_id: str) -> None:
    door = world_by_hand.admin()
    record = Record(key="k", zone_id=zone_id, type="NS", name="api.example.com", values=("ns1.a.net", "ns2.a.net"))
    made = record.make(door, MARK)
    Record(**{**vars(record), "ttl": 60}).make(door, MARK)

    record.remove(door, made.id)

    assert "api.example.com." not in _standing(world_by_hand, zone_id, "NS")


def test_a_zone_that_is_gone_takes_its_records_along(world_by_hand: World, zone_id: str) -> None:
    door = world_by_hand.admin()
    record = Record(key="k", zone_id="Z0000000000000000000", type="TXT", name="_l.example.com", values=("ours",))

    record.remove(door, record.aws_id)

    assert Record.check(door, [(record, record.aws_id)])[0].state is State.GONE


def test_records_of_one_zone_are_one_change(world_by_hand: World, zone_id: str, gate: Gate) -> None:
    records = [Record(key=n, zone_id=zone_id, type="TXT", name=f"_{n}.example.com", values=(n,)) for n in "abc"]
    gate.calls.clear()

    Record.make_together(world_by_hand.admin(), records)

    assert gate.changes == ["ChangeResourceRecordSets"]
    assert len(_standing(world_by_hand, zone_id, "TXT")) == 3


@pytest.mark.parametrize(
    ("standing", "wanted", "state"),
    [
        (None, ("CNAME", "a.example.net"), State.READY),
        (("CNAME", "a.example.net."), ("CNAME", "a.example.net"), State.READY),
        (("CNAME", "b.example.net."), ("CNAME", "a.example.net"), State.WRONG),
        (("CNAME", "b.example.net."), ("TXT", "x"), State.WRONG),
        (("TXT", '"note"'), ("CNAME", "a.example.net"), State.WRONG),
        (("MX", "10 mail.example.net."), ("TXT", "x"), State.READY),
    ],
)
def test_what_stood_before_is_kept_in_mind(
    world_by_hand: World, zone_id: str, standing: Any, wanted: tuple[str, str], state: State
) -> None:
    door = world_by_hand.admin()
    if standing:
        kind, value = standing
        one: Any = {"Name": "_l.example.com", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        changes: Any = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": one}]}
        door.route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=changes)
    before = RecordBefore(key="k", zone_id=zone_id, type=wanted[0], name="_l.example.com", values=(wanted[1],))

    seen = before.make(door, MARK)

    assert seen.state is state
    if state is State.READY:
        assert seen.values == {"there": standing == ("CNAME", "a.example.net.")}
    else:
        assert "Nothing that exists is overwritten" in seen.sentence


def test_private_zones_do_not_count(world_by_hand: World, gate: Gate) -> None:
    door = world_by_hand.admin()
    vpc_id = door.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    door.route53.create_hosted_zone(
        Name="example.com.",
        CallerReference="2",
        VPC={"VPCRegion": "us-east-1", "VPCId": vpc_id},
        HostedZoneConfig={"PrivateZone": True},
    )

    seen = Zone(key="z", name="_l.example.com", apex="example.com", servers=("ns1.example.net",)).make(door, MARK)

    assert seen.state is State.WRONG
    assert "has no public hosted zone example.com" in seen.sentence
