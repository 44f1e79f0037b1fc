"""What every call goes through: dry runs, tokens, unknown actions, the log, faults, throttling."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sandbox import faults, world
from sandbox.aws import funnel
from tests.sandbox import build
from tests.sandbox.conftest import REGION, SELLER, Client

TAGS = [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "1"}]}]


@pytest.fixture
def ec2(client: Client) -> Any:
    return client("ec2")


def vpcs(ec2: Any) -> list[str]:
    found = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    return [vpc["VpcId"] for vpc in found]


def test_a_dry_run_makes_nothing(ec2: Any) -> None:
    with pytest.raises(ClientError) as caught:
        ec2.create_vpc(CidrBlock="10.0.0.0/16", DryRun=True)
    assert caught.value.response["Error"]["Code"] == "DryRunOperation"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert vpcs(ec2) == []


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("create_vpc_endpoint", {"VpcId": "vpc-0123456789abcdef0", "ServiceName": "com.amazonaws.vpce.x"}),
        ("create_vpc_endpoint_service_configuration", {}),
        ("describe_vpcs", {}),
        ("terminate_instances", {"InstanceIds": ["i-0123456789abcdef0"]}),
    ],
)
def test_a_dry_run_answers_before_the_action_looks(ec2: Any, code: Any, action: str, params: dict[str, Any]) -> None:
    assert code(getattr(ec2, action), DryRun=True, **params) == "DryRunOperation"


def test_the_same_token_gives_the_first_answer_again(ec2: Any, client: Client) -> None:
    net = build.network(ec2)
    asked = {"ImageId": build.IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": net.subnets[0], "ClientToken": "one"}
    first, second = ec2.run_instances(**asked), ec2.run_instances(**asked)
    assert first["Instances"][0]["InstanceId"] == second["Instances"][0]["InstanceId"]
    other = ec2.run_instances(**{**asked, "ClientToken": "two"})
    assert other["Instances"][0]["InstanceId"] != first["Instances"][0]["InstanceId"]


def test_the_same_token_with_other_parameters_is_refused(ec2: Any, code: Any) -> None:
    net = build.network(ec2)
    asked = {"ImageId": build.IMAGE, "MinCount": 1, "MaxCount": 1, "ClientToken": "one"}
    ec2.run_instances(SubnetId=net.subnets[0], **asked)
    assert code(ec2.run_instances, SubnetId=net.subnets[1], **asked) == "IdempotentParameterMismatch"


def test_a_token_used_again_after_termination_is_refused(ec2: Any, code: Any) -> None:
    net = build.network(ec2)
    asked = {"ImageId": build.IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": net.subnets[0], "ClientToken": "one"}
    made = ec2.run_instances(**asked)["Instances"][0]["InstanceId"]
    ec2.terminate_instances(InstanceIds=[made])
    assert code(ec2.run_instances, **asked) == "IdempotentInstanceTerminated"


def test_a_token_of_one_account_means_nothing_in_another(client: Client) -> None:
    made = []
    for account in (SELLER, "222222222222"):
        net = build.network(client("ec2", account=account))
        answer = net.ec2.run_instances(
            ImageId=build.IMAGE, MinCount=1, MaxCount=1, SubnetId=net.subnets[0], ClientToken="one"
        )
        made.append(answer["Instances"][0]["InstanceId"])
    assert made[0] != made[1]


def test_an_action_that_is_not_simulated_is_a_clean_error(ec2: Any, code: Any) -> None:
    assert code(ec2.describe_verified_access_groups) == "UnsupportedOperation"


def test_the_log_tells_who_called_what(ec2: Any, code: Any) -> None:
    ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=TAGS)
    code(ec2.create_vpc, CidrBlock="10.0.0.0/8")
    code(ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    ec2.describe_vpcs()
    log = world.calls(service="ec2", account=SELLER, region=REGION)
    seen = [(call.action, call.mutating, call.outcome) for call in log]
    assert seen == [
        ("CreateVpc", True, "ok"),
        ("CreateVpc", True, "InvalidVpc.Range"),
        ("CreateVpc", False, "DryRunOperation"),
        ("DescribeVpcs", False, "ok"),
    ]
    assert log[0].caller == f"arn:aws:iam::{SELLER}:user/admin"
    assert log[0].params["CidrBlock"] == "10.0.0.0/16"
    assert log[0].digest != log[1].digest


def test_an_ordered_error_strikes_once(ec2: Any, code: Any) -> None:
    faults.add({"action": "Create*", "service": "ec2", "code": "InternalError", "status": 500})
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "InternalError"
    assert vpcs(ec2) == []
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert faults.list()[0]["hits"] == 1


def test_an_error_after_the_effect_leaves_the_effect(ec2: Any, code: Any) -> None:
    faults.add({"action": "CreateVpc", "kind": "error_after", "code": "Unavailable", "status": 503})
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "Unavailable"
    assert len(vpcs(ec2)) == 1


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_cut_connection_leaves_the_effect_only_when_cut_after_it(ec2: Any, when: str, made: int) -> None:
    faults.add({"action": "CreateVpc", "kind": "reset", "when": when})
    with pytest.raises(ConnectionClosedError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(vpcs(ec2)) == made


def test_a_held_connection_times_out_after_the_effect(client: Client) -> None:
    ec2 = client("ec2", read_timeout=0.5)
    faults.add({"action": "CreateVpc", "kind": "timeout", "when": "after"})
    with pytest.raises(ReadTimeoutError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(vpcs(ec2)) == 1


def test_a_fault_skips_and_chooses(ec2: Any, code: Any, client: Client) -> None:
    faults.add({"mutating": True, "skip": 1, "region": REGION, "code": "Unavailable"})
    ec2.describe_vpcs()
    client("ec2", region="eu-west-1").create_vpc(CidrBlock="10.0.0.0/16")
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert code(ec2.create_vpc, CidrBlock="10.1.0.0/16") == "Unavailable"


def test_a_fault_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown key 'actoin'"):
        faults.add({"actoin": "CreateVpc"})
    with pytest.raises(ValueError, match="kind 'bang' is not a fault"):
        faults.add({"kind": "bang"})


def test_calls_wait_for_their_latency_side_by_side(client: Client) -> None:
    ec2 = client("ec2", max_pool_connections=8)
    ec2.describe_vpcs()
    world.settings.update({"latency_ms": 400})
    threads = [threading.Thread(target=ec2.describe_vpcs) for _ in range(6)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.4 <= time.monotonic() - started < 6 * 0.4


def test_the_work_on_a_call_is_part_of_its_latency_and_not_added_to_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ec2 = client("ec2")
    ec2.describe_vpcs()
    monkeypatch.setattr(funnel, "_WORK", 0.3)
    world.settings.update({"latency_ms": 500})
    faults.add({"action": "DescribeVpcs", "kind": "latency", "seconds": 0.2})  # as long as it works
    started = time.monotonic()
    ec2.describe_vpcs()
    assert 0.5 <= time.monotonic() - started < 0.65


@pytest.mark.parametrize(
    ("service", "call", "expected"),
    [
        ("ec2", "describe_vpcs", "RequestLimitExceeded"),
        ("elbv2", "describe_load_balancers", "Throttling"),
        ("acm", "list_certificates", "ThrottlingException"),
    ],
)
def test_a_rate_throttles_with_the_services_own_code(
    client: Client, code: Any, service: str, call: str, expected: str
) -> None:
    made = client(service)
    world.settings.update({"calls_per_second": 0.001})
    getattr(made, call)()
    assert code(getattr(made, call)) == expected


def test_settings_refuse_unknown_keys_and_wrong_types_and_keep_the_rest() -> None:
    with pytest.raises(ValueError, match="'nlb_secs' is not a setting"):
        world.settings.update({"nlb_seconds": 3, "nlb_secs": 3})
    with pytest.raises(ValueError, match="nlb_seconds must be a number of 0 or more"):
        world.settings.update({"nlb_seconds": "3"})
    assert world.settings.nlb_seconds == 150


def test_request_ids_differ(ec2: Any) -> None:
    ids = {ec2.describe_vpcs()["ResponseMetadata"]["RequestId"] for _ in range(2)}
    assert len(ids) == 2
