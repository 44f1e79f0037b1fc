"""Home: lanes by whose turn it is, the same cost for one product and for a page of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Item, Progress, Run
from onboarding.pages.common.tenant import ChecklistTenant
from onboarding.pages.home.board import home
from sellers.models import Product, User
from tests import factories
from tests.bulk_products import copies
from tests.factories import Tenant
from tests.pages.common.test_queries import REGIONS, asked

ONE: dict[str, Any] = {"us-west-2": {}}


def lanes(user: User) -> dict[str, list[str]]:
    board = home(ChecklistTenant(user).products())
    return {lane.key: [card.name for card in lane.cards] for lane in board.lanes}


def counted(product: Product, **counters: int) -> None:
    """A product whose stored counters say this; its open run has ended."""
    factories.started(product)
    zero = dict.fromkeys(("todo", "working", "waiting", "done"), 0)
    Progress.objects.filter(pk=product.pk).update(**{**zero, **counters})
    Run.objects.filter(product=product).update(state="done")


def test_products_stand_in_the_lane_of_whoever_must_act(own: Tenant) -> None:
    seller = own.seller
    for name, counters in {
        "Failed": {"failed": 1, "working": 3},
        "Asked": {"waiting": 1, "on_you": 1},
        "Builds": {"working": 1, "todo": 9},
        "AWS": {"waiting": 2, "on_marketplace": 1},
        "Theirs": {"waiting": 1, "on_marketplace": 1, "todo": 4},
        "Stopped": {"cancelled": 2, "done": 1},
        "Finished": {"done": 8},
        "Gone": {"undone": 8},
    }.items():
        counted(factories.product(seller, name=name, regions=ONE), **counters)
    factories.started(factories.product(seller, name="Just started", regions=ONE))
    found = {lane: set(names) for lane, names in lanes(own.engineer).items()}
    assert found == {
        "you": {"Failed", "Asked", "Stopped", own.product.name},
        "aws": {"Builds", "AWS", "Just started"},
        "theirs": {"Theirs"},
        "done": {"Finished", "Gone"},
    }


def test_the_first_thing_to_press_is_the_longest_wait(own: Tenant) -> None:
    factories.started(own.product)
    item = factories.moved(factories.item(own.product, "access"), "failed", sentence="The role may not look.")
    text = factories.signed_in(own.engineer).get("/").content.decode()
    assert "1 product waits for you. Start with Example Analytics." in text
    assert "Access failed. The role may not look." in text
    assert "<b>Access failed.</b> The role may not look." in text
    assert f'<a class="btn btn-primary" href="/items/{item.pk}/">Fix failed step</a>' in text


def test_twenty_products_cost_as_much_as_one(own: Tenant) -> None:
    factories.started(own.product)
    client = factories.signed_in(own.engineer)
    client.get("/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    before = cost()
    for number in range(20):
        factories.started(factories.product(own.seller, name=f"Product {number}", regions=ONE))
    assert cost() == before


def test_a_lane_shows_six_products_and_leads_to_all_of_them(own: Tenant) -> None:
    for number in range(30):
        factories.product(own.seller, name=f"Product {number}", regions=ONE)
    client = factories.signed_in(own.engineer)
    home, first, second = (
        client.get(f"/{query}").content.decode() for query in ("", "?lane=you&page=1", "?lane=you&page=2")
    )
    assert [text.count("qcard") for text in (home, first, second)] == [6, 24, 7]
    assert '<a href="/?lane=you">Show all 31' in home
    assert "31 products wait for you." in home
    assert "Page 1 of 2, 31 products" in first
    assert 'href="?lane=you&amp;page=1"' in second


def test_a_lane_that_is_not_there_shows_all_lanes(own: Tenant) -> None:
    client = factories.signed_in(own.engineer)
    for query in ("?lane=nowhere", "?lane=you&page=many", "?lane=theirs&page=99", "?page=-1"):
        answer = client.get(f"/{query}")
        assert answer.status_code == 200
        assert own.product.name in answer.content.decode()


def test_a_thousand_products_in_eight_regions_cost_as_much_as_one(own: Tenant) -> None:
    product = factories.product(own.seller, name="First", regions={region: {} for region in REGIONS})
    factories.started(product)
    client = factories.signed_in(own.engineer)
    pages = ("/", "/?lane=aws&page=2", "/products/", "/products/?page=3", "/overview/", "/overview/?show=seller&page=2")
    admin = factories.signed_in(factories.admin())
    few = [asked(who, page) for who in (client, admin) for page in pages[: 4 if who is client else 6]]
    copies(product, 1_000, product.items.filter(region__in=("", REGIONS[0])))
    many = [asked(who, page) for who in (client, admin) for page in pages[: 4 if who is client else 6]]
    assert many == few
    text = client.get("/").content.decode()
    assert "Show all 1001" in text
    assert text.count("qcard") == 7
    assert len(text) < 40_000


def test_an_unchanged_home_is_answered_304_and_a_changed_one_with_its_lanes_alone(own: Tenant) -> None:
    factories.started(own.product)
    client = factories.signed_in(own.engineer)
    first = client.get("/", headers={"HX-Request": "true"})
    text = first.content.decode()
    assert 'id="lanes"' in text
    assert "<html" not in text
    assert 'hx-trigger="every 5s"' in text
    again = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    assert client.get("/", headers=again).status_code == 304
    factories.moved(factories.item(own.product, "access"), "failed", sentence="The role may not look.")
    changed = client.get("/", headers=again)
    assert changed.status_code == 200
    assert "Access failed." in changed.content.decode()


def test_a_home_on_which_nothing_moves_does_not_ask_again(own: Tenant) -> None:
    assert b"hx-trigger" not in factories.signed_in(own.engineer).get("/").content


def test_the_strip_has_one_mark_a_step_in_the_state_of_its_worst_region(own: Tenant) -> None:
    factories.started(own.product)
    Item.objects.filter(product=own.product).update(state="done")
    Item.objects.filter(product=own.product, slug="targets", region="eu-west-1").update(state="failed")
    text = factories.signed_in(own.engineer).get("/").content.decode()
    strip = re.search(r'<svg class="strip".*?</svg>', text, re.S)
    assert strip
    assert re.findall(r'rect class="([^"]+)"', strip[0]).count("s-fail") == 1
    steps = Item.objects.filter(product=own.product).values("slug").distinct().count()
    assert strip[0].count("<rect") == steps


def test_without_a_product_the_page_teaches(own: Tenant) -> None:
    Product.objects.all().delete()
    text = factories.signed_in(own.engineer).get("/").content.decode()
    assert "Add your first product" in text
    assert "Add the first product" in text


def test_an_administrator_sees_all_sellers_products(own: Tenant, other: Tenant) -> None:
    names = {name for lane in lanes(factories.admin()).values() for name in lane}
    assert names == {own.product.name, other.product.name}


def test_an_administrator_is_not_told_to_act(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "failed", sentence="The role may not look.")
    text = factories.signed_in(factories.admin()).get("/").content.decode()
    assert "All products" in text
    assert "The seller’s turn" in text
    assert "1 waits for the seller" in text
    assert not any(words in text for words in ("Your turn", "wait for you.", "Fix failed step"))


def test_home_of_one_seller_shows_nothing_of_another(own: Tenant, other: Tenant, settings: Any) -> None:
    assert b"Canary" not in factories.signed_in(own.engineer).get("/").content


def test_a_card_says_what_marketplace_has_besides(own: Tenant) -> None:
    factories.started(own.product)
    Item.objects.filter(product=own.product).update(next_check_at=None)
    Item.objects.filter(product=own.product, slug="access").update(
        state="waiting", waiting_for="you", message="Give it."
    )
    network = Item.objects.filter(product=own.product, slug="network", region="eu-west-1")
    network.update(state="waiting", waiting_for="marketplace", message="Asked.")
    Progress.objects.filter(pk=own.product.pk).update(waiting=2, on_you=1, on_marketplace=1)
    text = factories.signed_in(own.engineer).get("/").content.decode()
    assert "Also waiting on AWS Marketplace: Network in eu-west-1." in text
    looked_at = factories.signed_in(factories.admin()).get("/").content.decode()
    assert "Waiting on the seller" in looked_at
    assert "Action required" not in looked_at


def test_a_live_product_is_live_since_its_last_item_ended(own: Tenant) -> None:
    product = factories.product(own.seller, name="Live one", facts=factories.MARKETPLACE)
    counted(product, done=8)
    now = timezone.now()
    Item.objects.filter(product=product).update(state="done", ended_at=now - timedelta(hours=3), waiting_since=None)
    Item.objects.filter(product=product, slug="go_live").update(ended_at=now - timedelta(minutes=2))
    board = home(ChecklistTenant(own.engineer).products())
    [card] = [card for lane in board.lanes for card in lane.cards if card.name == "Live one"]
    assert (card.mark.word, card.age and card.age.words) == ("Live", "2 min ago")
