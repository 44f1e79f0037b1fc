"""A failed step cured from its panel, in a real browser: it opens by itself, its inputs are changed, it goes on."""

from __future__ import annotations

from playwright.sync_api import expect

from onboarding.engine import verbs
from onboarding.models import Item
from sellers.models import User
from tests import worlds
from tests.e2e.conftest import Open
from tests.sandbox_process import SandboxProcess

REGION = "us-east-1"


def test_a_failed_step_is_cured_from_its_panel(engine: SandboxProcess, engineer: User, open_page: Open) -> None:
    product = worlds.product(engine, worlds.spec({REGION: {"network": {"cidr": "10.20.0.0/16"}}}))
    engine.post("faults", {"action": "CreateVpc", "code": "VpcLimitExceeded", "status": 400})
    page = open_page()
    verbs.provision(product, engineer, until="network")
    network = Item.objects.get(slug="network")
    page.goto(f"/items/{network.pk}/")

    panel = page.locator(".panel-fail")
    expect(panel).to_contain_text("Raise the quota “VPCs per Region”", timeout=30_000)
    expect(page.locator("#log[open]")).to_contain_text("to Failed")
    page.click("#change > summary")
    page.fill('[name="regions.0.network.cidr"]', "10.30.0.0/16")
    page.click("#change-retry")
    expect(page.locator("#panel")).to_contain_text("has a subnet in every Availability Zone", timeout=30_000)
    page.reload()
    expect(page.locator("#compare tr", has_text="Outcome")).to_contain_text("Done")
