"""The wizard's pages, filled in and finished as a browser without script does."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import pytest

from onboarding.pages.wizard import pages
from sellers.drafts import change, flat, values_of
from sellers.models import Draft, Product
from sellers.spec import load_data
from tests import factories
from tests.factories import Tenant
from tests.pages.common.test_queries import REGIONS, asked
from tests.pages.wizard.conftest import Desk
from tests.sellers.browser import Fields
from tests.sellers.values import example


@pytest.mark.parametrize("page", pages.SLUGS)
def test_every_page_opens_on_an_empty_and_on_a_full_draft(desk: Desk, full: Desk, page: str) -> None:
    for one in (desk, full):
        response = one.client.get(one.url(page))
        assert response.status_code == 200
        assert b'aria-current="step"' in response.content


def test_one_button_starts_a_draft_and_a_double_click_starts_no_second(own: Tenant) -> None:
    client = factories.signed_in(own.engineer)
    first = client.post("/drafts/new/")
    second = client.post("/drafts/new/")
    assert first["Location"] == second["Location"]
    assert Draft.objects.count() == 1
    assert Draft.objects.get().data["connections.service"] == own.product.service_connection.role_arn  # type: ignore[union-attr]


def test_a_draft_filled_in_page_by_page_makes_the_product_of_the_same_spec_file(full: Desk, own: Tenant) -> None:
    values = flat(load_data(example(product__name="By hand")))
    draft = Draft.objects.create(seller=own.seller, created_by=own.engineer)
    hand = Desk(draft, own.engineer, full.client)
    for page in pages.SLUGS[:-1]:
        shown = Fields(hand.client.get(hand.url(page)).content.decode())
        typed = {name: values.get(name, "") for name in shown.names if name in values}
        wanted = {**shown.values, **typed, "regions": values["regions"]}
        wanted = {name: value for name, value in wanted.items() if not name.endswith("acceptance_required") or value}
        response = hand.client.post(hand.url(page), {**wanted, "do": "next"})
        assert response.status_code == 302, (page, response.context["told"])
        assert response["Location"] == hand.url(pages.after(page))
    response = hand.post("review", do="finish")
    made = Product.objects.get(name="By hand")
    assert response["Location"] == f"/products/{made.pk}/plan/"
    assert values_of(made) == {**values, **{path: value for path, value in values_of(made).items() if "cidr" in path}}


def test_lists_from_the_account_are_read_again_where_a_choice_decides_what_fits(full: Desk) -> None:
    path = "regions.us-east-1.network.vpc_id"
    first = full.save("network", path, "vpc-0123456789abcdef0").content.decode()
    again = full.save("network", path, "vpc-0123456789abcdef0").content.decode()
    lists = re.findall(r'id="l-regions-us-east-1-([a-z-]+)"[^>]+vpc=vpc-0123456789abcdef0[^>]+hx-swap-oob', first)
    assert {"network-subnet-ids", "targets-instance-ids", "targets-alb-arn", "load-balancer-arn"} <= set(lists)
    assert "network-vpc-id" not in lists, "its own list stays as it is searched"
    assert "eu-west-1" not in first, "the other region's lists are what they were"
    assert 'id="l-' not in again


def test_finishing_twice_makes_one_product(full: Desk) -> None:
    first, second = full.post("review", do="finish"), full.post("review", do="finish")
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Product.objects.filter(name="Second product").count() == 1


def test_review_names_each_problem_and_leads_to_its_field(full: Desk) -> None:
    full.post("names", product__friendly_dns_name="not a name", product__name="Second product")
    response = full.post("review", do="finish")
    text = response.content.decode()
    assert response.status_code == 422
    assert f'href="{full.url("names")}#f-product-friendly-dns-name"' in text
    assert not Product.objects.filter(name="Second product").exists()


@pytest.mark.parametrize("page", ["names", "network", "certificates", "review"])
def test_a_page_costs_the_same_in_eight_regions_as_in_one(full: Desk, page: str) -> None:
    costs = set()
    for regions in (["us-east-1"], list(REGIONS)):
        full.draft.data["regions"] = regions
        full.draft.save()
        costs.add(asked(full.client, full.url(page)))
    assert len(costs) == 1
    assert max(costs) <= 10


def test_the_stepper_saves_the_page_and_goes_where_it_says(full: Desk) -> None:
    there = full.post("names", do="go.network", product__name="Renamed on the way")
    assert (there.status_code, there["Location"]) == (302, full.url("network"))
    assert full.data["product.name"] == "Renamed on the way"
    nowhere = full.post("names", do="go.nowhere", product__name="Kept")
    assert nowhere.status_code in (302, 422)
    assert full.data["product.name"] == "Kept"


def test_the_zones_of_the_account_are_shown_judged_for_the_names(full: Desk) -> None:
    full.post("access", connections__dns=full.data["connections.service"])
    page = full.client.get(full.url("certificates")).content.decode()
    link = re.search(r'href="(/connections/[^"]*/hosted_zone/\?names=[^"]*)"', page)
    assert link is not None
    assert unquote(link[1]).endswith("names=vpce.example.com,api.example.com")
    listed = full.client.get(html.unescape(link[1]))
    assert listed.status_code == 200
    assert "is not proven" in listed.content.decode()
    assert "<h1>Hosted zones" in listed.content.decode()


def test_the_names_of_the_certificate_are_those_that_the_profile_needs(full: Desk) -> None:
    def covered() -> list[str]:
        page = full.client.get(full.url("certificates")).content.decode()
        return re.findall(r"<code[^>]*>([^<]+)</code>", page.partition('id="covered"')[2].partition("</ul>")[0])

    full.post("names", product__profile="both")
    friendly = full.data["product.friendly_dns_name"]
    assert covered() == [friendly, f"*.{friendly}", "api.example.com"]
    full.post("names", product__profile="native")
    assert covered() == ["api.example.com"]
    assert (
        "after you delegate the user-friendly DNS name"
        not in full.client.get(full.url("certificates")).content.decode()
    )


def test_an_administrator_reads_a_draft_and_finds_no_button(full: Desk) -> None:
    client = factories.signed_in(factories.admin())
    page = client.get(full.url("names")).content.decode()
    assert "Second product" in page
    assert "Continue to" not in page
    assert "hx-post" not in page
    assert client.post(full.url("names"), {"product.name": "Mine"}).status_code == 403


def test_a_page_that_is_none_is_not_found(full: Desk) -> None:
    assert full.client.get(full.url("nothing")).status_code == 404
    assert full.client.post(full.url("nothing", "save/")).status_code == 404


def test_products_lead_to_the_wizard(full: Desk, own: Tenant) -> None:
    listed = full.client.get("/products/").content.decode()
    product = full.client.get(f"/products/{own.product.pk}/").content.decode()
    assert 'action="/drafts/new/"' in listed
    assert product.count(f'action="/products/{own.product.pk}/draft/"') == 1
    drafts = full.client.get("/drafts/").content.decode()
    assert f'href="/drafts/{full.draft.pk}/"' in drafts
    changing = full.client.post(f"/products/{own.product.pk}/draft/", {"do": "change"}, follow=True)
    assert changing.context["draft"].product == own.product


def test_a_region_of_the_product_cannot_be_dropped_by_a_draft(full: Desk, own: Tenant) -> None:
    draft = change(own.product, own.engineer)
    desk = Desk(draft, own.engineer, full.client)
    desk.post("regions", regions=["eu-central-1"])
    assert desk.post("review", do="finish").status_code == 302
    assert set(own.product.regions.values_list("region", flat=True)) == {*factories.REGIONS, "eu-central-1"}
