"""A newcomer in a real browser: connect, create, run, watch it finish, take it down; also without scripts."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests import products
from tests.e2e.conftest import Open
from tests.factories import PASSWORD
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
ROLE = f"arn:aws:iam::{products.SELLER}:role/onboarding"
FINISH = 120_000


def connect(page: Page, world: SandboxProcess) -> None:
    """Connect the role: make it with the trust policy that the page shows, and prove it."""
    page.goto("/connections/new/")
    page.fill("[name=role_arn]", ROLE)
    page.press("[name=role_arn]", "Enter")
    page.wait_for_url(re.compile(r"/connections/[0-9a-f-]{36}/"))
    external_id = page.locator("dd.val code").nth(1).inner_text()
    hub = world.client("sts").get_caller_identity()["Arn"]
    world.post(
        "roles",
        {
            "account_id": products.SELLER,
            "role_name": "onboarding",
            "trust_policy": products.trust(hub, external_id),
            "policies": [products.ALL],
        },
    )
    page.get_by_role("button", name="Test").click()
    expect(page.locator("main")).to_contain_text("Connected. The role requires your external ID.")


def create(page: Page) -> None:
    """A product of the native profile in two regions, over the connection."""
    page.goto("/drafts/")
    page.get_by_role("button", name="Start").click()
    page.fill("[name='product.name']", "Walked Product")
    choose(page, "product.profile", "native")
    page.fill("[name='product.private_dns_name']", "api.example.com")
    on(page, "AWS access")
    page.locator("select[name='connections.service']").select_option(index=1)
    on(page, "Regions")
    for region in ("us-east-1", "eu-west-1"):
        page.check(f"[name=regions][value='{region}']")
        page.wait_for_load_state("networkidle")  # each saved change redraws the list
    for title in ("Network and targets", "Certificates and DNS", "Buyers", "Review"):
        on(page, title)
    page.get_by_role("button", name="Make the plan").click()
    page.wait_for_url(re.compile(r"/products/[0-9a-f-]{36}/plan/$"))


def on(page: Page, title: str) -> None:
    """To the next page of the wizard."""
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name=f"Continue to {title}").click()
    expect(page.locator("h1")).to_contain_text(title)


def choose(page: Page, name: str, value: str) -> None:
    """Fill a field, whether it is a list, a set of buttons or a line."""
    field = page.locator(f"[name='{name}']").first
    kind = field.evaluate("field => field.tagName + ' ' + (field.type || '')").lower()
    if kind.startswith("select"):
        field.select_option(value)
    elif "radio" in kind:
        page.locator(f"[name='{name}'][value='{value}']").check()
    else:
        field.fill(value)


def approve(page: Page) -> None:
    """From any page of the product over its plan to the run."""
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("button", name="Approve and run").click()
    page.wait_for_url("**/run/")


def take_down(page: Page) -> None:
    """From the run page to the confirmation, with the password given again."""
    page.get_by_role("link", name="Tear down").click()
    expect(page.locator("main")).to_contain_text("What will be deleted")
    page.fill("[name=name]", "Walked Product")
    page.get_by_role("button", name="Tear down the whole product").click()
    page.wait_for_url(re.compile("reauthenticate|/run/"))
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
    page.wait_for_url("**/run/")


def test_a_newcomer_connects_creates_runs_watches_and_takes_down(open_page: Open, engine: SandboxProcess) -> None:
    page = open_page()
    expect(page.locator("main")).to_contain_text("Add your first product")
    connect(page, engine)
    products.zone(engine)
    empty = engine.get("inventory")
    create(page)
    polls: list[int] = []
    page.on("response", lambda answer: polls.append(answer.status) if "/live/" in answer.url else None)
    approve(page)
    page.evaluate("window.notReloaded = true")
    cell = page.locator("#matrix a.cell").first
    cell.focus()
    focused = cell.get_attribute("id")

    expect(page.locator("#turn")).to_contain_text("steps are done", timeout=FINISH)

    assert page.evaluate("window.notReloaded") is True
    assert page.evaluate("document.activeElement.id") == focused
    assert page.locator("#matrix .cell.s-done").count() == page.locator("#matrix .cell").count() == 17
    assert 200 in polls
    quiet = len(polls)
    page.wait_for_timeout(3_500)
    assert len(polls) == quiet, "nothing moves, nothing polls"

    page.get_by_role("link", name=re.compile("^Network in us-east-1")).click()
    expect(page.locator("main")).to_contain_text("ec2:CreateVpc")
    page.go_back()
    take_down(page)
    expect(page.locator("#turn")).to_contain_text("resources of this product are deleted", timeout=FINISH)
    assert engine.get("inventory") == empty


def test_an_unchanged_page_is_answered_304_and_keeps_its_place(open_page: Open, sandbox: SandboxProcess) -> None:
    page = open_page(viewport={"width": 390, "height": 600})
    connect(page, sandbox)
    create(page)
    approve(page)
    polls: list[int] = []
    page.on("response", lambda answer: polls.append(answer.status) if "/live/" in answer.url else None)
    page.locator("#matrix table").evaluate("table => { table.dataset.kept = 'yes' }")
    page.evaluate("window.scrollTo(0, 150)")
    place = page.evaluate("scrollY")

    page.wait_for_timeout(5_000)

    assert len(polls) >= 2
    assert set(polls) == {304}, "the engine stands still, so nothing changes"
    assert page.locator("#matrix table[data-kept=yes]").count() == 1
    assert page.evaluate("scrollY") == place


def test_it_works_without_scripts(open_page: Open, engine: SandboxProcess) -> None:
    page = open_page(java_script_enabled=False)
    connect(page, engine)
    products.zone(engine)
    create(page)
    approve(page)
    reload_until(page, "steps are done")
    take_down(page)
    reload_until(page, "resources of this product are deleted")


def reload_until(page: Page, words: str) -> None:
    """Reload the run page until its turn bar says so."""
    deadline = time.monotonic() + FINISH / 1000
    while words not in page.locator("#turn").inner_text():
        assert time.monotonic() < deadline, page.locator("#turn").inner_text()
        page.wait_for_timeout(700)
        page.reload()
