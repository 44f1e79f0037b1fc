"""A fault that kills the caller, before or after the call's effect."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import pytest

from sandbox import faults
from sandbox.aws import accounts
from tests.sandbox.conftest import REGION, SELLER, Client

CALLER = """
import sys, boto3
boto3.client("ec2", region_name=sys.argv[1], endpoint_url=sys.argv[2], aws_access_key_id=sys.argv[3],
             aws_secret_access_key=sys.argv[4]).create_vpc(CidrBlock="10.0.0.0/16")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the caller is found through /proc")
@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_the_caller_dies_and_only_a_later_death_leaves_the_effect(
    client: Client, aws_url: str, when: str, made: int
) -> None:
    faults.add({"action": "CreateVpc", "kind": "kill", "when": when})
    keys = accounts.admin_credentials(SELLER)
    ended = subprocess.run([sys.executable, "-c", CALLER, REGION, aws_url, *keys.values()], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    found: Any = client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])
    assert len(found["Vpcs"]) == made


def test_a_caller_inside_the_sandboxs_own_process_is_spared(client: Client, code: Any) -> None:
    faults.add({"action": "CreateVpc", "kind": "kill"})
    ec2 = client("ec2")
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "SandboxFault"
    assert ec2.describe_vpcs()["ResponseMetadata"]["HTTPStatusCode"] == 200
