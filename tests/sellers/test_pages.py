"""Pages: what people see, and that no typed value breaks or escapes a page."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from sellers.models import Connection, User
from tests.sellers.conftest import PASSWORD, World
from tests.sellers.values import NASTY

SignIn = Callable[[User], Client]


@pytest.mark.network
def test_every_page_opens_for_every_member(people: World, as_user: SignIn) -> None:
    product, connection = people.product.pk, people.connection.pk
    for user, working in ((people.lead, True), (people.engineer, True), (people.admin, False)):
        client = as_user(user)
        for path, editing in (
            ("/products/", False),
            (f"/products/{product}/", False),
            ("/connections/", False),
            ("/connections/new/", True),
            (f"/connections/{connection}/", False),
            ("/members/", False),
            ("/accounts/password/change/", False),
            ("/accounts/two-factor/", False),
        ):
            response = client.get(path, follow=True)
            assert response.status_code == (200 if working or not editing else 403), (user, path)
            if working:
                assert b"anary" not in response.content, path


@pytest.mark.network
def test_pages_hold_no_inline_script_or_style(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    for path in ("/drafts/", f"/products/{people.product.pk}/", f"/connections/{people.connection.pk}/", "/members/"):
        page = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", page), path
        assert '"allowEval":false' in page
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_a_simulated_aws_is_said_on_every_page(people: World, as_user: SignIn, settings: Settings) -> None:
    assert b"Simulated AWS" not in Client().get("/accounts/login/").content
    settings.AWS_ENDPOINT_URL = "http://127.0.0.1:5999"
    assert b"Simulated AWS" in Client().get("/accounts/login/").content
    assert b"http://127.0.0.1:5999" in as_user(people.lead).get("/products/").content


@pytest.mark.network
@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_no_nasty_value_breaks_a_small_form(people: World, as_user: SignIn, value: str) -> None:
    client = as_user(people.lead)
    connections = Connection.objects.count()
    forms = (
        (f"/products/{people.product.pk}/buyers/", {"principal": "777777777777", "alias": "Acme"}, {"alias"}),
        (
            "/connections/new/",
            {"seller": str(people.seller.pk), "role_arn": "arn:aws:iam::777777777777:role/x", "label": "Prod"},
            {"label"},
        ),
    )
    for path, good, free in forms:
        for name in good:
            response = client.post(path, {**good, name: value}, follow=True)
            assert response.status_code in ({200, 422} if name in free else {422}), (name, value[:40])
            shown = response.content.decode()
            assert "<script>alert(1)" not in shown
            assert "<img src=x" not in shown
    assert Connection.objects.count() <= connections + 1


def test_a_connection_shows_our_external_id_and_the_policy(people: World, as_user: SignIn, settings: Settings) -> None:
    settings.HUB_PRINCIPAL_ARN = "arn:aws:iam::999999999999:role/hub"
    client = as_user(people.engineer)
    data = {"seller": str(people.seller.pk), "role_arn": "arn:aws:iam::777777777777:role/x", "external_id": "mine"}
    response = client.post("/connections/new/", data, follow=True)
    connection = Connection.objects.get(account_id="777777777777")
    page = unescape(response.content.decode())
    assert connection.external_id != "mine"
    assert page.count(connection.external_id) == 2
    assert '"sts:ExternalId"' in page
    assert page.count("arn:aws:iam::999999999999:role/hub") == 2
    again = client.post("/connections/new/", data)
    assert "connected already" in again.content.decode()


def test_a_key_is_not_taken_for_a_role(people: World, as_user: SignIn) -> None:
    data = {"seller": str(people.seller.pk), "role_arn": "AKIAIOSFODNN7EXAMPLE"}
    response = as_user(people.lead).post("/connections/new/", data)
    assert response.status_code == 422
    assert "Access keys aren&#x27;t accepted" in response.content.decode()


def test_a_connection_goes_only_when_no_product_uses_it(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    used = people.connection
    spare = Connection.objects.create(seller=people.seller, role_arn="arn:aws:iam::777777777777:role/x")
    for connection in (used, spare):
        response = client.post(f"/connections/{connection.pk}/remove/")
        if "/reauthenticate/" in response["Location"]:
            client.post(response["Location"], {"password": PASSWORD})
    assert Connection.objects.filter(pk=used.pk).exists()
    assert not Connection.objects.filter(pk=spare.pk).exists()


def test_buyers_come_and_go_on_the_product_page(people: World, as_user: SignIn) -> None:
    client = as_user(people.engineer)
    path = f"/products/{people.product.pk}/buyers/"
    assert client.post(path, {"principal": "7777-7777-7777", "alias": "Initech"}).status_code == 302
    buyer = people.product.buyers.get(alias="Initech")
    assert (buyer.principal, buyer.account_id) == ("arn:aws:iam::777777777777:root", "777777777777")
    for principal in ("777777777777", "arn:aws-cn:iam::888888888888:root"):
        response = client.post(path, {"principal": principal, "alias": "kept"})
        assert response.status_code == 422
        assert 'value="kept"' in response.content.decode()
    client.post(f"/buyers/{buyer.pk}/remove/")
    assert not people.product.buyers.filter(alias="Initech").exists()
    tester = people.product.buyers.get(is_test=True)
    client.post(f"/buyers/{tester.pk}/remove/")
    assert people.product.buyers.filter(is_test=True).exists()


def test_nobody_without_a_seller_starts_a_product(db: None, as_user: SignIn) -> None:
    loner = User.objects.create_user("lone@example.com", PASSWORD)
    client = as_user(loner)
    assert client.get("/products/").status_code == 200
    assert client.post("/drafts/new/").status_code == 403
    assert client.post("/connections/new/", {}).status_code == 403
