"""The sandbox's own pages in a real browser: its forms are taken, since the browser says where they come from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.sandbox_process import SandboxProcess


@pytest.fixture
def page(browser: Browser, world: SandboxProcess) -> Iterator[Page]:
    """A window of the sandbox's control page."""
    world.post("reset")
    context = browser.new_context(base_url=world.url)
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()
    world.post("marketplace", {"by_itself": True})


def test_a_form_that_a_browser_sends_is_carried_out(page: Page, world: SandboxProcess) -> None:
    page.goto("/_sandbox/marketplace")
    page.select_option("select[name=by_itself]", "false")
    page.get_by_role("button", name="Set", exact=True).click()
    page.wait_for_url("**/_sandbox/marketplace")
    assert "Forbidden" not in page.content()
    assert world.get("marketplace")["by_itself"] is False


def test_another_sites_form_is_turned_away(page: Page, world: SandboxProcess) -> None:
    page.goto("data:text/html,<form method=post><button>Press</button></form>")
    page.evaluate("url => { document.forms[0].action = url }", f"{world.url}/_sandbox/do/reset")
    page.get_by_role("button", name="Press").click()
    page.wait_for_url("**/_sandbox/do/reset")
    assert "This form was sent by another site." in page.content()
