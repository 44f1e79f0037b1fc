"""The queue: whose turn it is, what is due, what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Item, Submission
from sellers.models import User
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.desk.browser import order, words


def chips(client: Client, **get: Any) -> dict[str, int]:
    return {
        name: int(many)
        for name, many in re.findall(r'>([A-Z][^<>]+) <span class="num">(\d+)</span>', words(client, "/desk/", **get))
    }


def test_a_reviewer_begins_at_the_desk(desk: Client) -> None:
    response = desk.get("/", follow=True)
    assert response.redirect_chain == [("/desk/", 302)]
    text = response.content.decode()
    assert "Nothing is here now." in text
    assert "/products/" not in text


def test_who_is_no_reviewer_has_no_desk(own: Tenant) -> None:
    for user in (own.lead, factories.admin()):
        client = factories.signed_in(user)
        assert client.get("/desk/").status_code == 403
        assert b"Review desk" not in client.get("/").content


def test_the_queue_is_ordered_by_whose_turn_it_is_and_then_by_age(own: Tenant, desk: Client, rita: User) -> None:
    for days, name in enumerate(("Newest", "Middle", "Oldest", "Asked", "Returned")):
        submissions.older(submissions.sent(submissions.marketplace_product(own.seller, name)), days)
    Submission.objects.filter(product__name="Returned").update(
        state="returned", decided_at=timezone.now(), reason="No."
    )
    Submission.objects.get(product__name="Asked").remarks.create(kind="question", text="Why?", at=timezone.now())
    request = submissions.marketplace_product(own.seller, "Request")
    submissions.waits(request, "name_servers")
    Item.objects.filter(product=request, slug="name_servers").update(waiting_since=timezone.now() - timedelta(days=1.5))
    assert order(desk) == ["Oldest", "Request", "Middle", "Newest", "Returned", "Asked"]
    assert order(desk, show="names") == ["Request"]
    assert order(desk, show="seller") == ["Returned", "Asked"]
    assert {k: v for k, v in chips(desk).items() if k != "Due"} == {
        "All open": 6,
        "New": 3,
        "In review": 0,
        "Waiting on the seller": 2,
        "Name servers asked for": 1,
        "Live": 0,
    }


def test_what_is_due_is_counted_and_named(own: Tenant, desk: Client) -> None:
    submissions.sent(submissions.marketplace_product(own.seller, "Fresh"))
    submissions.older(submissions.sent(submissions.marketplace_product(own.seller, "Late")), 14)
    assert order(desk, show="due") == ["Late"]
    text = words(desk, "/desk/")
    assert "1 package or request is due today or over." in text
    assert "Open the next: Late" in text
    assert "business days over" in text


def test_an_answer_puts_the_clock_back(own: Tenant, desk: Client) -> None:
    late = submissions.older(submissions.sent(submissions.marketplace_product(own.seller, "Late")), 14)
    question = late.remarks.create(kind="question", text="Why?", answered=True, at=timezone.now())
    late.remarks.create(kind="answer", text="So.", question=question, at=timezone.now())
    assert order(desk, show="due") == []
    assert order(desk, show="new") == ["Late"]


def test_a_replaced_or_frozen_version_is_not_in_the_queue(own: Tenant, desk: Client) -> None:
    first = submissions.marketplace_product(own.seller, "Replaced")
    submissions.sent(first)
    submissions.sent(first, 2, private_name="api.example.com")
    submissions.sent(first, 3, state="frozen", private_name="b.example.com")
    submissions.sent(submissions.marketplace_product(own.seller, "Frozen"), state="frozen")
    assert order(desk) == ["Replaced"]
    assert "version 2" in words(desk, "/desk/")


def test_the_search_finds_seller_product_and_name(own: Tenant, other: Tenant, desk: Client) -> None:
    submissions.sent(submissions.marketplace_product(own.seller, "Alpha"))
    submissions.sent(submissions.marketplace_product(other.seller, "Beta", "555555555555"))
    assert order(desk, q="alph") == ["Alpha"]
    assert order(desk, q="Canary") == ["Beta"]
    assert len(order(desk, q="vpce.EXAMPLE")) == 2
    assert "Nothing here has “<b>”" in words(desk, "/desk/", q="<b>")


def test_nonsense_in_the_address_shows_the_queue(version: Submission, desk: Client) -> None:
    for get in ({"show": "x"}, {"page": "-1"}, {"q": "\x00"}, {"show": "due", "page": "99"}, {"q": "%" * 500}):
        assert desk.get("/desk/", get).status_code == 200


def test_a_long_queue_costs_as_much_as_a_short_one(own: Tenant, desk: Client, version: Submission) -> None:
    submissions.waits(submissions.marketplace_product(own.seller, "Request"), "name_servers")
    desk.get("/desk/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            words(desk, "/desk/")
        return len(queries)

    before = cost()
    for number in range(30):
        found = submissions.marketplace_product(own.seller, f"Product {number}")
        submissions.sent(found) if number % 2 else submissions.waits(found, "name_servers")
    assert cost() == before
    assert before <= 12
    assert len(order(desk)) == 25
    assert len(order(desk, page=2)) == 7
