"""The product form: works without script, tells all errors at once, loses nothing that was typed."""

import re
from collections.abc import Callable
from html import unescape

from django.test import Client

from sellers.models import Product, User
from tests.sellers.browser import Fields, fields
from tests.sellers.conftest import World

SignIn = Callable[[User], Client]


def test_the_form_saved_unchanged_changes_nothing(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    path = f"/products/{people.product.pk}/edit/"
    before = Product.objects.filter(pk=people.product.pk).values().get(), list(people.product.regions.values())
    response = client.post(path, {**fields(client, path), "do": "save"})
    assert response.status_code == 302, re.findall(r"<li>.*?</li>", response.content.decode())
    assert before == (
        Product.objects.filter(pk=people.product.pk).values().get(),
        list(people.product.regions.values()),
    )
    assert people.product.buyers.count() == 3


def test_a_product_is_made_with_two_regions_without_script(people: World, as_user: SignIn) -> None:
    client = as_user(people.engineer)
    typed = {
        **fields(client, "/products/new/"),
        "product.name": "Vault",
        "product.marketplace_product_id": "prod-vault23def4567",
        "product.friendly_dns_name": "Vault.VPCE.example.com.",
        "connections.service": str(people.connection.pk),
        "regions.0.region": "eu-west-1",
        "do": "add-region",
    }
    page = client.post("/products/new/", typed).content.decode()
    assert "must be corrected" not in page
    typed = {**Fields(page).values, "do": "save"}
    assert typed["product.name"] == "Vault"
    assert typed["regions.1.network.mode"] == "create"
    typed |= {
        "regions.1.region": "us-west-2",
        "regions.1.network.mode": "existing",
        "regions.1.network.vpc_id": "vpc-12345678",
        "regions.1.network.subnet_ids": "subnet-12345678\r\nsubnet-87654321",
        "regions.1.network.cidr": "left over from before",
    }
    assert client.post("/products/new/", typed).status_code == 302
    product = Product.objects.get(name="Vault")
    assert product.friendly_dns_name == "vault.vpce.example.com"
    one, two = product.regions.all()
    assert (one.region, one.spec.network.cidr) == ("eu-west-1", "10.20.0.0/16")
    assert two.spec.network.subnet_ids == ("subnet-12345678", "subnet-87654321")
    assert two.spec.network.cidr is None


def test_rows_come_and_go_and_nothing_typed_is_lost(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    values = {**fields(client, "/products/new/"), "product.name": "Draft <b>", "regions.0.region": "eu-west-1"}
    for _ in range(2):
        values = Fields(client.post("/products/new/", {**values, "do": "add-region"}).content.decode()).values
    values["regions.2.region"] = "us-west-2"
    values = Fields(client.post("/products/new/", {**values, "do": "drop-region-1"}).content.decode()).values
    assert "regions.1.region" not in values
    assert (values["regions.0.region"], values["regions.2.region"]) == ("eu-west-1", "us-west-2")
    assert values["product.name"] == "Draft <b>"
    for press in ("drop-region-99", "drop-region-\uff11", "refresh", "nonsense", "x" * 5000):
        page = client.post("/products/new/", {**values, "do": press}).content.decode()
        assert {key: value for key, value in Fields(page).values.items() if key in values} == values


def test_forty_regions_are_enough(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    typed = {f"regions.{n}.region": "eu-west-1" for n in range(60)}
    page = client.post("/products/new/", {**typed, "do": "add-region"}).content.decode()
    assert len([name for name in Fields(page).names if name.endswith(".region")]) == 40


def test_all_wrong_fields_are_told_at_once_and_keep_what_was_typed(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    wrong = {
        "product.name": "  ",
        "product.friendly_dns_name": "api_x.example.com",
        "product.listener.target_port": "84433",
        "regions.0.region": "eu-west-1",
        "regions.0.network.cidr": "10.0.0.0/8",
        "regions.0.rehearsal.subnet_ids": "subnet-x",
        "regions.0.endpoint_service.supported_regions": "eu-west-1",
    }
    response = client.post("/products/new/", {**fields(client, "/products/new/"), **wrong, "do": "save"})
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert "Nothing was saved" in page
    for sentence in (
        "This is required",
        "letters, digits or hyphens",
        "whole number from 1 to 65535",
        "from /16 (largest)",
        "A subnet id is written",
        "own region and always supported",
    ):
        assert sentence in page, sentence
    assert {name: Fields(page).values[name] for name in wrong} == {**wrong}
    assert not Product.objects.filter(seller=people.seller).exclude(pk=people.product.pk).exists()


def test_a_region_twice_is_told_at_its_row(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    path = f"/products/{people.product.pk}/edit/"
    page = client.post(path, {**fields(client, path), "do": "add-region"}).content.decode()
    typed = {**Fields(page).values, "regions.2.region": "us-east-1", "do": "save"}
    response = client.post(path, typed)
    assert response.status_code == 422
    assert "us-east-1 stands here twice" in response.content.decode()


def test_a_name_that_is_taken_is_told_at_the_name(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    values = fields(client, f"/products/{people.product.pk}/edit/")
    response = client.post("/products/new/", {**values, "do": "save"})
    assert response.status_code == 422
    assert "already has a product of this name" in response.content.decode()


def test_another_sellers_connection_is_not_taken(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    foreign = people.other.connections.all()[0]
    path = f"/products/{people.product.pk}/edit/"
    values = {**fields(client, path), "connections.service": str(foreign.pk), "do": "save"}
    response = client.post(path, values)
    assert response.status_code == 422
    assert foreign.role_arn not in response.content.decode()
    values = {**fields(client, path), "seller": people.other.slug, "do": "save"}
    assert client.post(path, values).status_code == 422
    people.product.refresh_from_db()
    assert people.product.seller == people.seller


def test_a_list_from_which_nothing_is_chosen_says_what_to_choose(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    empty = {**fields(client, "/products/new/"), "product.name": "Vault", "do": "save"}
    page = unescape(client.post("/products/new/", empty).content.decode())
    assert page.count("Choose a connection.") == 1
    assert page.count("Choose a region, or remove this one.") == 1
    assert "A region is written like" not in page
