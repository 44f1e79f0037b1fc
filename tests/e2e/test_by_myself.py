"""A whole product that a person makes by hand, from the wizard to live, under a role that may only read.

The person runs what the pages show, in a terminal of their own, so that a wrong command ends the test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Page, expect

from onboarding.engine import sweep
from sellers.models import User
from tests import factories, products
from tests.cli import Terminal
from tests.e2e.test_story import Window, freeze_and_send, hand_over, product_of, until, window, world
from tests.sandbox_process import SandboxProcess

__all__ = ["window", "world"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
REGION, ROLE = "eu-west-1", "onboarding"
ARN = f"arn:aws:iam::{products.SELLER}:role/{ROLE}"
SOON = 30_000
KEYS = {
    "aws_access_key_id": "AccessKeyId",
    "aws_secret_access_key": "SecretAccessKey",
    "aws_session_token": "SessionToken",
}
FACTS = {
    "product.name": "Story Product",
    "product.marketplace_product_id": "prod-abc123def4567",
    "product.friendly_dns_name": products.FRIENDLY,
    "product.private_dns_name": products.PRIVATE,
}
Record = tuple[str, str, list[str]]  # type, name, values


@pytest.fixture
def swept(world: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> SandboxProcess:
    """The world, in which an answer is seen at once: nudges are lost here, and a sweep repeats one after 15 s only."""
    monkeypatch.setattr(sweep, "NUDGED_SECONDS", 1)
    return world


def test_a_product_made_by_hand_goes_live_under_a_role_that_may_only_read(
    swept: SandboxProcess, engineer: User, window: Window, tmp_path: Path
) -> None:
    world = swept
    mara, rita = window(engineer), window(factories.reviewer())
    external_id = connection(mara)
    draft(mara)
    prove(mara, world, external_id)
    product = approve(mara)
    shell = Terminal(world, products.SELLER, tmp_path)
    make(mara, product, shell, "Network", "has a subnet in every Availability Zone")
    make(mara, product, shell, "Targets", "3 targets")
    make(mara, product, shell, "Load balancer", "is active in every Availability Zone")
    make(mara, product, shell, "Certificate", "Issued in account", partial(set_printed, world))
    make(mara, product, shell, "Endpoint service", "is available in the load balancer's zones")
    verify_private_name(mara, product, world, shell)
    attest(mara, product, f"Buyer connection test in {REGION}", "From account 444444444444, over HTTPS.")
    hand_over(rita, world)
    set_record(world, shown(mara, product, "NS"))
    freeze_and_send(mara)
    confirm(rita, world)
    attest(mara, product, "Go live", "A buyer called the product by its own name.")

    mara.goto(f"{product}submission/")
    expect(mara.locator(".track li", has_text="Live")).to_have_class("s-done")
    nothing_changed_by_the_role(world, external_id)


def connection(page: Page) -> str:
    """The role's connection, before there is a role; its external ID."""
    page.goto("/connections/new/")
    page.fill("[name=role_arn]", ARN)
    page.press("[name=role_arn]", "Enter")
    page.wait_for_url(re.compile(r"/connections/[0-9a-f-]{36}/"))
    return page.locator("dd.val code").nth(1).inner_text()


def draft(page: Page) -> None:
    """The wizard: every part is made by hand, and so is each DNS record."""
    page.goto("/products/")
    page.click("text=Start your first product")
    page.check("[name='product.profile'][value=both]")
    for name, value in FACTS.items():
        page.fill(f"[name='{name}']", value)
        expect(page.locator(f"#m-{name.replace('.', '-').replace('_', '-')} .fits")).to_be_visible()
    step(page, "AWS access")
    page.select_option("[name='connections.service']", ARN)
    page.select_option("[name='connections.dns']", "none")
    step(page, "Regions")
    page.check(f"[value='{REGION}']")
    step(page, "Network and targets")
    page.fill("[name='product.listener.target_port']", "8443")
    for part in ("network", "targets", "load_balancer", "endpoint_service"):
        page.check(f"[name='regions.{REGION}.{part}.mode'][value=manual]")
    step(page, "Certificates and DNS")
    page.check(f"[name='regions.{REGION}.certificate.mode'][value=manual]")
    step(page, "Buyers")
    page.fill("[name=buyers]", "333333333333 Acme")
    expect(page.locator("#m-buyers .fits")).to_be_visible()


def step(page: Page, title: str) -> None:
    """To another page of the wizard, once what was typed here is saved."""
    page.wait_for_load_state("networkidle")
    page.locator(".stepper").get_by_text(title).click()
    expect(page.locator("h1")).to_contain_text(title)


def prove(page: Page, world: SandboxProcess, external_id: str) -> None:
    """The role is made with the read-only policy that the wizard shows, and nothing more."""
    step(page, "AWS access")
    text = page.locator("pre[aria-label^='Read-only policy']").text_content()
    policy = json.loads(text or "")
    trust = products.trust(world.client("sts").get_caller_identity()["Arn"], external_id)
    role = {"account_id": products.SELLER, "role_name": ROLE, "trust_policy": trust, "policies": [policy]}
    world.post("roles", role)
    page.get_by_role("button", name="Test now").click()
    expect(page.locator("#access")).to_contain_text("The role requires your external ID")


def approve(page: Page) -> str:
    """The plan knows that the role only reads, and finds nothing that would stop the run; the product's path."""
    step(page, "Review")
    page.get_by_role("button", name="Make the plan").click()
    page.click("#check-now")
    expect(page.locator("main")).to_contain_text("nothing would stop the run")
    expect(page.locator("main")).to_contain_text("The role may only read")
    page.get_by_role("button", name="Approve and run").click()
    page.wait_for_url("**/run/")
    return product_of(page)


