"""The policies that are shown to be pasted: each role may look where its pickers look, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.pages.picker.registry import PICKERS
from onboarding.pages.wizard.picks import PICKS
from onboarding.permissions.policy import PICKED, actions, policy
from onboarding.steps import checklist
from sellers.spec import OnboardSpec, load_data

ARN = "arn:aws:iam::{}:role/onboarding"
ROLES = {"service": "111111111111", "buyer_test": "222222222222", "certificates": "555555555555", "dns": "666666666666"}
BUYER_READS = {
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcEndpointServices",
    "ec2:DescribeVpcs",
}


def spec(**facts: Any) -> OnboardSpec:
    """A product whose roles stand in accounts of their own."""
    names = {"friendly_dns_name": "api.vpce.example.com", "private_dns_name": "api.example.com"}
    both = {"profile": "both", "marketplace_product_id": "prod-abc123def4567", **names}
    return load_data(
        {
            "seller": "example-analytics",
            "product": {"name": "Example", **(facts or both)},
            "connections": {role: ARN.format(account) for role, account in ROLES.items()},
            "regions": {"us-east-1": {"network": {"cidr": "10.20.0.0/16"}}},
        }
    )


def read_by(role: str) -> set[str]:
    """What the pickers of a role's account read."""
    return {action for picker in PICKERS.values() if picker.role == role for action in picker.reads}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_policy_lets_the_pickers_of_its_role_look(role: str, read_only: bool) -> None:
    found = policy(checklist(), spec(), read_only, owner="seller-1", role=role)["Statement"]
    everywhere = {action for one in found if one["Resource"] == ["*"] for action in one["Action"]}
    assert read_by(role)
    assert read_by(role) <= everywhere


def test_what_is_picked_is_said_once_for_each_role() -> None:
    assert {role: set(reads) for role, reads in PICKED.items()} == {role: read_by(role) for role in ROLES}
    assert {kind: PICKERS[kind].role for kind, _ in PICKS.values()} == dict(PICKS.values())


def test_a_buyer_test_role_reads_only_what_a_rehearsal_and_its_pickers_need() -> None:
    assert set(actions(checklist(), spec(), "buyer_test", read_only=True)) == BUYER_READS


def test_a_role_that_the_product_does_not_use_is_not_looked_through() -> None:
    native = actions(checklist(), spec(profile="native"), "dns", read_only=True)
    assert not [action for action in native if action.startswith(("route53:", "acm:"))]
