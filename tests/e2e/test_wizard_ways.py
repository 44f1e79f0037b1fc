"""The wizard's other ways in a real browser: by keyboard alone, without scripts, on a narrow dark screen, with the back
button, in a hurry, and with a session that ends half-way.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from onboarding.models import Run
from onboarding.pages.wizard import account_regions, pages
from sellers.drafts import Read, Values, begin, flat, keep
from sellers.models import Draft, Product, Seller, User
from sellers.spec import load_data
from tests import factories, products
from tests.e2e.conftest import Open
from tests.sandbox_process import SandboxProcess
from tests.sellers.values import example

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "reduced_motion": "reduce"}
TYPED = {
    "product.name": "Example Analytics",
    "product.marketplace_product_id": "prod-abc123def4567",
    "product.friendly_dns_name": products.FRIENDLY,
    "product.private_dns_name": products.PRIVATE,
}
BUYERS = "333333333333 Acme\n444444444444 Globex"
# Right after the form was sent away somebody types on, before the page is gone.
TYPED_AS_IT_LEAVES = """([name, value]) => {
  const form = document.getElementById("wizard"), field = document.getElementsByName(name)[0];
  form.submit = () => {
    delete form.submit;
    form.submit();
    field.value = value;
    field.dispatchEvent(new Event("input", {bubbles: true}));
  };
}"""
# What has the focus: whether one sees it, and whether it comes after what had it before.
FOCUS = """() => {
  const here = document.activeElement, before = window.before, box = here.getBoundingClientRect();
  window.before = here;
  const outlined = (one) => one && getComputedStyle(one).outlineStyle !== "none"
    && parseFloat(getComputedStyle(one).outlineWidth) >= 1;
  const whole = here.closest(".choice, .seg label");
  return {
    what: here.tagName + " " + (here.name || here.value || "") + " " + here.textContent.trim().slice(0, 80),
    name: here.name || "", value: here.value || "", text: here.tagName === "SELECT" ? "" : here.textContent.trim(),
    body: here === document.body, outlined: outlined(here) || outlined(whole),
    inside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    after: !before || !before.isConnected || Boolean(before.compareDocumentPosition(here) & 4),
  };
}"""


@pytest.fixture
def ready(sandbox: SandboxProcess, engineer: User) -> Seller:
    """The seller with both of its roles proven, and its zone."""
    account_regions.forget()
    seller = Seller.objects.get()
    products.connect(sandbox, seller, products.SELLER, "onboarding")
    products.connect(sandbox, seller, products.BUYER, "onboarding-test")
    products.zone(sandbox)
    return seller


def whole() -> Values:
    """All that a draft needs, over the two roles."""
    return flat(load_data(example(connections__certificates=None)))


def reach(page: Page, *, name: str = "", value: str = "", text: str = "") -> None:
    """Press Tab until this has the focus; all that has it on the way shows it, and stands after what had it before."""
    for _ in range(150):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS)
        if seen["body"]:
            continue
        assert seen["outlined"], f"nobody sees that this has the focus: {seen['what']}"
        assert seen["inside"], f"this has the focus outside of the window: {seen['what']}"
        assert seen["after"], f"the focus jumps back to {seen['what']}"
        if (name and (seen["name"], value or seen["value"]) == (name, seen["value"])) or (
            text and text in seen["text"]
        ):
            return
    raise AssertionError(f"Tab never reaches {name or text}")


def go_on(page: Page, text: str, slug: str) -> None:
    """Reach the button and press it; the page that follows."""
    reach(page, text=text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(slug))


def wrote(page: Page, name: str, text: str) -> None:
    """Reach a field and type; what stood in it is selected, as by Tab."""
    reach(page, name=name)
    page.keyboard.type(text)
    expect(page.locator(f"#m-{re.sub('[^a-z0-9]', '-', name)} .fits")).to_be_visible()


def test_the_keyboard_alone_leads_from_home_to_an_approved_plan(ready: Seller, open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    reach(page, text="Skip to content")
    page.keyboard.press("Enter")
    go_on(page, "Add the first product", "/names/")
    wrote(page, "product.name", TYPED["product.name"])
    reach(page, name="product.profile")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name='product.profile'][value=both]")).to_be_checked()
    for name in list(TYPED)[1:]:
        wrote(page, name, TYPED[name])
    reach(page, text="Continue to AWS access")
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("Boolean(window.before.compareDocumentPosition(document.activeElement) & 2)")
        page.evaluate("window.before = document.activeElement")
    go_on(page, "Continue to AWS access", "/access/")
    go_on(page, "Continue to Regions", "/regions/")
    reach(page, name="regions", value="us-east-1")
    page.keyboard.press("Space")
    expect(page.locator("#turn")).to_contain_text("Done")
    go_on(page, "Continue to Network", "/network/")
    wrote(page, "product.listener.target_port", "8443")
    go_on(page, "Continue to Certificates", "/certificates/")
    go_on(page, "Continue to Buyers", "/buyers/")
    reach(page, name="buyers")
    page.keyboard.type(BUYERS)
    expect(page.locator("#understood")).to_contain_text("Globex")
    go_on(page, "Continue to Review", "/review/")
    go_on(page, "Make the plan", "/plan/")
    go_on(page, "Approve and run", "/run/")
    assert Run.objects.get().product.target_port == 8443
    assert sorted(Product.objects.get().buyers.filter(is_test=False).values_list("alias", flat=True)) == [
        "Acme",
        "Globex",
    ]


def test_without_scripts_plain_forms_lead_to_a_started_run_and_nothing_is_lost(ready: Seller, open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.get_by_role("button", name="Add the first product").click()
    for name, text in TYPED.items():
        page.fill(f"[name='{name}']", text)
    page.get_by_role("button", name="Continue to AWS access").click()
    page.select_option("[name='connections.dns']", "none")
    page.get_by_role("button", name="Back").click()  # what was chosen is sent along
    assert {name: page.input_value(f"[name='{name}']") for name in TYPED} == TYPED
    page.get_by_role("button", name="Continue to AWS access").click()
    assert page.input_value("[name='connections.dns']") == "none"
    page.get_by_role("button", name="Continue to Regions").click()
    page.check("[value='us-east-1']")
    page.get_by_role("button", name="Continue to Network").click()
    page.fill("[name='product.listener.target_port']", "8443")
    page.get_by_role("button", name="Continue to Certificates").click()
    page.get_by_role("button", name="Continue to Buyers").click()
    page.fill("[name=buyers]", BUYERS)
    page.get_by_role("button", name="Continue to Review").click()
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("button", name="Approve and run").click()
    page.wait_for_url(re.compile("/run/"))
    product = Run.objects.get().product
    assert (product.name, product.friendly_dns_name) == (TYPED["product.name"], TYPED["product.friendly_dns_name"])
    assert (product.dns_by_hand, product.target_port) == (True, 8443)
    assert product.buyers.filter(is_test=False).count() == 2


def test_on_a_narrow_dark_screen_each_page_fits_and_the_way_on_is_in_reach(ready: Seller, open_page: Open) -> None:
    draft = begin(ready, User.objects.get())
    long = {"product.marketplace_product_id": "W" * 200, "buyers": "9" * 200, "product.name": "N" * 110}
    keep(draft.pk, {**whole(), **long}, Read(1), User.objects.get())
    page = open_page(**NARROW)
    for number, slug in enumerate(pages.SLUGS, 1):
        page.goto(f"/drafts/{draft.pk}/{slug}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, slug
        assert page.locator("#steps").bounding_box()["height"] < 64  # type: ignore[index]
        expect(page.locator("#steps")).to_contain_text(f"Step {number} of 7: {pages.TITLES[slug]}")
        expect(
            page.get_by_role("button", name="Make the plan" if slug == "review" else "Continue to")
        ).to_be_in_viewport()
    red, green, blue = re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))[:3]
    assert max(int(red), int(green), int(blue)) < 60
    page.get_by_role("button", name="All steps").click()
    page.locator(".stepper").get_by_text("Network and targets").click()
    page.wait_for_url(re.compile("/network/"))
    for name in ("product.listener.health_check.path", "regions.us-east-1.endpoint_service.supported_regions"):
        page.locator(f"[name='{name}']").focus()
        field, foot = page.locator(f"[name='{name}']").bounding_box(), page.locator(".wf-foot").bounding_box()
        assert field is not None
        assert foot is not None
        assert field["y"] + field["height"] <= foot["y"], f"{name} has the focus behind the buttons"


def test_the_back_button_shows_what_was_typed(ready: Seller, open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Add the first product").click()
    for name, text in TYPED.items():
        page.fill(f"[name='{name}']", text)
    page.get_by_role("button", name="Continue to AWS access").click()
    page.select_option("[name='connections.dns']", "none")
    expect(page.locator(".stepper")).to_contain_text(products.FRIENDLY)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Product and names")
    assert {name: page.input_value(f"[name='{name}']") for name in TYPED} == TYPED
    page.fill("[name='product.name']", "Renamed")
    page.get_by_role("button", name="Continue to AWS access").click()
    page.wait_for_url(re.compile("/access/"))
    assert page.input_value("[name='connections.dns']") == "none"
    assert Draft.objects.get().data["product.name"] == "Renamed"


def test_double_clicks_make_one_draft_one_product_and_one_run(ready: Seller, open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Add the first product").dblclick()
    expect(page).to_have_url(re.compile("/names/"), timeout=20_000)
    draft = Draft.objects.get()
    keep(draft.pk, {**whole(), **draft.data}, Read(draft.version), User.objects.get())
    page.goto(f"/drafts/{draft.pk}/review/")
    page.get_by_role("button", name="Make the plan").dblclick()
    expect(page).to_have_url(re.compile("/plan/"), timeout=20_000)
    page.get_by_role("button", name="Approve and run").dblclick()
    expect(page).to_have_url(re.compile("/run/"), timeout=20_000)
    assert (Draft.objects.count(), Product.objects.count(), Run.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("scripts", [True, False], ids=["while typing", "without scripts"])
def test_a_session_that_ends_half_way_loses_nothing(ready: Seller, open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.get_by_role("button", name="Add the first product").click()
    page.wait_for_url(re.compile("/names/"))
    *first, last = TYPED
    for name in first:
        page.fill(f"[name='{name}']", TYPED[name])
        if scripts:
            fits(page, name)
            with page.expect_response(re.compile("/save/")):  # saved once more as one leaves it
                page.locator(f"[name='{name}']").blur()
    page.context.clear_cookies(name="session")
    page.fill(f"[name='{last}']", TYPED[last])
    if not scripts:
        page.get_by_role("button", name="Continue to AWS access").click()
    waits_for_sign_in(page)


def test_what_is_typed_while_the_ended_session_leads_to_sign_in_goes_along(ready: Seller, open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Add the first product").click()
    page.wait_for_url(re.compile("/names/"))
    *others, last = TYPED
    for name in others:
        page.fill(f"[name='{name}']", TYPED[name])
        fits(page, name)
    page.evaluate(TYPED_AS_IT_LEAVES, [last, TYPED[last]])
    page.context.clear_cookies(name="session")
    page.locator(f"[name='{others[-1]}']").blur()
    waits_for_sign_in(page)


def fits(page: Page, name: str) -> None:
    """What was typed has been saved and found right."""
    expect(page.locator(f"#m-{re.sub('[^a-z0-9]', '-', name)} .fits")).to_be_visible()


def waits_for_sign_in(page: Page) -> None:
    """The browser is led to sign in, and then back to all that was typed."""
    page.wait_for_url(re.compile("/accounts/login/"))
    expect(page.locator("#wizard")).to_have_count(0)
    page.fill("[name=login]", User.objects.get().email)
    page.fill("[name=password]", factories.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("/names/"))
    expect(page.locator("#told")).to_contain_text("What you had typed on this page is saved")
    assert {name: page.input_value(f"[name='{name}']") for name in TYPED} == TYPED
    assert TYPED.items() <= Draft.objects.get().data.items()
