"""A part that many people watch is drawn once for all of them, and is still each reader's own where it must be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onboarding.pages.common import polling
from sellers.models import Product
from sellers.models.choices import PlatformRole
from tests import factories
from tests.factories import Tenant

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
HTMX: Any = {"HX-Request": "true"}


@pytest.fixture
def product(own: Tenant) -> Product:
    """A product whose checklist runs: an item has failed, so the part holds forms."""
    factories.started(own.product, own.engineer)
    factories.moved(factories.item(own.product, "access"), "failed", sentence="No <b>role</b>.")
    return own.product


def part(client: Client, product: Product) -> str:
    return client.get(f"/products/{product.pk}/run/live/", headers=HTMX).content.decode()


def test_the_second_watcher_costs_no_query_beyond_their_own_and_the_products_row(own: Tenant, product: Product) -> None:
    first, second = factories.signed_in(own.engineer), factories.signed_in(own.lead)
    engineers = part(first, product)
    leads, lead = part(second, product), factories.signed_in(own.lead)
    with CaptureQueriesContext(connection) as queries:
        again = part(lead, product)
    assert len(queries) == 3  # the session, the person, the product with the person's role
    assert TOKEN.sub("", again) == TOKEN.sub("", leads)
    assert "No &lt;b&gt;role&lt;/b&gt;." in engineers


def test_each_watcher_gets_a_token_that_their_own_form_is_accepted_with(own: Tenant, product: Product) -> None:
    found = []
    for person in (own.engineer, own.engineer):
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        page = part(client, product)
        token = TOKEN.search(page)
        assert token is not None
        assert polling._ANYBODY not in page
        found.append(token[1])
        retried = client.post(
            f"/items/{factories.item(product, 'access').pk}/retry/", {"csrfmiddlewaretoken": token[1]}
        )
        assert retried.status_code == 302
    assert found[0] != found[1]


def test_a_change_shows_at_once_to_everybody(own: Tenant, product: Product) -> None:
    client = factories.signed_in(own.engineer)
    before = part(client, product)
    factories.moved(
        factories.item(product, "network", "us-east-1"), "waiting", waiting_for="aws", sentence="A new word."
    )
    assert "A new word." not in before
    assert "A new word." in part(factories.signed_in(own.engineer), product)


def test_who_may_not_run_gets_no_part_of_those_who_may(own: Tenant, product: Product) -> None:
    assert "Retry" in part(factories.signed_in(own.engineer), product)
    admin = factories.person("admin@example.com", platform=PlatformRole.ADMIN)
    assert "Retry access" not in part(factories.signed_in(admin), product)
    assert 'action="/items/' not in part(factories.signed_in(admin), product)
