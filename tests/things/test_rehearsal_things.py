"""The things of a rehearsal where they say more than ready and gone: subnets that do not fit, connections, states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.aws.gate import passing
from onboarding.things.base import State
from onboarding.things.buyer_network import BuyerNetwork
from onboarding.things.connection import Connection
from onboarding.things.discovery import Discovery
from onboarding.things.endpoint import Endpoint, timeline
from onboarding.things.trial_principal import TrialPrincipalBefore
from tests.contract.bench import BUYER as OTHER
from tests.contract.bench import FACTORIES, Bench, service
from tests.contract.conftest import world_by_hand
from tests.contract.driver import Gate
from tests.contract.world import World

__all__ = ["world_by_hand"]


@pytest.fixture
def bench(world_by_hand: World) -> Iterator[Bench]:
    """An empty account to build in."""
    with passing(Gate()):
        yield Bench(world_by_hand.admin(), world_by_hand.later)


def network(bench: Bench) -> BuyerNetwork:
    thing = FACTORIES["buyer_network"](bench)
    assert isinstance(thing, BuyerNetwork)
    return thing


def test_a_subnet_outside_of_the_services_zones_is_named(bench: Bench) -> None:
    thing = replace(network(bench), zone_ids=("use1-az6",))
    seen = thing.make(bench.door, bench.mark(thing))
    assert seen.state is State.WRONG
    assert "where the service is not: it is in use1-az6" in seen.sentence


def test_a_subnet_of_another_vpc_is_named(bench: Bench) -> None:
    thing = replace(network(bench), subnet_ids=("subnet-0123456789abcdef0",))
    seen = thing.make(bench.door, bench.mark(thing))
    assert "subnet-0123456789abcdef0 is not in vpc-" in seen.sentence


def test_two_subnets_of_one_zone_are_refused(bench: Bench) -> None:
    thing = network(bench)
    made = bench.door.ec2.create_subnet(
        VpcId=bench.vpc_id, CidrBlock="10.20.200.0/24", AvailabilityZoneId=thing.zone_ids[0]
    )
    thing = replace(thing, subnet_ids=(bench.subnet_id, made["Subnet"]["SubnetId"]))
    assert "Choose one subnet per zone" in thing.make(bench.door, bench.mark(thing)).sentence


def test_a_vpc_that_is_not_there_is_named(bench: Bench) -> None:
    thing = replace(network(bench), vpc_id="vpc-0123456789abcdef0")
    seen = thing.make(bench.door, bench.mark(thing))
    assert seen.sentence.startswith("Account 111111111111 has no VPC vpc-0123456789abcdef0 in us-east-1.")


def test_without_chosen_subnets_one_of_each_zone_of_the_service_is_taken(bench: Bench) -> None:
    thing = replace(network(bench), subnet_ids=())
    bench.door.ec2.create_subnet(VpcId=bench.vpc_id, CidrBlock="10.20.200.0/24", AvailabilityZoneId=thing.zone_ids[0])
    seen = thing.make(bench.door, bench.mark(thing))
    assert seen.values["zone_ids"] == list(thing.zone_ids)
    assert len(seen.values["subnet_ids"]) == 1


def test_a_waiting_endpoint_is_pending_and_available_once_accepted(bench: Bench) -> None:
    connection = FACTORIES["connection"](bench)
    assert isinstance(connection, Connection)
    look = Endpoint.check(bench.door, [(Endpoint(), connection.endpoint_id)])[0]
    assert (look.state, look.aws_status) == (State.PENDING, "pendingAcceptance")
    assert Connection.check(bench.door, [(connection, connection.aws_id)])[0].state is State.PENDING

    connection.make(bench.door, bench.mark(connection))

    seen = bench.wait(Endpoint(), connection.endpoint_id, State.READY)
    assert [state for _, state in timeline({**look.values, **seen.values})] == [
        "created",
        "pendingAcceptance",
        "available",
    ]


def test_an_acceptance_that_aws_refuses_is_raised_out_of_the_good_answer(bench: Bench) -> None:
    connection = FACTORIES["connection"](bench)
    strange = replace(connection, endpoint_id="vpce-0123456789abcdef0")  # type: ignore[call-arg]
    with pytest.raises(ClientError) as refused:
        strange.make(bench.door, bench.mark(strange))
    assert code_of(refused.value) == "InvalidVpcEndpoint.NotFound"


def test_an_endpoint_that_the_provider_rejected_is_wrong_and_says_so(bench: Bench) -> None:
    connection = FACTORIES["connection"](bench)
    assert isinstance(connection, Connection)
    connection.remove(bench.door, connection.aws_id)
    look = Endpoint.check(bench.door, [(Endpoint(), connection.endpoint_id)])[0]
    assert look.state is State.WRONG
    assert "rejected" in look.sentence


def test_a_service_that_is_not_shown_yet_is_pending(bench: Bench) -> None:
    thing = Discovery(key="found", service_name="com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0")
    seen = thing.make(bench.door, bench.mark(thing))
    assert (seen.state, seen.aws_status) == (State.PENDING, "InvalidServiceName")


@pytest.mark.parametrize(
    ("listed", "found"), [((), ""), (("arn:aws:iam::444444444444:root",), ""), (("*",), "*"), (("*", OTHER), OTHER)]
)
def test_what_lets_the_test_account_in_already_is_told(bench: Bench, listed: tuple[str, ...], found: str) -> None:
    service_id = bench.stand(service(bench)).id
    if listed:
        bench.door.ec2.modify_vpc_endpoint_service_permissions(ServiceId=service_id, AddAllowedPrincipals=list(listed))
    thing = TrialPrincipalBefore(key="before", target=service_id, name=OTHER)
    assert thing.make(bench.door, bench.mark(thing)).values == {"value": found}
