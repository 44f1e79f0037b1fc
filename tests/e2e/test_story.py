"""The whole story in a real browser: an engineer, a reviewer and an administrator at their own windows, the buyer test
account at AWS, and the mails between them; from an empty database to live.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from sellers.models import User
from tests import emails, factories, products
from tests.e2e.test_walk import FINISH, choose, on
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PROCESS = "Every new buyer gets a mail with the steps, and support allows the account within a day."
QUESTION, ANSWER = "Who tells buyers of another time zone?", "Support answers at any hour, on every day of the week."
ROLES = {products.SELLER: "onboarding", products.BUYER: "onboarding-test"}
SOFTWARE = products.OWN_TARGETS["targets"]
Window = Callable[[User], Page]


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Window]:
    """`window(user)`: a browser of that person's own, signed in. An error on any console fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(user: User) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto("/accounts/login/")
        page.fill("[name=login]", user.email)
        page.fill("[name=password]", factories.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def world(engine: SandboxProcess, settings: Settings) -> Iterator[SandboxProcess]:
    """The engine's world, fast, with a zone of the seller's; mail goes over SMTP, and people answer it."""
    emails.over_smtp(settings, engine)
    products.zone(engine)
    engine.post("speed", {"speed": 1000})
    engine.post("marketplace", {"by_itself": False})
    yield engine
    engine.post("speed", {"speed": 200})


def test_four_people_bring_a_product_from_nothing_to_live(
    world: SandboxProcess, engineer: User, window: Window
) -> None:
    mara, rita = window(engineer), window(factories.reviewer())
    for account in ROLES:
        connect(mara, world, account)
    create(mara)
    mara.get_by_role("link", name="Plan", exact=True).click()
    mara.get_by_role("button", name="Approve and run").click()

    servers = hand_over(rita, world)
    freeze_and_send(mara)
    package = take_up_and_ask(rita, world, servers)
    answer(mara)
    put_live(rita, world, package)

    ada = window(factories.admin())
    ada.goto("/overview/")
    row = ada.get_by_role("row", name=re.compile("Story Product"))
    until(ada, lambda: "Nobody" in row.inner_text())
    expect(row).to_contain_text("Nobody")
    mara.goto(f"{product_of(mara)}submission/")
    expect(mara.locator(".track li", has_text="Live")).to_have_class("s-done")
    expect(rita.locator("#desk-state")).to_contain_text("Live")


def connect(page: Page, world: SandboxProcess, account: str) -> None:
    """A role of an account, made with the external ID that the page shows, and proven."""
    page.goto("/connections/new/")
    page.fill("[name=role_arn]", f"arn:aws:iam::{account}:role/{ROLES[account]}")
    page.press("[name=role_arn]", "Enter")
    page.wait_for_url(re.compile(r"/connections/[0-9a-f-]{36}/"))
    external_id = page.locator("dd.val code").nth(1).inner_text()
    policy = products.trust(world.client("sts").get_caller_identity()["Arn"], external_id)
    role = {"account_id": account, "role_name": ROLES[account], "trust_policy": policy, "policies": [products.ALL]}
    world.post("roles", role)
    page.get_by_role("button", name="Test").click()
    expect(page.locator("main")).to_contain_text("Connected. The role requires your external ID.")


def create(page: Page) -> None:
    """A product of both profiles in one region, whose targets run the seller's own software."""
    page.goto("/drafts/")
    page.get_by_role("button", name="Start").click()
    page.fill("[name='product.name']", "Story Product")
    choose(page, "product.profile", "both")
    page.fill("[name='product.marketplace_product_id']", "prod-abc123def4567")
    page.fill("[name='product.friendly_dns_name']", products.FRIENDLY)
    page.fill("[name='product.private_dns_name']", products.PRIVATE)
    on(page, "AWS access")
    for name, account in (("service", products.SELLER), ("buyer_test", products.BUYER)):
        field = page.locator(f"select[name='connections.{name}']")
        field.select_option(field.locator("option", has_text=account).get_attribute("value"))
    on(page, "Regions")
    page.check("[name=regions][value='us-east-1']")
    on(page, "Network and targets")
    page.fill("[name='product.listener.target_port']", "8443")
    page.fill("[name='regions.us-east-1.targets.image_id']", SOFTWARE["image_id"])
    page.fill("[name='regions.us-east-1.targets.user_data']", SOFTWARE["user_data"])
    for title in ("Certificates and DNS", "Buyers", "Review"):
        on(page, title)
    page.get_by_role("button", name="Make the plan").click()
    page.wait_for_url(re.compile(r"/products/[0-9a-f-]{36}/plan/$"))


def hand_over(page: Page, world: SandboxProcess) -> list[str]:
    """The reviewer reads the request in the mailbox, makes the zone with ACM's record, and hands over its servers."""
    asked = emails.awaited(world, 1, seconds=FINISH / 1000)
    assert asked["Subject"] == f"Name servers for {products.FRIENDLY}: Story Product"
    made = world.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": emails.kept(asked)})
    servers: list[str] = made["servers"]
    page.goto("/desk/")
    page.get_by_role("link", name="Story Product", exact=True).click()
    page.fill("[name=servers]", "\n".join(servers))
    page.click("#hand-over")
    expect(page.locator("main")).to_contain_text(servers[0])
    return servers


def freeze_and_send(page: Page) -> None:
    """The engineer writes down the process, freezes the package, and sends it."""
    page.goto(f"{product_of(page)}submission/")
    page.fill("[name=process]", PROCESS)
    page.click("#process")
    until(page, lambda: page.locator("#freeze").is_visible())
    page.click("#freeze")
    until(page, lambda: "frozen" in page.locator("#turn").inner_text())
    page.click("#send")
    until(page, lambda: page.locator(".track li.s-done", has_text="Package sent").is_visible())


def take_up_and_ask(page: Page, world: SandboxProcess, servers: list[str]) -> str:
    """The reviewer reads the mail, takes the version up and asks about a line; the address of its page."""
    sent = emails.awaited(world, 2)
    facts = emails.attached(sent)["facts"]
    assert facts["servers"] == sorted(servers)
    [service] = world.client("ec2", products.SELLER).describe_vpc_endpoint_service_configurations()[
        "ServiceConfigurations"
    ]
    assert emails.services(sent) == {"us-east-1": (service["ServiceName"], products.SELLER)}
    page.goto("/desk/")
    page.get_by_role("link", name="Story Product", exact=True).click()
    expect(page.locator("main")).to_contain_text(service["ServiceName"])
    page.click("#acknowledge")
    line = page.locator("#line-S46")
    line.get_by_text("Ask about this line").click()
    line.locator("[name=text]").fill(QUESTION)
    line.get_by_role("button", name="Ask the seller").click()
    expect(page.locator("#line-S46")).to_contain_text(QUESTION)
    expect(page.locator("#live-why")).to_contain_text("question")
    return page.url


def answer(page: Page) -> None:
    """The engineer answers on the submission page."""
    page.reload()
    remarks = page.locator("#remarks")
    expect(remarks).to_contain_text(QUESTION)
    remarks.locator("[name=text]").fill(ANSWER)
    remarks.get_by_role("button", name="Send the answer").click()
    expect(page.locator("#remarks")).to_contain_text(ANSWER)


def put_live(page: Page, world: SandboxProcess, package: str) -> None:
    """The reviewer reads the answer, puts the name in its place at Marketplace, and confirms."""
    page.goto(package)
    expect(page.locator("#line-S46")).to_contain_text(ANSWER)
    [service] = world.client("ec2", products.SELLER).describe_vpc_endpoint_service_configurations()[
        "ServiceConfigurations"
    ]
    world.post("marketplace_live", {"name": products.FRIENDLY, "services": [service["ServiceId"]]})
    page.click("#confirm")
    expect(page.locator("main")).to_contain_text("is confirmed")


def product_of(page: Page) -> str:
    """The path of the product that a window is at."""
    found = re.search(r"/products/[0-9a-f-]{36}/", page.url)
    assert found is not None, page.url
    return found[0]


def until(page: Page, done: Callable[[], bool], seconds: float = FINISH / 1000) -> None:
    """Reload the page until it shows what is waited for."""
    for _ in range(int(seconds / 0.5)):
        if done():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())
