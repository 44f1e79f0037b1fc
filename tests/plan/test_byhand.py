"""What the page of a step shows that a person makes by hand: commands that work, and the values to give back."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.checklist.step import Outcome, PastResult
from onboarding.engine import commands
from onboarding.models import Item
from onboarding.plan import by_hand
from onboarding.plan.build import rows_of
from onboarding.plan.facts import known
from onboarding.plan.rows import Sign
from sellers.models import Membership, Product, User
from tests import engine_driver, products
from tests.engine.actions import HOME, up
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
MANUAL = {"mode": "manual"}


@pytest.fixture
def product(sandbox: SandboxProcess) -> Callable[..., Product]:
    """`product(part="load_balancer")`: a product of one region whose part is made by hand."""

    def made(*parts: str) -> Product:
        return products.product(sandbox, products.spec({HOME: dict.fromkeys(parts, MANUAL)}))

    return made


@pytest.mark.parametrize(
    ("part", "slug", "operations", "asked"),
    [
        ("network", "network", {"create-vpc", "create-subnet"}, {"vpc", "subnet"}),
        ("targets", "targets", {"run-instances", "create-security-group"}, {"instance"}),
        ("load_balancer", "load_balancer", {"create-load-balancer", "create-security-group"}, {"balancer"}),
        ("endpoint_service", "endpoint_service", {"create-vpc-endpoint-service-configuration"}, {"service"}),
    ],
)
def test_each_choice_has_its_commands_and_terraform(
    product: Callable[..., Product], part: str, slug: str, operations: set[str], asked: set[str]
) -> None:
    found = by_hand.of(known(product(part)), (slug, HOME))

    assert found is not None
    _parses(found.script)
    there = set(re.findall(r"aws [a-z0-9]+ ([a-z-]+)", found.script))
    assert operations <= there
    given = found.script.lower().rpartition("# give these values")[2]
    assert all(word in given for word in asked), given
    assert "plc:item" not in found.script + found.terraform
    assert 'resource "' in found.terraform


def test_what_is_not_by_hand_shows_nothing(product: Callable[..., Product]) -> None:
    made = product("load_balancer")
    assert by_hand.of(known(made), ("network", HOME)) is None


def test_a_read_only_role_is_told_what_a_run_would_add(product: Callable[..., Product]) -> None:
    made = {part: by_hand.of(known(product(part)), (part, HOME)) for part in ("load_balancer", "endpoint_service")}

    more = {part: found.more for part, found in made.items() if found}
    assert "aws elbv2 create-listener" in more["load_balancer"]
    assert "--add-allowed-principals arn:aws:iam::333333333333:root" in more["endpoint_service"]
    for script in more.values():
        _parses(script)


def test_it_is_told_all_the_same_when_the_role_was_seen_to_read_only(product: Callable[..., Product]) -> None:
    facts = known(product("endpoint_service"))
    seen = PastResult(
        check="permissions",
        outcome=Outcome.WARN,
        sentence="",
        facts={"only_reads": True},
        at=facts.held.now_at_claim,
        age=timedelta(),
        current=False,
    )
    reading = replace(facts, evidence=lambda slug, region: [seen] if slug == "access" else [])

    found = by_hand.of(reading, ("endpoint_service", HOME))

    assert found is not None
    assert "--add-allowed-principals arn:aws:iam::333333333333:root" in found.more
    signs = {row.kind: row.sign for row in rows_of(reading) if row.slug == "buyers"}
    assert signs == {"principal": Sign.BY_HAND}, "the plan says that the run does not do it"


def test_the_look_at_the_private_name_is_not_asked_for_before_its_record_stands(sandbox: SandboxProcess) -> None:
    data = products.spec({HOME: {"endpoint_service": MANUAL}}, private_dns_name=products.PRIVATE)
    found = by_hand.of(known(products.product(sandbox, data)), ("endpoint_service", HOME))

    assert found is not None
    assert f"--private-dns-name {products.PRIVATE}" in found.more
    assert "start-vpc-endpoint-service-private-dns-verification" not in found.more


@pytest.mark.parametrize("dns", ["none", ""])
def test_a_certificates_records_are_shown_and_its_arn_is_given_once_it_is_issued(
    sandbox: SandboxProcess, dns: str
) -> None:
    data = products.whole({HOME: {"certificate": MANUAL}})
    data["connections"] |= {"dns": dns} if dns else {}
    made = products.whole_product(sandbox, data)

    found = by_hand.of(known(made), ("certificate", HOME))

    assert found is not None
    _parses(found.script)
    told = ["aws acm wait certificate-validated", "echo "]
    order = ["aws acm request-certificate", "| grep CNAME;", *([] if dns else ["aws route53 change-"]), *told]
    assert all(line in found.script for line in order)
    assert sorted(order, key=found.script.index) == order
    assert ("Set these records" in found.script, "aws route53" in found.script) == (bool(dns), not dns)


def test_two_choices_by_hand_are_told_one_by_one(product: Callable[..., Product]) -> None:
    facts = known(product("targets", "load_balancer"))

    targets, balancer = (by_hand.of(facts, (slug, HOME)) for slug in ("targets", "load_balancer"))

    assert targets is not None
    assert balancer is not None
    told = {"targets": targets.script, "balancer": balancer.script}
    assert [name for name, script in told.items() if "run-instances" in script] == ["targets"]
    assert [name for name, script in told.items() if "create-load-balancer" in script] == ["balancer"]


def test_the_page_shows_them_above_the_form_and_its_answer_is_taken(
    sandbox: SandboxProcess, product: Callable[..., Product], client: Client
) -> None:
    made = product("network")
    up(made)
    item = Item.objects.get(product=made, slug="network")
    user = User.objects.create_user("engineer@example.com")
    Membership.objects.create(seller=made.seller, user=user, role="engineer")
    client.force_login(user)

    page = client.get(reverse("onboarding:item", args=[item.pk])).content.decode()

    assert page.index('id="hand-cli"') < page.index('id="answer"')
    assert "aws ec2 create-vpc" in page
    assert "resource &quot;aws_vpc&quot;" in page
    _answer(sandbox, item, user)
    engine_driver.rest()
    item.refresh_from_db()
    assert item.state == "done", item.message
    page = client.get(reverse("onboarding:item", args=[item.pk])).content.decode()
    assert "hand-cli" not in page


def _answer(sandbox: SandboxProcess, item: Item, user: User) -> None:
    """What a person does in the console, and then types."""
    ec2 = sandbox.client("ec2", products.SELLER, HOME)
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.50.{n}.0/24", AvailabilityZoneId=f"euw1-az{n}")["Subnet"][
            "SubnetId"
        ]
        for n in (1, 2)
    ]
    commands.answer(item, user, {"vpc_id": vpc, "subnet_ids": subnets})


def _parses(script: str) -> None:
    """The shell reads it, and so does whoever splits its lines into words."""
    subprocess.run(["/bin/sh", "-n"], input=script.encode(), check=True, capture_output=True)
    shlex.split(script, comments=True)
