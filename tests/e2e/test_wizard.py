"""The wizard in a real browser: saved while typing, told while typing, chosen from the account, no script's errors."""

from __future__ import annotations

from onboarding.pages.wizard import account_regions
from sellers.models import Draft, Seller
from tests import products
from tests.e2e.conftest import Open
from tests.sandbox_process import SandboxProcess

VPC = "regions.us-east-1.network.vpc_id"


def test_what_is_typed_is_saved_and_told_and_a_vpc_is_chosen_from_the_account(
    sandbox: SandboxProcess, open_page: Open
) -> None:
    account_regions.forget()
    products.connect(sandbox, Seller.objects.get(), products.SELLER, "onboarding")
    page = open_page()
    page.goto("/products/")
    page.click("text=Start your first product")
    page.fill("[name='product.name']", "Example Analytics")
    page.fill("[name='product.friendly_dns_name']", "api_x")
    page.wait_for_selector("#m-product-friendly-dns-name .errs")
    page.fill("[name='product.friendly_dns_name']", "api.vpce.example.com")
    page.wait_for_selector("#m-product-friendly-dns-name .fits")
    assert page.evaluate("document.activeElement.name") == "product.friendly_dns_name"
    page.fill("[name='product.marketplace_product_id']", "prod-abc123def4567")
    page.wait_for_selector(".stepper li.ok >> text=Product and names")
    page.click(".stepper >> text=Regions")
    page.check("[value='us-east-1']")
    page.wait_for_selector("text=use1-az1")
    page.click(".stepper >> text=Network")
    page.check("[name='regions.us-east-1.network.mode'][value=existing]")
    page.wait_for_selector("#m-regions-us-east-1-network-mode .errs")
    picker = "#p-regions-us-east-1-network-vpc-id"
    page.click(f"{picker} summary")
    page.check(f"{picker} input[type=radio] >> nth=0")
    page.wait_for_selector("#m-regions-us-east-1-network-vpc-id .fits")
    assert page.input_value(f"[name='{VPC}']").startswith("vpc-")
    page.click(".stepper >> text=Review")
    page.wait_for_selector("text=To correct before the plan can be made")
    data = Draft.objects.get().data
    assert data[VPC].startswith("vpc-")
    assert data["product.friendly_dns_name"] == "api.vpce.example.com"


def test_two_people_in_two_windows_see_each_others_value(sandbox: SandboxProcess, open_page: Open) -> None:
    first, second = open_page(), open_page()
    first.goto("/products/")
    first.click("text=Start your first product")
    second.goto(first.url)
    first.fill("[name='product.name']", "Theirs")
    first.wait_for_selector("#m-product-name .fits")
    second.fill("[name='product.name']", "Mine")
    second.wait_for_selector("input[type=radio][value='Theirs']")
    second.check("input[type=radio][value='Mine']")
    second.wait_for_selector("#kept >> text=Saved")
    second.click("text=AWS access >> nth=0")
    assert Draft.objects.get().data["product.name"] == "Mine"
