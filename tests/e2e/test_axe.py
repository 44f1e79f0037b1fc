"""Every page of everybody, in both themes: no violation of axe-core, nothing on the console, no page scrolls sideways.

The pages are those of the URL x role matrix, so a new one is looked at without being named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from onboarding.models import Item
from sellers.models import User
from tests import factories
from tests.e2e.pages import World
from tests.factories import Tenant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
LOOK = """async (only) => {
  const rules = only ? { runOnly: only } : { rules: { "target-size": { enabled: true } } };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...rules });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SEEN = """() => {
  const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
  return document.activeElement === document.body || outlineStyle !== "none" || boxShadow !== "none";
}"""
WIDTHS = (390, 1920)


class Eyes:
    """A window for each person, signed in by the session of their client; `wrong` is what was seen amiss."""

    def __init__(self, browser: Browser, server: LiveServer, clients: dict[str, Client]) -> None:
        self.wrong: list[str] = []
        self.pages = {who: self._window(browser, server, client) for who, client in clients.items()}

    def _window(self, browser: Browser, server: LiveServer, client: Client) -> Page:
        context = browser.new_context(base_url=server.url, reduced_motion="reduce")
        session = client.cookies.get(project.SESSION_COOKIE_NAME)
        if session is not None:
            context.add_cookies([{"name": session.key, "value": session.value, "url": server.url}])
        page = context.new_page()
        page.on("console", lambda said: self._heard(page, said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._heard(page, str(error)))
        return page

    def _heard(self, page: Page, text: str) -> None:
        self.wrong.append(f"{page.url} says {text}")

    def look(self, who: str, url: str) -> None:
        """One page: all rules in light, the contrast again in dark, and its width on a telephone and a large screen."""
        page = self.pages[who]
        page.emulate_media(color_scheme="light")
        page.goto(url, wait_until="load")
        page.evaluate(AXE)
        self._note(page, "light", page.evaluate(LOOK))
        page.emulate_media(color_scheme="dark")
        self._note(page, "dark", page.evaluate(LOOK, ["color-contrast", "link-in-text-block"]))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate(SIDEWAYS) > 0:
                self._note(page, f"{width} px", ["scrolls sideways"])

    def _note(self, page: Page, how: str, found: list[Any]) -> None:
        self.wrong += [f"{page.url} ({how}) {one}" for one in found]

    def close(self) -> None:
        """Close the windows."""
        for page in self.pages.values():
            page.context.close()


@pytest.fixture
def world(transactional_db: None) -> World:
    """Something on every page."""
    return World()


@pytest.fixture
def own(transactional_db: None) -> Tenant:
    """A seller with a product whose checklist was started."""
    tenant = factories.tenant()
    factories.started(tenant.product)
    return tenant


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[User], Page]]:
    """`window(user)`: a page of a browser in which that person has signed in, and which asks for less motion."""
    opened: list[Eyes] = []

    def one(user: User) -> Page:
        opened.append(Eyes(browser, live_server, {"": factories.signed_in(user)}))
        return opened[-1].pages[""]

    yield one
    for eyes in opened:
        eyes.close()


@pytest.fixture
def eyes(browser: Browser, live_server: LiveServer, world: World) -> Iterator[Eyes]:
    windows = Eyes(browser, live_server, world.clients)
    yield windows
    windows.close()


def test_no_page_of_anybody_violates_a_rule_in_either_theme(world: World, eyes: Eyes) -> None:
    pages = world.pages()
    assert len(pages) > 35
    for who, url in pages:
        eyes.look(who, url)
    assert not eyes.wrong, "\n".join(eyes.wrong)


def test_the_keyboard_first_reaches_a_way_to_the_content_and_always_shows_where_it_is(
    own: Tenant, window: Callable[[User], Page]
) -> None:
    page = window(own.engineer)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for url in ("/", f"/products/{own.product.pk}/run/", "/drafts/"):
        page.goto(url)
        for _ in range(20):
            page.keyboard.press("Tab")
            assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_nothing_moves_for_who_asked_for_less_motion(own: Tenant, window: Callable[[User], Page]) -> None:
    Item.objects.filter(product=own.product, slug="access").update(state="working")
    page = window(own.engineer)
    page.goto(f"/items/{factories.item(own.product, 'access').pk}/")
    assert page.locator(".i-spin").count() > 0
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") > 0
