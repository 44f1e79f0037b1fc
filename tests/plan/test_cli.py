"""A call as an AWS CLI command: it can be pasted, and does what the call did."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any

import pytest

from onboarding.aws.cli import command


def test_it_names_service_operation_options_and_region() -> None:
    found = command("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16"}, "eu-west-1")
    assert found == "aws ec2 create-vpc --cidr-block 10.0.0.0/16 --region eu-west-1"


@pytest.mark.parametrize(
    "value",
    ["it's", 'a "b"', "$(reboot)", "`reboot`", "a b", "", "a\nb", "*", "$HOME", "a;b", "é", "\\", "!x", "#", "~"],
)
def test_a_value_reaches_the_program_as_it_is(value: str) -> None:
    params = {"Description": value, "Names": [value, "b"], "Tags": [{"Key": value}]}

    words = shlex.split(command("ec2", "CreateX", params, "eu-west-1"))

    assert words[words.index("--description") + 1] == value
    assert words[words.index("--names") + 1 :][:2] == [value, "b"]
    assert json.loads(words[words.index("--tags") + 1]) == [{"Key": value}]


def test_a_value_that_begins_with_a_dash_is_no_option() -> None:
    assert "--description=-x" in command("ec2", "CreateX", {"Description": "-x"}, "")


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"AcceptanceRequired": True}, "--acceptance-required"),
        ({"AcceptanceRequired": False}, "--no-acceptance-required"),
        ({"SubnetIds": ["a", "b"]}, "--subnet-ids a b"),
        ({"SubnetIds": []}, "--subnet-ids '[]'"),
        ({"VPCId": "vpc-1"}, "--vpc-id vpc-1"),
        ({"DNSName": "example.com."}, "--dns-name example.com."),
    ],
)
def test_options_are_written_as_the_aws_cli_reads_them(params: dict[str, Any], wanted: str) -> None:
    assert command("ec2", "ModifyX", params, "").endswith(f" {wanted}")


@pytest.mark.parametrize(("least", "most", "wanted"), [(1, 1, "--count 1"), (1, 3, "--count 1:3")])
def test_both_counts_of_run_instances_are_one_option(least: int, most: int, wanted: str) -> None:
    found = command("ec2", "RunInstances", {"MinCount": least, "MaxCount": most}, "")
    assert found == f"aws ec2 run-instances {wanted}"


@pytest.mark.process
def test_the_shell_fills_in_our_variables_and_no_others() -> None:
    params = {"VpcId": "$VPC", "Tags": [{"Key": "it's $VPC and $HOME and $VPC_2"}]}

    found = command("ec2", "CreateSubnet", params, "", ["VPC"])

    shown = subprocess.run(["/bin/sh", "-c", f"VPC='a b'; printf '%s\\n' {found}"], capture_output=True, check=True)
    assert shown.stdout.decode().splitlines()[3:] == [
        "--vpc-id",
        "a b",
        "--tags",
        '[{"Key":"it\'s a b and $HOME and $VPC_2"}]',
    ]


def test_a_query_prints_one_part_of_the_answer() -> None:
    found = command("ec2", "CreateVpc", {}, "eu-west-1", query="Vpc.VpcId")
    assert found == "aws ec2 create-vpc --region eu-west-1 --query Vpc.VpcId --output text"
