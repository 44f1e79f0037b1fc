"""What the checklist adds to a product's pages: permissions to paste, the links to them, small things of the frame."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from tests import factories
from tests.commands.call import run
from tests.factories import Tenant


def test_the_permissions_can_be_copied_before_the_first_run(own: Tenant) -> None:
    client = factories.signed_in(own.engineer)
    url = f"/products/{own.product.pk}/policy/"
    assert url in client.get(f"/products/{own.product.pk}/").content.decode()
    text = client.get(url).content.decode()

    shown = [unescape(code) for code in re.findall(r'<pre class="code"[^>]*><code>(.*?)</code>', text, re.DOTALL)]
    assert shown[0] + "\n" == run("connection", "policy", str(own.product.pk))[1]
    assert shown[1] + "\n" == run("connection", "policy", str(own.product.pk), "--read-only")[1]
    assert text.count("data-copy") == 2
    assert {"Version", "Statement"} == set(json.loads(shown[0]))


def test_a_connection_leads_to_the_permissions_of_each_product_that_uses_it(own: Tenant, other: Tenant) -> None:
    link = own.seller.connections.get()
    second = factories.product(own.seller, name="Second")
    text = factories.signed_in(own.engineer).get(f"/connections/{link.pk}/").content.decode()
    for product in (own.product, second):
        assert f"/products/{product.pk}/policy/" in text
    assert f"/products/{other.product.pk}/policy/" not in text


def test_without_a_region_the_page_says_what_to_choose_first(own: Tenant) -> None:
    own.product.regions.all().delete()
    text = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/policy/").content.decode()
    assert "a region first" in text


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("load_balancer", "Listener, Endpoint service read what this step makes"),
        ("endpoint_service", "Allow list, Private DNS name read what this step makes"),
    ],
)
def test_the_form_of_a_skip_names_what_reads_from_the_step(own: Tenant, slug: str, said: str) -> None:
    factories.started(own.product)
    item = factories.item(own.product, slug, "us-east-1")
    text = factories.signed_in(own.engineer).get(f"/items/{item.pk}/").content.decode()
    assert said in text
    last = factories.item(own.product, "buyers", "us-east-1")
    assert "what this step makes" not in factories.signed_in(own.engineer).get(f"/items/{last.pk}/").content.decode()


def test_on_an_items_page_the_header_marks_products(own: Tenant) -> None:
    factories.started(own.product)
    item = factories.item(own.product, "access")
    text = factories.signed_in(own.engineer).get(f"/items/{item.pk}/").content.decode()
    [current] = re.findall(r'<a[^>]*aria-current="page"[^>]*>([^<]*)</a>', text)
    assert current == "Products"


def test_the_icon_that_browsers_ask_for_is_there() -> None:
    response = Client().get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].endswith("favicon.svg")
