"""What a teardown leaves, who stands in its way, and the undoing of one run: against the simulated AWS."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onboarding.engine import commands
from onboarding.models import Item, Resource, Run
from onboarding.pages.teardown.leftovers import remains
from onboarding.pages.teardown.preview import made_by, takedown
from onboarding.preflight import leftovers as accounts
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, down, up
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Product]


def buyers_endpoint(sandbox: SandboxProcess, service: str, account: str = "333333333333") -> str:
    """An endpoint that a buyer makes, connected."""
    ec2 = sandbox.client("ec2", account, HOME)
    vpc = ec2.create_vpc(CidrBlock="10.90.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.90.0.0/24", AvailabilityZoneId="euw1-az1")["Subnet"]["SubnetId"]
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, VpcEndpointType="Interface", SubnetIds=[subnet])
    endpoint = str(made["VpcEndpoint"]["VpcEndpointId"])
    seller = sandbox.client("ec2", products.SELLER, HOME)
    id_ = service.rpartition(".")[2]
    seller.accept_vpc_endpoint_connections(ServiceId=id_, VpcEndpointIds=[endpoint])
    return endpoint


def test_a_connected_buyer_stands_in_the_way_and_what_is_left_is_found(fast: SandboxProcess, make: Make) -> None:
    product = make()
    up(product)
    service = Resource.objects.get(kind="endpoint_service")
    endpoint = buyers_endpoint(fast, service.values["name"])

    accounts.look(product, None)
    (blocker,) = remains(product, services=takedown(product).services).blockers
    assert (blocker.endpoint, blocker.owner, blocker.alias) == (endpoint, "333333333333", "Acme")
    assert blocker.command == (
        f"aws ec2 reject-vpc-endpoint-connections --service-id {service.aws_id} --vpc-endpoint-ids {endpoint} "
        f"--region {HOME}"
    )
    assert remains(product, "us-east-1").blockers == [], "nobody is connected there"
    assert remains(product).left == [], "what stands is no leftover"

    seller = fast.client("ec2", products.SELLER, HOME)
    seller.reject_vpc_endpoint_connections(ServiceId=service.aws_id, VpcEndpointIds=[endpoint])
    accounts.look(product, None)
    assert remains(product).blockers == []

    down(product)
    accounts.look(product, None)
    assert remains(product).left == []

    tag = {"Key": "plc:item", "Value": f"{product.pk}/{HOME}/network/vpc/g9"}
    stray = seller.create_vpc(CidrBlock="10.91.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": [tag]}])
    accounts.look(product, None)
    (left,) = remains(product).left
    assert (left.words, left.aws_id, left.why) == ("VPC", stray["Vpc"]["VpcId"], "Bears our tag, in no record of ours")


def test_a_look_without_permission_says_what_the_role_lacks(fast: SandboxProcess, make: Make) -> None:
    product = make()
    up(product, until="network")
    from tests.engine.actions import policy

    policy(fast, "ec2:DescribeTags")
    assert accounts.look(product, None).startswith("The look is not complete.")
    (problem,) = remains(product).problems
    assert "Add ec2:DescribeTags to the role's policy." in problem


def test_undoing_a_run_leaves_what_an_earlier_one_made(fast: SandboxProcess, make: Make) -> None:
    product = make()
    first = up(product, until="network")
    assert made_by(first) >= {Item.objects.get(slug="network").pk}
    second = up(product, until="load_balancer")

    preview = takedown(product, run=second)
    assert [group.title for group in preview.goes] == [f"Load balancer in {HOME}"]
    assert {stays.words for stays in preview.stays} >= {"VPC", "subnet"}

    commands.cancel(second, None)
    started = commands.teardown(product, None, only=preview.items)
    engine_driver.rest()
    assert Run.objects.get(pk=started.run.pk).state == "done", engine_driver.picture()
    assert Item.objects.get(slug="load_balancer").state == "undone"
    assert Item.objects.get(slug="network").state == "done"
    there = fast.get("inventory")[products.SELLER][HOME]
    assert [len(there.get(kind, [])) for kind in ("vpcs", "load_balancers")] == [1, 0], list(there)
