"""The headline of the wizard: from Home, roles and zone connected, to a package that lacks only what Marketplace must
answer, in at most twelve clicks and eight typed values. The browser counts, not the test's own steps.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from onboarding.engine import commands
from onboarding.models import MET, Item
from sellers.models import User
from tests import emails, products
from tests.e2e.test_story import PROCESS, ROLES, SOFTWARE, Window, connect, until, window, world
from tests.sandbox_process import SandboxProcess

__all__ = ["window", "world"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
CLICKS, VALUES = 12, 8
BEHIND = {"name_servers", "delegation", "submission", "go_live"}  # what Marketplace's answer opens
# Only what a person does is trusted. A value counts when its field is left with another text than before.
COUNT = """
addEventListener("click", (event) => { if (event.isTrusted && event.detail) counted("click", ""); }, true);
addEventListener("change", (event) => {
  if (event.isTrusted && event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])"))
    counted("value", event.target.name);
}, true);
"""


def test_a_package_that_lacks_only_marketplaces_answer_takes_twelve_clicks_and_eight_values(
    world: SandboxProcess, engineer: User, window: Window
) -> None:
    page = window(engineer)
    for account in ROLES:
        connect(page, world, account)
    page.goto("/")
    seen = counting(page)

    page.get_by_role("button", name="Add the first product").click()
    typed(page, "product.name", "Example Analytics")
    typed(page, "product.marketplace_product_id", "prod-abc123def4567")
    typed(page, "product.friendly_dns_name", products.FRIENDLY)
    typed(page, "product.private_dns_name", products.PRIVATE)
    page.locator(".stepper").get_by_text("Regions").click()
    page.locator("[value='us-east-1']").click()
    page.locator(".stepper").get_by_text("Network and targets").click()
    typed(page, "product.listener.target_port", "8443")
    typed(page, "regions.us-east-1.targets.image_id", SOFTWARE["image_id"])
    typed(page, "regions.us-east-1.targets.user_data", SOFTWARE["user_data"])
    page.locator(".stepper").get_by_text("Review").click()
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("button", name="Approve and run").click()
    page.get_by_role("link", name="Submission", exact=True).click()
    typed(page, "process", PROCESS)
    page.locator("#process").click()

    asked = emails.awaited(world, 1, seconds=90)
    until(page, lambda: open_items() == BEHIND)
    expect(page.locator("#turn")).to_contain_text("No action needed")
    clicks, values = seen["click"], sum(count for what, count in seen.items() if what != "click")
    print(f"{clicks} clicks, {values} typed values")
    assert 0 < clicks <= CLICKS
    assert 0 < values <= VALUES

    servers = world.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": emails.kept(asked)})["servers"]
    commands.answer(Item.objects.get(slug="name_servers"), engineer, {"servers": "\n".join(servers)})
    until(page, lambda: page.locator("#freeze").is_visible())
    assert page.locator("section[aria-labelledby=ready-h] > ul.rows > li").count() == 0, "nothing else was lacking"
    assert seen["click"] == clicks


def counting(page: Page) -> Counter[str]:
    """What a person does at this window from now on: "click", and the name of each field that is typed into, once."""
    seen: Counter[str] = Counter()

    def count(_source: Any, what: str, name: str) -> None:
        if what == "click":
            seen["click"] += 1
        else:
            seen[name] = 1

    page.expose_binding("counted", count)
    page.add_init_script(COUNT)
    page.reload()
    return seen


def typed(page: Page, name: str, value: str) -> None:
    """A value as a person types it: the field is reached by the keyboard, and left by Tab."""
    field = page.locator(f"[name='{name}']")
    field.focus()
    field.fill("")
    field.press_sequentially(value) if len(value) < 80 else page.keyboard.insert_text(value)
    field.press("Tab")
    if name != "process":
        expect(page.locator(f"#m-{name.replace('.', '-').replace('_', '-')} .fits")).to_be_visible()


def open_items() -> set[str]:
    """The items that are not done yet."""
    return set(Item.objects.exclude(state__in=MET).values_list("slug", flat=True))
