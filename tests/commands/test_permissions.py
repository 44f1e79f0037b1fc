"""What a role needs can be had before the first run, and a role that lacks it is told all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onboarding.models import Item
from sellers.models import Connection, Seller
from tests import products
from tests.commands.call import run, spec_file
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
REGIONS: dict[str, Any] = {"us-east-1": {}}
TESTER = f"arn:aws:iam::{products.BUYER}:role/onboarding-test"


def put(sandbox: SandboxProcess, policy: dict[str, Any]) -> None:
    """The role's policy, as the seller would put it there; nothing more is allowed."""
    products.connect(sandbox, Seller.objects.get(), products.SELLER, "onboarding", policy)


def test_the_policy_that_the_command_prints_is_enough_for_the_whole_run(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    data = products.spec(REGIONS)
    product = products.product(sandbox, data)

    code, out, _ = run("connection", "policy", product.slug)
    assert code == 0
    put(sandbox, json.loads(out))

    code, said, _ = run("onboard", spec_file(tmp_path, data), "--embedded-worker")
    assert code == 0, said


def test_a_read_only_policy_holds_no_change() -> None:
    Seller.objects.create(slug="example-analytics", name="Example Analytics")
    product = _stored()
    code, out, _ = run("connection", "policy", product, "--read-only")
    assert code == 0
    actions = [action for statement in json.loads(out)["Statement"] for action in statement["Action"]]
    assert "ec2:DescribeVpcs" in actions
    assert not [a for a in actions if a.partition(":")[2].startswith(("Create", "Delete", "Modify", "Run"))]


def test_a_role_that_the_product_has_not_is_named() -> None:
    Seller.objects.create(slug="example-analytics", name="Example Analytics")
    code, _, err = run("connection", "policy", _stored(), "--role", "buyer_test")
    assert code == 2
    assert "buyer_test" in err


def test_the_first_onboard_prints_trust_and_permissions_of_each_role(sandbox: SandboxProcess, tmp_path: Path) -> None:
    data = products.spec(REGIONS)
    data["connections"]["buyer_test"] = TESTER

    code, out, _ = run("onboard", spec_file(tmp_path, data), "--create-seller", "--embedded-worker")

    assert code == 3
    assert out.count('"sts:ExternalId"') == 2
    assert out.count("permissions policy") == 2
    owner = str(Connection.objects.first().seller_id)  # type: ignore[union-attr]
    assert f'"aws:RequestTag/plc:owner": "{owner}"' in out
    assert '"ec2:CreateVpc"' in out


def test_a_role_that_lacks_several_permissions_is_told_all_of_them(sandbox: SandboxProcess, tmp_path: Path) -> None:
    data = products.spec(REGIONS)
    product = products.product(sandbox, data)
    document = json.loads(run("connection", "policy", product.slug)[1])
    for statement in document["Statement"]:
        statement["Action"] = [a for a in statement["Action"] if a not in ("ec2:DescribeRegions", "ec2:CreateVpc")]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    put(sandbox, document)

    assert run("onboard", spec_file(tmp_path, data), "--embedded-worker")[0] == 1

    why = Item.objects.get(product=product, slug="access").why
    assert why is not None
    assert "lacks 2 permissions: ec2:CreateVpc, ec2:DescribeRegions" in why.sentence
    assert {"ec2:CreateVpc", "ec2:DescribeRegions"} <= set(_actions(json.loads(why.missing)))


def test_a_role_without_any_permission_is_given_the_whole_policy(sandbox: SandboxProcess, tmp_path: Path) -> None:
    data = products.spec(REGIONS)
    product = products.product(sandbox, data)
    put(sandbox, {**products.ALL, "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})

    assert run("onboard", spec_file(tmp_path, data), "--embedded-worker")[0] == 1

    why = Item.objects.get(product=product, slug="access").why
    assert why is not None
    assert "iam:SimulatePrincipalPolicy" in why.sentence
    assert json.loads(why.missing) == json.loads(run("connection", "policy", product.slug)[1])


def _stored() -> str:
    from sellers.spec import load_data
    from sellers.spec_writer import save_spec

    return str(save_spec(load_data(products.spec(REGIONS)), None).product.slug)


def _actions(document: dict[str, Any]) -> list[str]:
    return [action for statement in document["Statement"] for action in statement["Action"]]
