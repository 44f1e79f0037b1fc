"""The DNS page in a browser's eyes: copy, check now, downloads, the live part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onboarding.models import Item
from sellers.models import Product
from tests import factories
from tests.factories import Tenant
from tests.pages.dns.test_board import NAME, VALUE, proof


@pytest.fixture
def product(own: Tenant) -> Product:
    made = factories.product(own.seller, name="Listed", facts=factories.MARKETPLACE)
    factories.started(made)
    return made


def waits(product: Product) -> Item:
    item = factories.item(product, "validation")
    return factories.moved(item, "waiting", waiting_for="you", sentence="Set it.", next_in=5, proofs=[proof()])


def test_every_value_can_be_copied_and_the_page_is_reached_from_the_run(own: Tenant, product: Product) -> None:
    waits(product)
    client = factories.signed_in(own.engineer)
    assert f"/products/{product.pk}/dns/" in client.get(f"/products/{product.pk}/run/").content.decode()
    text = client.get(f"/products/{product.pk}/dns/").content.decode()
    for value in (f"{NAME}.", "_3f1c.api.vpce", f"{VALUE}."):
        assert f"<code>{value}</code>" in text
    assert text.count("data-copy") >= 3
    assert "it is refused until the certificates of all regions are issued" in text


def test_check_now_looks_at_once_and_comes_back_to_this_page(own: Tenant, product: Product) -> None:
    item, url = waits(product), f"/products/{product.pk}/dns/"
    response = factories.signed_in(own.engineer).post(f"/items/{item.pk}/check/", {"next": url})
    assert response["Location"] == url
    item.refresh_from_db()
    assert item.check_asked


@pytest.mark.parametrize(
    "foreign", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_comes_back_to_our_own_pages_only(own: Tenant, product: Product, foreign: str) -> None:
    item = waits(product)
    response = factories.signed_in(own.engineer).post(f"/items/{item.pk}/check/", {"next": foreign})
    assert response["Location"] == f"/items/{item.pk}/"


def test_an_administrator_sees_records_and_no_button(product: Product) -> None:
    waits(product)
    text = factories.signed_in(factories.admin()).get(f"/products/{product.pk}/dns/").content.decode()
    assert NAME in text
    assert "Check now" not in text


@pytest.mark.parametrize(
    ("form", "type", "ending"),
    [
        ("zone", "text/dns", "zone"),
        ("route53", "application/json", "json"),
        ("terraform", "text/plain", "tf"),
        ("csv", "text/csv", "csv"),
    ],
)
def test_the_records_are_downloaded_as_files(own: Tenant, product: Product, form: str, type: str, ending: str) -> None:
    waits(product)
    response = factories.signed_in(own.engineer).get(f"/products/{product.pk}/dns/{form}/")
    assert response["Content-Type"] == f"{type}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="listed-dns.{ending}"'
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store")
    text = response.content.decode()
    assert VALUE in text
    if form == "route53":
        assert json.loads(text)["Changes"][0]["ResourceRecordSet"]["Type"] == "CNAME"


def test_a_form_that_is_none_is_not_found(own: Tenant, product: Product) -> None:
    assert factories.signed_in(own.engineer).get(f"/products/{product.pk}/dns/exe/").status_code == 404


def test_an_unchanged_page_is_not_sent_again(own: Tenant, product: Product) -> None:
    waits(product)
    client, url = factories.signed_in(own.engineer), f"/products/{product.pk}/dns/live/"
    first: Any = client.get(url, headers={"HX-Request": "true"})
    assert b'id="desk"' in first.content
    again = client.get(url, headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_names_of_users_are_text(own: Tenant, product: Product) -> None:
    factories.moved(
        factories.item(product, "validation"),
        "waiting",
        waiting_for="you",
        sentence="<b>x</b>",
        next_in=5,
        proofs=[proof("<script>alert(1)</script>", type="TXT", name="_t.example.com", expected="<i>y</i>")],
    )
    text = factories.signed_in(own.engineer).get(f"/products/{product.pk}/dns/").content.decode()
    assert "<script>alert" not in text
    assert "<i>y" not in text
