"""The wizard with what a seller's platform team made before: each piece is chosen from the account with its score, the
plan reuses it, the run takes it into use, and a teardown leaves it as it was.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from onboarding.models import MET, Item, Resource
from onboarding.pages.wizard import account_regions
from sellers.models import User
from tests import products
from tests.e2e.platform import PORT, REGION, Platform, platform, shop_of
from tests.e2e.test_story import Window, until, window, world
from tests.factories import PASSWORD
from tests.sandbox_process import SandboxProcess

__all__ = ["window", "world"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
NAME, SLOW = "Analytics of old", 20_000  # milliseconds that a list or a look at the account may take
BEHIND = {"name_servers", "delegation", "submission", "go_live"}  # what Marketplace's answer opens
FITS, WARNED, REFUSED = "Fits", "Fits with a warning", "Cannot be used"
# What the sandbox's inventory calls the pieces that were there, none of which may be made a second time.
KINDS = (
    "vpcs",
    "subnets",
    "security_groups",
    "instances",
    "load_balancers",
    "target_groups",
    "listeners",
    "endpoint_services",
    "certificates",
)
# How a plan's line begins that makes one of them.
TWICE = ("VPC", "Subnet", "Instance", "Network", "Target", "Listener", "Endpoint service", "Certificate", "Security")


def test_a_product_of_existing_pieces_is_chosen_planned_run_and_taken_down_again(
    world: SandboxProcess, engineer: User, window: Window
) -> None:
    account_regions.forget()
    there = platform(shop_of(world, engineer))
    before = world.get("inventory")
    page = window(engineer)

    choose_all(page, there)
    read_the_plan(page, there)
    page.get_by_role("button", name="Approve and run").click()
    page.wait_for_url("**/run/")
    until(page, lambda: open_items() == BEHIND, 90)

    assert set(Resource.objects.filter(managed=False).values_list("aws_id", flat=True)) >= set(there.pieces())
    assert ids(world.get("inventory")) == ids(before), "nothing was made beside what was there"
    take_down(page, there)
    assert world.get("inventory") == before


def choose_all(page: Page, there: Platform) -> None:
    """The wizard from Home to the plan; every resource is one that exists, chosen from the live lists."""
    page.get_by_role("button", name="Add the first product").click()
    filled(page, "product.name", NAME)
    page.check("[name='product.profile'][value=both]")
    filled(page, "product.marketplace_product_id", "prod-abc123def4567")
    filled(page, "product.friendly_dns_name", products.FRIENDLY)
    filled(page, "product.private_dns_name", products.PRIVATE)
    page.locator(".stepper").get_by_text("Regions").click()
    page.check(f"[value='{REGION}']")
    expect(page.get_by_text("use1-az1").first).to_be_visible(timeout=SLOW)
    page.locator(".stepper").get_by_text("Network and targets").click()
    page.select_option("[name='product.listener.protocol']", "TLS")
    filled(page, "product.listener.target_port", str(PORT))

    existing(page, "network")
    box = opened(page, "network.vpc_id")
    refused(box, there.other_vpc, "two zones are needed")
    chosen(box, {there.vpc: WARNED})
    box = opened(page, "network.subnet_ids")
    refused(box, there.other_subnet, f"is in {there.other_vpc}, not in {there.vpc}")
    chosen(box, dict.fromkeys(there.subnets, FITS))
    existing(page, "targets")
    box = opened(page, "targets.instance_ids")
    refused(box, there.other_instance, f"not in {there.vpc}")
    chosen(box, dict.fromkeys(there.instances, FITS))

    existing(page, "load_balancer")
    box = opened(page, "load_balancer.arn")
    refused(box, there.balancer, f"It is already in the endpoint service {there.service}")
    existing(page, "endpoint_service")
    chosen(box, {there.balancer: WARNED})  # the open list was read again, as the service may be that one now
    box = opened(page, "endpoint_service.service_id")
    refused(box, there.other_service, "load balancer")
    chosen(box, {there.service: FITS})

    page.get_by_role("button", name="Continue to Certificates and DNS").click()
    existing(page, "certificate")
    box = opened(page, "certificate.arn")
    refused(box, there.other_certificate, f"but not {products.FRIENDLY}")
    chosen(box, {there.certificate: FITS})
    page.locator(".stepper").get_by_text("Review").click()
    page.get_by_role("button", name="Make the plan").click()
    page.wait_for_url("**/plan/")


def filled(page: Page, name: str, value: str) -> None:
    """A value in a field, saved and found right."""
    page.fill(f"[name='{name}']", value)
    expect(page.locator(f"#m-{key(name)} .fits")).to_be_visible(timeout=SLOW)


def existing(page: Page, part: str) -> None:
    """The choice “use existing” for a resource of the region."""
    page.check(f"[name='regions.{REGION}.{part}.mode'][value=existing]")


def opened(page: Page, field: str) -> Locator:
    """The list of a field, opened and read from the account."""
    box = page.locator(f"#p-{key(f'regions.{REGION}.{field}')}")
    box.locator("summary").click()
    expect(box.get_by_role("status")).to_be_visible(timeout=SLOW)
    return box


def refused(box: Locator, value: str, why: str) -> None:
    """One of the list cannot be used, says why, and cannot be chosen."""
    expect(offer(box, value).locator(".pill")).to_have_text(REFUSED, timeout=SLOW)
    expect(offer(box, value)).to_contain_text(why)
    expect(offer(box, value).locator("input")).to_be_disabled()


def chosen(box: Locator, wanted: dict[str, str]) -> None:
    """Choose what the list scores so; the field beside it then holds it."""
    field = str(box.get_attribute("id")).removeprefix("p-")
    for value, score in wanted.items():
        expect(offer(box, value).locator(".pill")).to_have_text(score, timeout=SLOW)
        offer(box, value).locator("input").check()
        expect(box.page.locator(f"#i-{field}")).to_have_value(re.compile(re.escape(value)), timeout=SLOW)
    expect(box.page.locator(f"#m-{field} .fits")).to_be_visible(timeout=SLOW)


def offer(box: Locator, value: str) -> Locator:
    """One of a list."""
    return box.locator(".choice").filter(has=box.page.locator(f"input[value='{value}']"))


def read_the_plan(page: Page, there: Platform) -> None:
    """What was chosen is reused; once the account was looked at, so is what stands on it, and nothing is made twice."""
    expect(page.locator(".plan-thing", has_text="If the load balancer has one on this port")).to_be_visible()
    page.click("#check-now")
    expect(page.locator("main")).to_contain_text("Checked: nothing would stop the run", timeout=SLOW)
    rows = [row.split("\t") for row in page.locator(".plan-thing").all_inner_texts()]
    reused = " ".join(row[1] for row in rows if row[0].strip() == "reuse")
    for one in there.pieces():
        assert one in reused, one
    assert [row[1] for row in rows if row[0].strip() == "create" and row[1].startswith(TWICE)] == []
    [change] = [row[1] for row in rows if row[0].strip() == "change" and "cross_zone" in row[1]]
    assert "It is false now; the earlier value is put back by a teardown." in change


def take_down(page: Page, there: Platform) -> None:
    """What we added goes; what was there stays, each piece named with the reason."""
    page.get_by_role("link", name="Tear down").click()
    kept = page.locator("section[aria-labelledby=stays-h]")
    for one in there.pieces():
        expect(kept.locator("li", has_text=one)).to_contain_text("It existed before; you chose it.")
    expect(page.locator("section[aria-labelledby=goes-h]")).to_contain_text("is put back to false")
    page.fill("[name=name]", NAME)
    page.get_by_role("button", name="Tear down the whole product").click()
    page.wait_for_url(re.compile("reauthenticate|/run/"))
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
    page.wait_for_url("**/run/")
    until(page, lambda: "resources of this product are deleted" in page.locator("#turn").inner_text())


def key(path: str) -> str:
    """A field's path as its ids have it."""
    return re.sub(r"[^A-Za-z0-9]", "-", path)


def ids(inventory: Any) -> dict[str, list[str]]:
    """The ids of each kind in the seller's account."""
    there = inventory[products.SELLER][REGION]
    return {kind: sorted(thing["id"] for thing in there[kind]) for kind in KINDS}


def open_items() -> set[str]:
    """The items that are not done yet."""
    return set(Item.objects.exclude(state__in=MET).values_list("slug", flat=True))
