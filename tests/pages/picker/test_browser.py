"""The picker in a real browser: typing, pages, without JavaScript, and as a part of another page's form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sellers.models import User
from tests import products
from tests.e2e.conftest import Open, browser, engineer, open_page
from tests.factories import Tenant
from tests.pages.picker import build
from tests.pages.picker.conftest import SPEED, Shop
from tests.sandbox_process import SandboxProcess

__all__ = ["browser", "engineer", "open_page"]


@pytest.fixture
def stocked(sandbox: SandboxProcess, engineer: User, client: object) -> Shop:
    """An account with three VPCs, of the engineer's seller."""
    sandbox.post("speed", {"speed": SPEED})
    seller = engineer.memberships.get().seller
    connection = products.connect(sandbox, seller, products.SELLER, "onboarding")
    shop = Shop(sandbox, Tenant(seller, engineer, engineer, None), connection, client)  # type: ignore[arg-type]
    zones = build.zone_ids(shop)
    for number, (name, covered) in enumerate((("analytics", 6), ("shared", 2), ("legacy", 1))):
        vpc = build.vpc(shop, f"10.{number}.0.0/16", name=name)
        build.subnets(shop, vpc, zones[:covered], f"10.{number}.{{}}.0/24")
    return shop


def test_typing_searches_and_keeps_the_text_the_focus_and_the_choice(open_page: Open, stocked: Shop) -> None:
    page = open_page()
    page.goto(f"{stocked.url('vpc')}?field=network&next=/products/")
    page.get_by_role("radio", name=re.compile("analytics")).check()
    box = page.get_by_role("searchbox")

    box.press_sequentially("shared", delay=10)

    expect(page.get_by_role("status")).to_contain_text("1 of 4 VPCs match")
    expect(box).to_have_value("shared")
    expect(box).to_be_focused()
    expect(page.get_by_text("Chosen, and not on this page")).to_be_visible()
    box.fill("")
    expect(page.get_by_role("radio", name=re.compile("analytics"))).to_be_checked()
    expect(page.get_by_role("radio", name=re.compile("legacy"))).to_be_disabled()


def test_what_is_chosen_while_a_search_is_on_its_way_stays_chosen(open_page: Open, stocked: Shop) -> None:
    page, held = open_page(), []
    page.goto(f"{stocked.url('vpc')}?field=network&next=/products/")
    page.route(re.compile("q=analytics"), lambda route: held.append(route))
    with page.expect_request(re.compile("q=analytics")):
        page.get_by_role("searchbox").fill("analytics")
    page.get_by_role("radio", name=re.compile("analytics")).check()

    for route in held:
        route.continue_()

    expect(page.get_by_role("status")).to_contain_text("1 of 4 VPCs match")
    expect(page.get_by_role("radio", name=re.compile("analytics"))).to_be_checked()


def test_long_names_do_not_push_the_page_sideways_on_a_telephone(open_page: Open, stocked: Shop) -> None:
    vpc = build.vpc(stocked, "10.9.0.0/16", name="prod")
    subnets = build.subnets(stocked, vpc, build.zone_ids(stocked)[:2], "10.9.{}.0/24")
    build.balancer(stocked, "a-load-balancer-of-32-characters", subnets)
    build.balancer(stocked, "app", subnets, "application")
    page = open_page(viewport={"width": 390, "height": 800})

    page.goto(f"{stocked.url('load_balancer')}?vpc={vpc}&next=/products/")

    expect(page.get_by_role("radio")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_without_javascript_the_choice_goes_back(open_page: Open, stocked: Shop) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{stocked.url('vpc')}?field=network&next=/products/")
    page.get_by_role("searchbox").fill("analytics")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("radio")).to_have_count(1)
    page.get_by_role("radio").check()

    page.get_by_role("button", name="Use this").click()

    expect(page).to_have_url(re.compile(r"/products/\?network=vpc-[0-9a-f]+$"))


def test_inside_another_form_the_search_sends_nothing_with_it(open_page: Open, stocked: Shop) -> None:
    page = open_page()
    page.goto("/connections/new/")
    _embed(page, f"{stocked.url('vpc')}?field=eu-west-1.network.vpc_id")
    page.get_by_role("searchbox").fill("analytics")
    expect(page.get_by_role("status")).to_contain_text("1 of 4 VPCs match")

    with page.expect_response(re.compile("q=analytics")):
        page.get_by_role("searchbox").press("Enter")
    page.get_by_role("radio").check()
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('#main form')))")

    assert page.url.endswith("/connections/new/")
    assert "q" not in sent
    assert "field" not in sent
    assert sent["eu-west-1.network.vpc_id"].startswith("vpc-")


def _embed(page: Page, url: str) -> None:
    page.evaluate(
        "url => htmx.ajax('GET', url, {target: document.querySelector('#main form'), swap: 'beforeend'})", url
    )
    page.get_by_role("searchbox").wait_for()
