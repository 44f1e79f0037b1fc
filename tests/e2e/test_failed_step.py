"""A failed step cured from its panel, in a real browser: it opens by itself, its inputs are changed or the role is
given what it lacks, and it goes on.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from onboarding.engine import commands
from onboarding.models import Item
from onboarding.permissions import policy
from onboarding.steps import checklist
from sellers.models import Product, User
from sellers.spec_writer import spec_of
from tests import products
from tests.e2e.conftest import Open
from tests.sandbox_process import SandboxProcess

REGION = "us-east-1"


def test_a_failed_step_is_cured_from_its_panel(engine: SandboxProcess, engineer: User, open_page: Open) -> None:
    product = products.product(engine, products.spec({REGION: {"network": {"cidr": "10.20.0.0/16"}}}))
    engine.post("faults", {"action": "CreateVpc", "code": "VpcLimitExceeded", "status": 400})
    page = open_page()
    commands.provision(product, engineer, until="network")
    network = Item.objects.get(slug="network")
    page.goto(f"/items/{network.pk}/")

    panel = page.locator(".panel-fail")
    expect(panel).to_contain_text("Raise the quota “VPCs per Region”", timeout=30_000)
    expect(page.locator("#log[open]")).to_contain_text("to Failed")
    page.click("#change > summary")
    page.fill('[name="regions.us-east-1.network.cidr"]', "10.30.0.0/16")
    page.click("#change-retry")
    expect(page.locator("#panel")).to_contain_text("has a subnet in every Availability Zone", timeout=30_000)
    page.reload()
    expect(page.locator("#compare tr", has_text="Outcome")).to_contain_text("Done")


def test_a_missing_permission_is_copied_from_the_panel_added_and_tried_again(
    engine: SandboxProcess, engineer: User, open_page: Open
) -> None:
    product = products.product(engine, products.spec({REGION: {}}))
    # A role that may not simulate its own policy: the access step then cannot foresee what the network step lacks.
    narrowed(engine, product, "ec2:CreateVpc", "iam:SimulatePrincipalPolicy")
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    commands.provision(product, engineer, until="network")
    page.goto(f"/products/{product.pk}/run/")
    page.evaluate("window.notReloaded = true")
    cure = page.get_by_role("link", name=f"View error of Network in {REGION}")
    expect(cure).to_be_visible(timeout=30_000)
    assert page.evaluate("window.notReloaded") is True, "the run page tells of the failure by itself"
    cure.click()

    panel = page.locator(".panel-fail")
    expect(panel.locator(".said")).to_contain_text("not authorized to perform: ec2:CreateVpc")
    expect(panel).to_contain_text("Add ec2:CreateVpc to the role's policy, then retry this step.")
    expect(page.locator("#log[open]")).to_contain_text("to Failed")
    added(engine, copied(page))
    page.click("#retry")

    expect(page.locator("#panel")).to_contain_text("has a subnet in every Availability Zone", timeout=30_000)
    page.reload()
    expect(page.locator("#compare h2")).to_have_text("Attempts 1 and 2 side by side")
    expect(sides(page, "Outcome")).to_have_text(["Failed", "Done"])
    expect(sides(page, "AWS's code")).to_have_text(["UnauthorizedOperation", "–"])
    expect(sides(page, "Missing").first).to_contain_text("ec2:CreateVpc")
    expect(page.locator("#log[open]")).to_have_count(0)


def narrowed(sandbox: SandboxProcess, product: Product, *without: str) -> None:
    """The service role has the policy that the product's page shows, except these actions."""
    document = policy.policy(checklist(), spec_of(product), owner=str(product.seller_id))
    for statement in document["Statement"]:
        statement["Action"] = [action for action in statement["Action"] if action not in without]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    products.connect(sandbox, product.seller, products.SELLER, "onboarding", document)


def copied(page: Page) -> dict[str, Any]:
    """The statement that the panel's copy button puts on the clipboard."""
    page.get_by_role("button", name="Copy what is missing").click()
    expect(page.locator(".panel-fail .cp.copied")).to_be_visible()
    statement: dict[str, Any] = json.loads(page.evaluate("navigator.clipboard.readText()"))
    return statement


def added(sandbox: SandboxProcess, statement: dict[str, Any]) -> None:
    """A policy with just this statement, added to the role as its owner would in IAM."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = sandbox.client("iam", products.SELLER)
    iam.put_role_policy(RoleName="onboarding", PolicyName="what-was-missing", PolicyDocument=document)


def sides(page: Page, name: str) -> Any:
    """The two cells of a line of the comparison."""
    return page.locator("#compare tr").filter(has=page.get_by_role("rowheader", name=name)).locator("td")
