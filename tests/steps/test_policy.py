"""The generated policy: only what is needed, and only on what bears our tag (SEC10)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from onboarding.aws.gate import passing
from onboarding.permissions.grants import grants
from onboarding.permissions.policy import FORM, actions, policy
from onboarding.steps import checklist
from onboarding.things import kinds
from sellers.spec import OnboardSpec, load_data
from tests.contract.driver import Driver, Gate
from tests.contract.world import World
from tests.steps.dns import hosted, walk

ROLE = "arn:aws:iam::111111111111:role/onboarding"
LARGEST = 10_240  # characters of a role's inline policies, white space not counted
TAGGED = ("aws:RequestTag/plc:owner", "aws:ResourceTag/plc:owner")


def product(**region: Any) -> OnboardSpec:
    """A native product in one region."""
    return load_data(
        {
            "seller": "example-analytics",
            "product": {"name": "Example", "profile": "native"},
            "connections": {"service": ROLE},
            "regions": {"us-east-1": {"network": {"cidr": "10.20.0.0/16"}, **region}},
        }
    )


def made(spec: OnboardSpec, **more: Any) -> list[dict[str, Any]]:
    """The statements."""
    found: list[dict[str, Any]] = policy(checklist(), spec, owner="seller-1", **more)["Statement"]
    return found


def test_every_changing_action_of_a_thing_has_its_grant() -> None:
    for cls in kinds().values():
        for action in (*cls.makes, *cls.removes):
            assert action in grants() or ":Describe" in action, f"{cls.kind} needs a grant for {action}"


def test_every_action_is_in_form() -> None:
    assert all(FORM.fullmatch(action) for action in actions(checklist(), product()))


def test_it_fits_into_a_role() -> None:
    assert len(json.dumps({"Statement": made(product())}, separators=(",", ":"))) < LARGEST


def test_changing_asks_for_our_tag_or_for_a_kind_of_resource() -> None:
    for statement in made(product()):
        if all(":Describe" in a or ":Get" in a or ":Simulate" in a for a in statement["Action"]):
            continue
        assert "*" not in statement["Resource"]
        keys = statement.get("Condition", {}).get("StringEquals", {})
        assert keys or statement["Resource"] == ["arn:aws:ec2:*::image/*"]
        if any("Delete" in action or "Terminate" in action for action in statement["Action"]):
            assert keys == {TAGGED[1]: "seller-1"}


def test_creating_is_limited_to_the_products_regions() -> None:
    creating = [s for s in made(product()) if TAGGED[0] in s.get("Condition", {}).get("StringEquals", {})]
    assert creating
    assert {tuple(s["Condition"]["StringEquals"]["aws:RequestedRegion"]) for s in creating} == {("us-east-1",)}


def test_a_read_only_policy_changes_nothing() -> None:
    found = {action for statement in made(product(), read_only=True) for action in statement["Action"]}
    assert found
    assert all(action.partition(":")[2].startswith(("Describe", "Get", "Simulate")) for action in found)


def test_what_is_adopted_is_named_for_changes_and_never_for_deletion() -> None:
    balancer = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/mine/0123456789abcdef"
    spec = product(
        network={"mode": "existing", "vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0123456789abcdef0"]},
        load_balancer={"mode": "existing", "arn": balancer},
    )
    named = [s for s in made(spec) if "Condition" not in s and balancer in s["Resource"]]
    assert named == [
        {
            "Effect": "Allow",
            "Action": [
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:SetSecurityGroups",
            ],
            "Resource": [balancer],
        }
    ]


def test_an_instance_profile_may_be_passed_to_ec2_alone() -> None:
    [passing_role] = [s for s in made(product(targets={"instance_profile": "web"})) if s["Action"] == ["iam:PassRole"]]
    assert passing_role["Resource"] == ["arn:aws:iam::111111111111:role/web"]
    assert passing_role["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    assert not any("iam:PassRole" in s["Action"] for s in made(product()))


def test_further_regions_need_their_own_permission() -> None:
    spec = product(endpoint_service={"supported_regions": ["eu-west-1"]})
    assert any("vpce:AllowMultiRegion" in s["Action"] for s in made(spec))


def test_a_vpc_without_our_tag_cannot_be_deleted_under_it(world_by_hand: World) -> None:
    stranger = world_by_hand.process.client("ec2", "111111111111").create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    arn = world_by_hand.role(policy(checklist(), product(), owner="seller-1"))
    door = world_by_hand.doors(arn)("service", "us-east-1")

    with passing(Gate()), pytest.raises(ClientError, match="UnauthorizedOperation"):
        door.ec2.delete_vpc(VpcId=stranger)


def named(**connections: str) -> OnboardSpec:
    """A product of both profiles with its names, over roles in several accounts."""
    return load_data(
        {
            "seller": "example-analytics",
            "product": {
                "name": "Example",
                "profile": "both",
                "marketplace_product_id": "prod-abc123def4567",
                "friendly_dns_name": "api.vpce.example.com",
                "private_dns_name": "api.example.com",
            },
            "connections": {"service": ROLE, **connections},
            "regions": {"us-east-1": {"network": {"cidr": "10.20.0.0/16"}}},
        }
    )


CERTIFICATES, DNS = "arn:aws:iam::555555555555:role/certificates", "arn:aws:iam::666666666666:role/dns"


def changing(spec: OnboardSpec, role: str) -> set[str]:
    """The actions of a role that change something."""
    read = ("Describe", "Get", "List", "Simulate")
    return {action for action in actions(checklist(), spec, role) if not action.partition(":")[2].startswith(read)}


def test_each_role_gets_its_part_alone() -> None:
    spec = named(certificates=CERTIFICATES, dns=DNS)

    assert changing(spec, "certificates") == {
        "acm:RequestCertificate",
        "acm:AddTagsToCertificate",
        "acm:DeleteCertificate",
    }
    assert changing(spec, "dns") == {"route53:ChangeResourceRecordSets"}
    assert not {action for action in changing(spec, "service") if action.startswith(("acm:", "route53:"))}


def test_a_role_that_stands_for_others_gets_their_parts() -> None:
    assert {"acm:RequestCertificate", "route53:ChangeResourceRecordSets"} <= changing(named(), "service")
    assert not {action for action in changing(named(dns="none"), "service") if action.startswith("route53:")}
    assert changing(named(certificates=DNS, dns=DNS), "dns") == changing(
        named(certificates=DNS, dns=DNS), "certificates"
    )


def test_only_the_products_records_may_be_changed(world_by_hand: World) -> None:
    made = world_by_hand.process.client("route53", "666666666666").create_hosted_zone(
        Name="example.com", CallerReference="1"
    )
    zone_id = made["HostedZone"]["Id"].rpartition("/")[2]
    document = policy(checklist(), named(certificates=CERTIFICATES, dns=DNS), owner="seller-1", role="dns")
    arn = world_by_hand.role(document, account="666666666666", name="dns")
    door = world_by_hand.doors(arn)("service", "us-east-1")

    def put(name: str, kind: str, value: str) -> None:
        change: Any = {
            "Action": "UPSERT",
            "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]},
        }
        door.route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": [change]})

    with passing(Gate()):
        put("_x.api.vpce.example.com.", "CNAME", "y.acm-validations.aws.")
        put("_l.api.example.com.", "TXT", '"vpce:x"')
        put("api.vpce.example.com.", "NS", "ns-1.awsdns-01.com.")
        for name, kind, value in (
            ("www.example.com.", "CNAME", "elsewhere.example.net."),
            ("api.example.com.", "TXT", '"x"'),
            ("_l.api.example.com.", "A", "192.0.2.1"),
        ):
            with pytest.raises(ClientError, match="AccessDenied"):
                put(name, kind, value)


def test_three_roles_of_least_privilege_carry_a_certificate_up_and_down(world_by_hand: World) -> None:
    spec = named(certificates=CERTIFICATES, dns=DNS)
    for role, account in (("service", "111111111111"), ("certificates", "555555555555"), ("dns", "666666666666")):
        arn = (spec.connections.dns if role == "dns" else getattr(spec.connections, role)) or ""
        document = policy(checklist(), spec, owner="seller-1", role=role)
        world_by_hand.role(document, account=account, name=arn.rpartition("/")[2])
    hosted(world_by_hand, "666666666666")
    driver = Driver(
        spec=spec, doors=world_by_hand.doors(ROLE, certificates=CERTIFICATES, dns=DNS), later=world_by_hand.later
    )

    walk(driver)

    assert driver.outputs["certificate", "us-east-1"].account == "555555555555"
    driver.down()
    assert "us-east-1" not in world_by_hand.inventory("555555555555").get("555555555555", {})