def item(page: Page, product: str, title: str) -> None:
    """To the page of an item, from the run page."""
    page.goto(f"{product}run/")
    page.locator("#matrix").get_by_role("link", name=re.compile(f"^{title}")).click()
    expect(page.locator("h1")).to_contain_text(title)


def make(
    page: Page, product: str, shell: Terminal, title: str, done: str, meanwhile: Callable[[str], None] | None = None
) -> None:
    """Run what the item's page shows, with what a run would add, and give to its form what the script prints."""
    item(page, product, f"{title} in {REGION}")
    expect(page.locator("#hand-cli")).to_be_visible(timeout=SOON)
    expect(page.locator("#panel")).not_to_contain_text("The commands show one Availability Zone")
    scripts = page.locator("#hand-cli, pre[aria-label='Commands for a read-only role']").all()
    printed = shell.run("\n".join(one.text_content() or "" for one in scripts), meanwhile)
    said = {words: value for words, colon, value in (line.partition(": ") for line in printed) if colon}
    labels = page.locator("form:has(#answer) label").all_inner_texts()
    asked = {label: said[words] for label in labels if (words := label[:1].lower() + label[1:]) in said}
    assert asked, (labels, printed)
    for label, value in asked.items():
        page.get_by_label(label, exact=True).fill(value)
    page.click("#answer")
    expect(page.locator("#panel")).to_contain_text(done, timeout=SOON)


def verify_private_name(page: Page, product: str, world: SandboxProcess, shell: Terminal) -> None:
    """The TXT record as the DNS page shows it; then AWS is asked to look, which our role may not."""
    set_record(world, shown(page, product, "TXT"))
    item(page, product, f"Private DNS name in {REGION}")
    page.click("#check")
    say = page.locator("#panel .say")
    expect(say).to_contain_text("Our role only reads", timeout=SOON)
    [command] = re.findall(r"aws ec2 .*", say.inner_text())
    shell.run(command)
    page.click("#check")
    expect(page.locator("#panel")).to_contain_text("AWS has verified", timeout=SOON)


def shown(page: Page, product: str, kind: str) -> Record:
    """The record of a type that the DNS page asks for, once it does."""
    page.goto(f"{product}dns/")
    row = page.locator("#desk tbody tr", has=page.locator(f"th .g:text-is('{kind}')"))
    until(page, lambda: row.count() == 1)
    values = row.locator("[data-label=Value] code").all_inner_texts()
    return kind, row.locator("td .val code").first.inner_text(), values


def set_record(world: SandboxProcess, record: Record) -> None:
    """What a person does in the zone of example.com."""
    kind, name, values = record
    route53 = world.client("route53", products.SELLER)
    [zone] = route53.list_hosted_zones()["HostedZones"]
    told = [{"Value": f'"{value}"' if kind == "TXT" else value} for value in values]
    new = {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": told}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": new}]}
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=batch)


def set_printed(world: SandboxProcess, line: str) -> None:
    """A validation record, as soon as the script prints it; the script goes on when the certificate is issued."""
    name, kind, value = [*line.split("\t"), "", ""][:3]
    if kind == "CNAME":
        set_record(world, (kind, name, [value]))


def attest(page: Page, product: str, title: str, words: str) -> None:
    """A person's word where nothing measures: no buyer test account is connected."""
    item(page, product, title)
    until(page, lambda: page.locator("[name=attest]").is_visible())
    page.fill("[name=attest]", words)
    if page.locator("[name=confirmed]").is_visible():
        page.fill("[name=confirmed]", "yes")
    page.click("#answer")
    expect(page.locator("#panel")).to_contain_text("says that a buyer connects", timeout=SOON)


def confirm(page: Page, world: SandboxProcess) -> None:
    """Seller Operations take the package up, put the name in its place and say that it is live."""
    page.goto("/desk/")
    page.get_by_role("link", name="Story Product", exact=True).click()
    page.click("#acknowledge")
    [service] = world.client("ec2", products.SELLER, REGION).describe_vpc_endpoint_service_configurations()[
        "ServiceConfigurations"
    ]
    world.post("marketplace_live", {"name": products.FRIENDLY, "services": [service["ServiceId"]]})
    page.click("#confirm")
    expect(page.locator("main")).to_contain_text("is confirmed")


def nothing_changed_by_the_role(world: SandboxProcess, external_id: str) -> None:
    """AWS's own log: the role read, and never even tried to change anything; AWS would have refused it."""
    calls = world.get("calls")
    mine = [call for call in calls if f":assumed-role/{ROLE}/" in call["caller"]]
    assert len(mine) > 50
    assert [call["action"] for call in mine if call["mutating"]] == []
    by_hand = {call["action"] for call in calls if call["mutating"] and call not in mine}
    assert {"CreateVpc", "RunInstances", "CreateLoadBalancer", "CreateListener", "RequestCertificate"} <= by_hand

    given = world.client("sts").assume_role(RoleArn=ARN, RoleSessionName="try", ExternalId=external_id)["Credentials"]
    keys = {name: given[key] for name, key in KEYS.items()}
    ec2 = boto3.client("ec2", region_name=REGION, endpoint_url=world.url, **keys)
    assert ec2.describe_vpcs()["Vpcs"]
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.create_vpc(CidrBlock="10.9.0.0/16")
