"""Short words for what the engine's tests do again and again: build, take down, change the world by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onboarding.engine import commands
from onboarding.models import Item, Run
from sellers.models import Product
from tests import engine_driver, products
from tests.sandbox_process import SandboxProcess

HOME = "eu-west-1"


def up(product: Product, **options: Any) -> Run:
    """Provision to rest; the run as it stands then."""
    started = commands.provision(product, None, **options)
    engine_driver.rest()
    return Run.objects.get(pk=started.run.pk)


def down(product: Product, **options: Any) -> Run:
    """Take down to rest; the run as it stands then."""
    started = commands.teardown(product, None, **options)
    engine_driver.rest()
    return Run.objects.get(pk=started.run.pk)


def again(slug: str, region: str = HOME) -> Item:
    """Retry one item to rest; the item as it stands then."""
    item = Item.objects.get(slug=slug, region=region)
    commands.retry(item, None)
    engine_driver.rest()
    return Item.objects.get(pk=item.pk)


def policy(sandbox: SandboxProcess, *denied: str) -> None:
    """The service role may do everything but these actions."""
    from sellers.models import Connection

    row = Connection.objects.get(role_arn=f"arn:aws:iam::{products.SELLER}:role/onboarding")
    refused = [{"Effect": "Deny", "Action": list(denied), "Resource": "*"}] if denied else []
    document = {"Version": "2012-10-17", "Statement": [*products.ALL["Statement"], *refused]}
    products.connect(sandbox, row.seller, products.SELLER, "onboarding", document)


def mutations(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    """The mutating calls of the product, oldest first; those of a test's own console sessions are left out."""
    calls = sandbox.get("calls?mutating=true")
    return [call for call in calls if ":assumed-role/onboarding/" in call["caller"] or not call["caller"]]


def network(sandbox: SandboxProcess, zones: Sequence[str] = ("euw1-az1", "euw1-az2")) -> dict[str, Any]:
    """A VPC with a subnet in each zone, made by the seller's own hand: a `network` choice of mode existing."""
    ec2 = sandbox.client("ec2", products.SELLER, HOME)
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.50.{n}.0/24", AvailabilityZoneId=zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate(zones)
    ]
    return {"mode": "existing", "vpc_id": vpc, "subnet_ids": subnets}
