"""The run page: what it shows, what its poll costs, and what its buttons do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from onboarding.models import Failure, Item, Progress, Run
from tests import factories
from tests.factories import Tenant

AUTHENTICATION = 2  # the session and the user


def live(client: Client, tenant: Tenant, tag: str = "") -> Any:
    headers = {"HX-Request": "true", **({"If-None-Match": tag} if tag else {})}
    return client.get(f"/products/{tenant.product.pk}/run/live/", headers=headers)


def test_an_unchanged_poll_costs_one_query(own: Tenant, django_assert_num_queries: Any) -> None:
    factories.started(own.product)
    client = factories.signed_in(own.engineer)
    tag = live(client, own)["ETag"]
    with django_assert_num_queries(AUTHENTICATION + 1):
        response = live(client, own, tag)
    assert (response.status_code, response.content) == (304, b"")
    assert response["HX-Reswap"] == "none"


def test_a_changed_poll_costs_three_queries(own: Tenant, django_assert_num_queries: Any) -> None:
    factories.started(own.product)
    client = factories.signed_in(own.engineer)
    tag = live(client, own)["ETag"]
    factories.moved(factories.item(own.product, "access"), "done", sentence="All is well.")
    with django_assert_num_queries(AUTHENTICATION + 3):
        response = live(client, own, tag)
    assert response.status_code == 200
    assert response["ETag"] != tag
    assert b"Access: </span>Done" in response.content


def test_the_poll_counts_nothing_but_reads_the_stored_counters(own: Tenant) -> None:
    factories.started(own.product)
    Progress.objects.filter(pk=own.product.pk).update(done=40, todo=2)
    assert b"40 of 42 items done" in live(factories.signed_in(own.engineer), own).content


def test_the_etag_differs_by_role_and_build(own: Tenant, settings: Any) -> None:
    factories.started(own.product)
    tags = {live(factories.signed_in(user), own)["ETag"] for user in (own.engineer, own.lead)}
    settings.BUILD = "another"
    tags.add(live(factories.signed_in(own.lead), own)["ETag"])
    assert len(tags) == 3


def test_it_polls_only_while_something_moves(own: Tenant) -> None:
    client, url = factories.signed_in(own.engineer), f"/products/{own.product.pk}/run/"
    assert b"hx-trigger" not in client.get(url).content
    factories.started(own.product)
    assert b'hx-trigger="every 1.5s"' in client.get(url).content
    factories.moved(factories.item(own.product, "access"), "failed", sentence="No.")
    assert b"hx-trigger" not in client.get(url).content
    assert b"hx-trigger" not in live(client, own).content


def test_before_the_first_run_it_shows_what_will_be_done(own: Tenant) -> None:
    page = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    assert "Review the planned changes before you start." in page
    assert "Review plan" in page
    assert page.count("Load balancer in us-east-1: </span>Not started") == 1
    assert page.index("us-east-1") < page.index("eu-west-1")


def test_an_unproven_connection_is_tested_first(db: None) -> None:
    tenant = factories.tenant(proven=False)
    page = factories.signed_in(tenant.engineer).get(f"/products/{tenant.product.pk}/run/").content.decode()
    assert "isn&#x27;t verified yet" in page
    assert "Test connection" in page
    assert "Run the checklist</button>" not in page


def test_pressing_start_twice_makes_one_run(own: Tenant) -> None:
    client = factories.signed_in(own.engineer)
    pages = [client.post(f"/products/{own.product.pk}/start/", follow=True).content.decode() for _ in range(2)]
    assert "Run 1 has started." in pages[0]
    assert "Run 1 is open already; nothing was started twice." in pages[1]
    assert Run.objects.filter(product=own.product).count() == 1
    assert Item.objects.get(product=own.product, slug="access").state == "todo"


def test_start_during_a_teardown_says_why_not(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    client = factories.signed_in(own.engineer)
    client.post(f"/products/{own.product.pk}/teardown/", {"name": own.product.name, "region": ""})
    url = f"/products/{own.product.pk}/start/"
    assert "is being deleted" in client.post(url, follow=True).content.decode()
    assert client.post(url, headers={"HX-Request": "true"}).status_code == 409


def test_cancel_keeps_what_exists_and_is_harmless_twice(own: Tenant) -> None:
    run = factories.started(own.product, own.engineer)
    factories.moved(factories.item(own.product, "access"), "done")
    client = factories.signed_in(own.engineer)
    first = client.post(f"/runs/{run.pk}/cancel/", follow=True).content.decode()
    assert "Run 1 is canceled. What exists is kept" in first
    assert "Run 1 had ended already." in client.post(f"/runs/{run.pk}/cancel/", follow=True).content.decode()
    assert factories.item(own.product, "access").state == "done"
    assert factories.item(own.product, "network", "eu-west-1").state == "cancelled"


def test_the_turn_bar_names_the_failed_item_and_links_to_it(own: Tenant) -> None:
    factories.started(own.product)
    access = factories.moved(factories.item(own.product, "access"), "failed", sentence="The role may not look.")
    page = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    assert "Access failed. The role may not look." in page
    assert f'id="turn-button" href="/items/{access.pk}/"' in page


def test_an_administrator_sees_it_and_may_not_press(own: Tenant) -> None:
    client = factories.signed_in(factories.admin())
    page = client.get(f"/products/{own.product.pk}/run/").content.decode()
    assert "Only engineers and leads of the seller can start a run." in page
    assert client.post(f"/products/{own.product.pk}/start/").status_code == 403


@pytest.mark.parametrize("page", ["run", "teardown"])
def test_pages_cost_the_same_with_eight_regions(own: Tenant, page: str, django_assert_max_num_queries: Any) -> None:
    regions = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "ap-south-1")
    wide = factories.product(own.seller, name="Wide", regions={region: {} for region in regions})
    factories.started(wide)
    client = factories.signed_in(own.engineer)
    with django_assert_max_num_queries(AUTHENTICATION + 9):
        assert client.get(f"/products/{wide.pk}/{page}/").status_code == 200


def test_a_cell_of_the_whole_product_says_so(own: Tenant) -> None:
    text = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    wide = re.findall(r'<td colspan="2"\s+class="wide">(?:(?!</td>).)*>All regions</span>', text, re.S)
    assert len(wide) == 1
    one = factories.product(own.seller, name="One", regions={"us-east-1": {}})
    assert "All regions" not in factories.signed_in(own.engineer).get(f"/products/{one.pk}/run/").content.decode()


def test_the_way_back_names_the_products_of_the_seller(own: Tenant) -> None:
    text = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    assert f'<a href="/products/">Products of {own.seller.name}</a>' in text


def test_the_question_of_cancelling_stands_outside_what_polls(own: Tenant) -> None:
    client = factories.signed_in(own.engineer)
    run = factories.started(own.product, own.engineer)
    page = client.get(f"/products/{own.product.pk}/run/").content.decode()
    assert "Cancel, keep what exists" in page
    assert "Cancel and undo this run" in page
    assert b"cancel-box" not in live(client, own).content, "a poll leaves an open question alone"
    client.post(f"/runs/{run.pk}/cancel/")
    assert b'<div id="cancel-box" hx-swap-oob="innerHTML"></div>' in live(client, own).content
    assert "Cancel run" not in client.get(f"/products/{own.product.pk}/run/").content.decode()


def test_what_failed_and_what_waits_can_be_pressed_below_the_matrix(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    why = Failure(kind="quota", sentence="The quota is reached.", cure="Raise it.", code="VpcLimitExceeded")
    network = factories.item(own.product, "network", "us-east-1")
    factories.moved(network, "failed", sentence=why.sentence, failure=why)
    other = factories.item(own.product, "network", "eu-west-1")
    factories.moved(other, "waiting", waiting_for="aws", sentence="AWS prepares it.", aws_status="pending", next_in=20)
    page = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    below = page[page.index('id="open"') :]
    for words in ("The quota is reached.", "Raise it.", "VpcLimitExceeded", "AWS prepares it.", "pending", "gives up"):
        assert words in below
    assert f'action="/items/{network.pk}/retry/"' in below
    assert f'action="/items/{other.pk}/check/"' in below
    shown = factories.signed_in(factories.admin()).get(f"/products/{own.product.pk}/run/").content.decode()
    assert "/retry/" not in shown
    assert "/check/" not in shown


def test_the_timeline_says_the_same_in_a_table(own: Tenant) -> None:
    factories.started(own.product)
    page = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    assert "<svg viewBox" not in page, "nothing has worked yet"
    factories.moved(factories.item(own.product, "access"), "done")
    for region in factories.REGIONS:
        item = factories.item(own.product, "network", region)
        factories.moved(item, "waiting", waiting_for="aws", sentence="It is made.", next_in=20)
    page = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    table = page[page.index('id="times"') : page.index("</details>", page.index('id="times"'))]
    assert table.count("<tr>") == 4, "a head, access, and the network of two regions"
    assert "Network in eu-west-1" in table
    assert page.count('class="bar s-wait"') == 2
    assert "style=" not in table


def test_a_greyed_out_button_says_why(own: Tenant) -> None:
    factories.started(own.product)
    why = Failure(kind="yours", sentence="No.")
    access = factories.moved(factories.item(own.product, "access"), "failed", sentence="No.", failure=why)
    client = factories.signed_in(factories.admin())
    for url in (f"/items/{access.pk}/", f"/products/{own.product.pk}/run/"):
        page = client.get(url).content.decode()
        assert 'aria-disabled="true"' in page
        assert "Only engineers and leads of the seller can start a run." in page
