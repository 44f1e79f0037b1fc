"""The overview: whose turn each product is, what has stood longest; for administrators, and for leads of their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from onboarding.models import Item, Progress
from onboarding.pages.common.tenant import ChecklistTenant
from onboarding.pages.home.overview import overview
from sellers.models import Membership, Product, User
from tests import factories
from tests.factories import Tenant

ONE: dict[str, Any] = {"us-west-2": {}}


def shown(user: User, show: str = "") -> list[str]:
    return [row.name for row in overview(ChecklistTenant(user).overseen(), None, show).rows]


def waiting(product: Product, reason: str = "you", *, hours: float = 0) -> Item:
    factories.started(product)
    item = factories.moved(factories.item(product, "access"), "waiting", waiting_for=reason, sentence="Give the ids.")
    Item.objects.filter(pk=item.pk).update(waiting_since=F("waiting_since") - timedelta(hours=hours))
    return item


def test_the_longest_standing_product_is_first_and_names_its_item(own: Tenant, other: Tenant) -> None:
    waiting(other.product, hours=2)
    item = waiting(own.product, hours=30)
    text = factories.signed_in(factories.admin()).get("/overview/").content.decode()
    names = re.findall(r'<a href="/products/[^"]+/run/">([^<]+)</a>', text)
    assert names == [own.product.name, other.product.name]
    assert f'<a href="/items/{item.pk}/">Access</a>' in text
    assert re.search(r'<time datetime="[^"]+" title="[^"]+ UTC">30 h</time>', text)
    assert "Waiting on the seller" in text
    assert "Action required" not in text


def test_a_lead_sees_the_products_of_the_sellers_that_they_lead_alone(own: Tenant, other: Tenant) -> None:
    Membership.objects.create(seller=other.seller, user=own.lead, role="engineer")
    assert shown(own.lead) == [own.product.name]
    assert set(shown(factories.admin())) == {own.product.name, other.product.name}
    assert shown(own.engineer) == []
    assert shown(factories.reviewer()) == []


def test_a_lead_finds_it_from_home_and_an_engineer_does_not(own: Tenant) -> None:
    waiting(own.product)
    lead = factories.signed_in(own.lead)
    assert 'href="/overview/"' in lead.get("/").content.decode()
    text = lead.get("/overview/").content.decode()
    assert "Your turn" in text
    assert "Action required" in text
    client = factories.signed_in(own.engineer)
    assert 'href="/overview/"' not in client.get("/").content.decode()
    assert client.get("/overview/").status_code == 403


@pytest.fixture
def several(own: Tenant) -> User:
    """A lead with a product in each plight; the tenant's own has not been started."""
    for name, reason, hours in (("Fresh", "you", 1), ("Old", "you", 25), ("Theirs", "marketplace", 2)):
        waiting(factories.product(own.seller, name=name, regions=ONE), reason, hours=hours)
    broken = factories.product(own.seller, name="Broken", regions=ONE)
    factories.started(broken)
    factories.moved(factories.item(broken, "access"), "failed", sentence="The role may not look.")
    return own.lead


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("stuck", {"Old"}),
        ("failed", {"Broken"}),
        ("marketplace", {"Theirs"}),
        ("seller", {"Fresh", "Old"}),
        ("all", {"Fresh", "Old", "Theirs", "Broken", "Example Analytics"}),
        ("nonsense", {"Fresh", "Old", "Theirs", "Broken", "Example Analytics"}),
    ],
)
def test_a_filter_shows_those_and_says_how_many(several: User, show: str, names: set[str]) -> None:
    board = overview(ChecklistTenant(several).overseen(), None, show)
    assert {row.name for row in board.rows} == names
    current = next(one for one in board.filters if one.current)
    assert current.key == ("all" if show == "nonsense" else show)
    assert current.number == len(names)


def test_whose_turn_it_is_is_said_of_each(several: User) -> None:
    turns = {row.name: row.turn.word for row in overview(ChecklistTenant(several).overseen(), None).rows}
    assert turns["Theirs"] == "Marketplace"
    assert turns["Old"] == turns["Broken"] == "The seller"


def test_the_strip_is_of_the_stored_counters_not_of_the_items(several: User) -> None:
    product = Product.objects.get(name="Broken")
    zero = dict.fromkeys(("todo", "working", "waiting", "failed", "on_you"), 0)
    Progress.objects.filter(product=product).update(**{**zero, "done": 3, "failed": 1})
    rows = {row.name: row for row in overview(ChecklistTenant(several).overseen(), None).rows}
    assert [(rect.css_class, rect.x, rect.width) for rect in rows["Broken"].strip] == [
        ("s-done", "0.0", "89.0"),
        ("s-fail", "90.0", "29.0"),
    ]
    assert rows["Broken"].counts == "3 of 4 items done"
    assert rows["Example Analytics"].strip == []
    assert rows["Example Analytics"].counts == "Not started"


def test_a_page_keeps_its_filter(own: Tenant) -> None:
    for number in range(51):
        product = factories.product(own.seller, name=f"Product {number:02}", regions=ONE)
        Progress.objects.create(product=product, failed=1, version=1)
    text = factories.signed_in(own.lead).get("/overview/", {"show": "failed"}).content.decode()
    assert 'href="?show=failed&amp;page=2"' in text
    assert "Page 1 of 2, 51 products" in text


def test_many_products_cost_as_much_as_one(own: Tenant, django_assert_num_queries: Any) -> None:
    waiting(own.product)
    client = factories.signed_in(own.lead)
    for number in range(20):
        waiting(factories.product(own.seller, name=f"Product {number}", regions=ONE))
    with django_assert_num_queries(5):
        assert len(shown(own.lead)) == 21
    assert client.get("/overview/").status_code == 200


def test_an_administrator_finds_it_in_the_navigation_of_every_page(own: Tenant) -> None:
    text = factories.signed_in(factories.admin()).get(f"/products/{own.product.pk}/run/").content.decode()
    assert 'href="/overview/"' in text
    assert 'href="/overview/"' not in factories.signed_in(own.engineer).get("/products/").content.decode()
