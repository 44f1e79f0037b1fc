"""The setup of a product in the wizard, without script: all told at once, nothing typed lost."""

from __future__ import annotations

from html import unescape
from typing import Any

from onboarding.pages.wizard import pages
from sellers.drafts import change, values_of
from sellers.models import Draft, Product
from tests import factories
from tests.factories import Tenant
from tests.pages.wizard.conftest import Desk
from tests.sellers.browser import fields


def setup(own: Tenant, do: str = "change") -> Desk:
    """The product's setup, opened by its tab."""
    client = factories.signed_in(own.engineer)
    client.post(f"/products/{own.product.pk}/draft/", {"do": do})
    return Desk(Draft.objects.get(), own.engineer, client)


def sent(desk: Desk, page: str, **typed: Any) -> Any:
    """The page as a browser sends it, with what was typed."""
    values = {name.replace("__", "."): value for name, value in typed.items()}
    return desk.client.post(desk.url(page), {**fields(desk.client, desk.url(page)), **values})


def stored(own: Tenant) -> tuple[Any, ...]:
    """All that is stored of the product."""
    product = Product.objects.filter(pk=own.product.pk).values().get()
    return product, list(own.product.regions.values()), list(own.product.buyers.order_by("pk").values())


def test_the_setup_saved_unchanged_changes_nothing(own: Tenant) -> None:
    before, desk = stored(own), setup(own)
    for page in pages.SLUGS[:-1]:
        chosen = {"regions": list(factories.REGIONS)} if page == "regions" else {}
        assert sent(desk, page, **chosen, do="next").status_code == 302, page
    assert desk.post("review", do="finish").status_code == 302
    assert stored(own) == before


def test_the_tab_opens_the_setup_on_what_is_stored_and_a_second_press_the_same_draft(own: Tenant) -> None:
    desk = setup(own)
    assert desk.data == values_of(own.product)
    assert setup(own).draft == desk.draft
    page = desk.client.get(f"/products/{own.product.pk}/run/").content.decode()
    assert f'action="/products/{own.product.pk}/draft/"' in page


def test_a_product_that_lost_its_connection_opens_with_all_the_rest(own: Tenant) -> None:
    Product.objects.filter(pk=own.product.pk).update(service_connection=None)
    desk = setup(own)
    assert desk.data["product.name"] == own.product.name
    assert desk.data["regions"] == list(factories.REGIONS)
    assert "Choose a connection." in desk.post("review", do="finish").content.decode()
    desk.post("access", connections__service=own.seller.connections.all()[0].role_arn)
    assert desk.post("review", do="finish").status_code == 302
    own.product.refresh_from_db()
    assert own.product.service_connection is not None


def test_a_product_is_made_with_two_regions_without_script(own: Tenant, desk: Desk) -> None:
    sent(
        desk,
        "names",
        product__name="Vault",
        product__marketplace_product_id="prod-vault23def4567",
        product__friendly_dns_name="Vault.VPCE.example.com.",
    )
    sent(desk, "access", connections__service=own.seller.connections.all()[0].role_arn)
    sent(desk, "regions", regions=["eu-west-1", "us-west-2", "us-west-2"])
    two = "regions.us-west-2.network"
    typed = {
        f"{two}.mode": "existing",
        f"{two}.vpc_id": "vpc-12345678",
        f"{two}.subnet_ids": "subnet-12345678\r\nsubnet-87654321",
        f"{two}.cidr": "left over from before",
    }
    sent(desk, "network", **typed)
    assert desk.post("review", do="finish").status_code == 302
    product = Product.objects.get(name="Vault")
    assert product.friendly_dns_name == "vault.vpce.example.com"
    first, second = product.regions.all()
    assert (first.region, first.spec.network.cidr) == ("eu-west-1", "10.20.0.0/16")
    assert second.spec.network.subnet_ids == ("subnet-12345678", "subnet-87654321")
    assert second.spec.network.cidr is None


def test_a_region_that_goes_and_comes_back_loses_nothing_that_was_typed(full: Desk) -> None:
    path = "regions.us-east-1.targets.instance_type"
    sent(full, "network", **{path: "m5.large"})
    sent(full, "names", product__name="Draft <b>")
    sent(full, "regions", regions=["eu-west-1"])
    assert path not in fields(full.client, full.url("network"))
    sent(full, "regions", regions=["eu-west-1", "us-east-1"])
    assert fields(full.client, full.url("network"))[path] == "m5.large"
    for press in ("copy.us-east-1", "go.\uff11", "refresh", "nonsense", "x" * 5000):
        sent(full, "names", do=press)
        assert fields(full.client, full.url("names"))["product.name"] == "Draft <b>"


def test_all_wrong_fields_are_told_at_once_and_keep_what_was_typed(full: Desk) -> None:
    here = "regions.us-east-1"
    names = {"product.name": "  ", "product.friendly_dns_name": "api_x.example.com"}
    network = {
        "product.listener.target_port": "84433",
        f"{here}.network.cidr": "10.0.0.0/8",
        f"{here}.rehearsal.subnet_ids": "subnet-x",
        f"{here}.endpoint_service.supported_regions": "us-east-1",
    }
    sent(full, "names", **names)
    sent(full, "network", **network)
    response = full.post("review", do="finish")
    page = unescape(response.content.decode())
    assert response.status_code == 422
    for sentence in (
        "Required. Add a value.",
        "letters, digits, and hyphens",
        "a port from 1 to 65535",
        "between /16 and /28",
        "a subnet ID",
        "own Region and always supported",
    ):
        assert sentence in page, sentence
    for slug, typed in (("names", names), ("network", network)):
        kept = fields(full.client, full.url(slug))
        assert {name: kept[name] for name in typed} == typed
    assert not Product.objects.filter(drafts=full.draft).exists()


def test_a_name_that_is_taken_is_told_at_the_name(own: Tenant) -> None:
    desk = setup(own, "clone")
    response = sent(desk, "names", product__name=own.product.name)
    assert response.status_code == 422
    assert "already has a product of this name" in response.content.decode()


def test_another_sellers_connection_is_not_taken(own: Tenant) -> None:
    foreign = factories.tenant("canary-corp", "555555555555", proven=False).product.service_connection
    assert foreign is not None
    desk, arn = setup(own), foreign.role_arn
    assert arn not in desk.client.get(desk.url("access")).content.decode()
    sent(desk, "access", connections__service=arn, seller="canary-corp")
    response = desk.post("review", do="finish")
    assert response.status_code == 422
    assert "not a connection of this seller" in response.content.decode()
    own.product.refresh_from_db()
    assert own.product.seller == own.seller
    assert own.product.service_connection != foreign


def test_a_list_from_which_nothing_is_chosen_says_what_to_choose(desk: Desk) -> None:
    desk.post("names", product__name="Vault")
    page = unescape(desk.post("review", do="finish").content.decode())
    assert page.count("Choose a connection.") == 1
    assert page.count("Choose at least one region.") == 1
    assert "AWS has no Region" not in page


def test_a_region_of_the_product_cannot_be_left_out(own: Tenant) -> None:
    desk = Desk(change(own.product, own.engineer), own.engineer, factories.signed_in(own.engineer))
    sent(desk, "regions", regions=[])
    assert desk.post("review", do="finish").status_code == 302
    assert set(own.product.regions.values_list("region", flat=True)) == set(factories.REGIONS)
