"""The command line does the main job: onboard, connection, answer, teardown, with their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onboarding.models import Item
from sellers.models import Connection, Product, Seller
from tests import products
from tests.commands.call import run, spec_file
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def put_role(sandbox: SandboxProcess, created: dict[str, Any]) -> None:
    """What a person does with the trust policy that the command printed."""
    account = created["account_id"]
    name = created["role_arn"].rsplit("/", 1)[-1]
    sandbox.post(
        "roles",
        {"account_id": account, "role_name": name, "trust_policy": created["trust_policy"], "policies": [products.ALL]},
    )


def test_it_onboards_from_nothing_and_takes_down_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    spec = products.spec({"us-east-1": {}})
    file = spec_file(tmp_path, spec)
    arn = spec["connections"]["service"]

    code, out, _ = run(
        "connection", "create", "--seller", "example-analytics", "--create-seller", "--role-arn", arn, "--json"
    )
    created = json.loads(out)
    assert code == 0
    assert len(created["external_id"]) == 32
    put_role(sandbox, created)
    assert run("connection", "test", "--seller", "example-analytics", "--role-arn", arn)[0] == 0
    empty = sandbox.get("inventory")

    code, out, err = run("onboard", file, "--embedded-worker", "--json")
    told = json.loads(out)
    assert code == 0, err
    assert told["run"]["state"] == "done"
    assert {item["slug"] for item in told["items"]} >= {"access", "network", "endpoint_service", "buyers"}
    assert all(item["state"] == "done" and item["seconds"] >= 0 for item in told["items"])
    assert told["waiting_for"] == []
    assert any(made["kind"] == "vpc" for item in told["items"] for made in item["made"])

    mutating = [call for call in sandbox.get("calls") if call["mutating"]]
    assert run("onboard", file, "--embedded-worker")[0] == 0
    assert [call for call in sandbox.get("calls") if call["mutating"]] == mutating

    assert run("teardown", "example-analytics", "--embedded-worker")[0] == 0
    assert sandbox.get("inventory") == empty


def test_an_arn_that_is_not_proven_prints_the_trust_policy_and_ends_with_3(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    spec = products.spec({"us-east-1": {}})

    code, out, err = run("onboard", spec_file(tmp_path, spec), "--create-seller", "--embedded-worker")

    assert code == 3
    connection = Connection.objects.get()
    assert connection.external_id in out
    assert '"sts:ExternalId"' in out
    assert "run this command again" in err
    assert not Item.objects.exists()


def test_a_bad_spec_ends_with_2_and_names_every_field(sandbox: SandboxProcess, tmp_path: Path) -> None:
    spec = products.spec({"us-east-1": {"network": {"cidr": "10.0.0.0/30"}}, "mars-1": {}})
    spec["connections"]["service"] = "arn:aws:iam::1234:role/x"
    spec["colour"] = "red"

    code, _, err = run("onboard", spec_file(tmp_path, spec), "--create-seller")

    assert code == 2
    for field in ("regions.us-east-1.network.cidr", "mars-1", "connections.service", "colour"):
        assert field in err
    assert not Seller.objects.exists()
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["onboard", "missing.yaml"], "Error: missing.yaml not found."),
        (["onboard"], "Enter a spec file"),
        (["teardown", "nobody"], 'There\'s no product "nobody"'),
        (["answer", "nobody", "reach", "x"], 'There\'s no product "nobody"'),
        (["connection", "test", "--seller", "nobody", "--role-arn", "x"], 'There\'s no seller "nobody"'),
    ],
)
def test_a_wrong_word_ends_with_2_and_a_sentence(db: None, words: list[str], said: str) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert said in err


def test_manual_targets_wait_for_their_ids_and_go_on_when_answered(sandbox: SandboxProcess, tmp_path: Path) -> None:
    product = products.product(sandbox, products.spec({"us-east-1": {"targets": {"mode": "manual"}}}))
    file = spec_file(tmp_path, products.spec({"us-east-1": {"targets": {"mode": "manual"}}}))

    code, _, err = run("onboard", file, "--embedded-worker", "--json")
    assert code == 3, err
    item = Item.objects.get(product=product, slug="targets")
    assert item.waiting_for == "you"

    code, _, err = run("answer", product.slug, "targets", "instance_ids=i-bad")
    assert code == 2
    assert "i-" in err

    ec2 = sandbox.client("ec2", products.SELLER)
    network = Item.objects.get(product=product, slug="network").outputs or {}
    group = ec2.create_security_group(VpcId=network["vpc_id"], GroupName="mine", Description="mine")["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=8443, ToPort=8443, CidrIp=network["cidr"]
    )
    instance = ec2.run_instances(
        ImageId="ami-0a1c2e3f405162738",
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=network["subnet_ids"][0],
        SecurityGroupIds=[group],
        UserData="# plc:listen 8443/tcp",
    )["Instances"][0]["InstanceId"]
    sandbox.post("advance", {"seconds": 300})
    assert run("answer", product.slug, "targets", f"instance_ids={instance}")[0] == 0

    code, out, err = run("onboard", file, "--embedded-worker", "--json")
    assert code == 0, err + out


def test_a_skip_needs_a_reason_and_is_told(sandbox: SandboxProcess, tmp_path: Path) -> None:
    product = products.product(sandbox, products.spec({"us-east-1": {"targets": {"mode": "manual"}}}))
    file = spec_file(tmp_path, products.spec({"us-east-1": {"targets": {"mode": "manual"}}}))
    run("onboard", file, "--embedded-worker")

    assert run("answer", product.slug, "targets", "skip= ")[0] == 2
    assert run("answer", product.slug, "targets", "skip=A partner runs them.")[0] == 0

    item = Item.objects.get(product=product, slug="targets")
    assert (item.state, item.skip_reason) == ("skipped", "A partner runs them.")
