"""Name servers: the request, its facts, and their hand-over."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from onboarding.models import Item
from sellers.models import Product
from tests import submissions
from tests.pages.desk.browser import post, words


def test_the_request_for_name_servers_has_its_facts_and_the_record_to_keep(product: Product, desk: Client) -> None:
    item = submissions.waits(product, "name_servers")
    Item.objects.filter(product=product, slug="access").update(outputs={"account_id": "111111111111"})
    Item.objects.filter(product=product, slug="endpoint_service", region="eu-west-1").update(
        outputs={"service_name": "com.amazonaws.vpce.eu-west-1.vpce-svc-01"}
    )
    records = [
        {"type": "CNAME", "name": f"_abc.{submissions.NAME}", "values": ["_xyz.acm-validations.aws"], "ttl": 300},
        {"type": "CNAME", "name": "_abc.elsewhere.example.com", "values": ["_uvw.acm-validations.aws"], "ttl": 300},
    ]
    Item.objects.filter(product=product, slug="certificate_request", region="eu-west-1").update(
        outputs={"arn": "", "records": records}
    )
    text = words(desk, f"/desk/name-servers/{item.pk}/")
    for said in (submissions.NAME, "com.amazonaws.vpce.eu-west-1.vpce-svc-01", "account 111111111111", "_xyz.acm"):
        assert said in text
    assert "elsewhere" not in text


def test_name_servers_are_handed_over_on_their_page(product: Product, desk: Client) -> None:
    item = submissions.waits(product, "name_servers")
    url = f"/desk/name-servers/{item.pk}/"
    assert f'href="{url}"' in words(desk, "/desk/")
    assert "are sent" in post(desk, url, servers="\n".join(submissions.SERVERS))
    assert "were already sent" in post(desk, url, servers="\n".join(submissions.SERVERS))
    item.refresh_from_db()
    assert item.given()["servers"] == list(submissions.SERVERS)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("", "Enter the name servers, one per line"),
        ("ns-1.example.com", "Enter 2–6 name servers. You entered 1."),
        ("ns-1.example.com\n" * 5, "Enter 2–6 name servers. You entered 1."),
        ("ns-1.example.com 10.0.0.1", '"10.0.0.1" is an address'),
        ("<script> ns-2", '"<script>" isn\'t a fully qualified domain name'),
        (" ".join(f"ns-{n}.example.com" for n in range(7)), "Enter 2–6 name servers. You entered 7."),
    ],
)
def test_bad_name_servers_are_a_sentence_and_stay_typed(product: Product, desk: Client, bad: str, said: str) -> None:
    item = submissions.waits(product, "name_servers")
    response = desk.post(f"/desk/name-servers/{item.pk}/", {"servers": bad})
    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert said in text
    assert bad in text
    item.refresh_from_db()
    assert item.given() == {}


def test_a_request_that_nobody_made_yet_is_not_there(product: Product, desk: Client) -> None:
    item = Item.objects.get(product=product, slug="name_servers")
    assert desk.get(f"/desk/name-servers/{item.pk}/").status_code == 404
    other = Item.objects.get(product=product, slug="access")
    assert desk.get(f"/desk/name-servers/{other.pk}/").status_code == 404


def test_the_reviewer_has_the_turn_and_the_page_follows_the_hand_over(product: Product, desk: Client) -> None:
    item = submissions.waits(product, "name_servers")
    url = f"/desk/name-servers/{item.pk}/"
    text = words(desk, url)
    assert "Your turn" in text
    assert "Waiting on AWS Marketplace" not in text
    assert "hx-trigger" not in text
    text = post(desk, url, servers="\n".join(submissions.SERVERS))
    assert "Checking the name servers." in text
    assert 'hx-trigger="every 2s"' in text
    Item.objects.filter(pk=item.pk).update(state="done", waiting_for="", next_check_at=None, check_asked=False)
    text = words(desk, url)
    assert "The name servers are in use." in text
    assert "hx-trigger" not in text
