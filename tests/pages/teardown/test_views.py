"""Taking down: nothing without the name and a fresh password, one run however often it is sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from onboarding.models import Event, Item, Price, Resource, Run
from tests import factories
from tests.factories import PASSWORD, Tenant


def built(tenant: Tenant) -> str:
    factories.started(tenant.product)
    factories.moved(factories.item(tenant.product, "access"), "done")
    for region in factories.REGIONS:
        item = factories.moved(factories.item(tenant.product, "network", region), "done")
        Resource.objects.create(
            seller=tenant.seller,
            product=tenant.product,
            item=item,
            account="111111111111",
            region=region,
            kind="vpc",
            logical_key="vpc",
            aws_id="vpc-0abc1234",
            state="exists",
        )
    return f"/products/{tenant.product.pk}/teardown/"


def typed(tenant: Tenant, region: str = "", name: str = "") -> dict[str, str]:
    return {"name": name or tenant.product.name, "region": region}


def downs(tenant: Tenant) -> list[tuple[str, str]]:
    return list(Run.objects.filter(product=tenant.product, verb="teardown").values_list("region", "state"))


def test_the_preview_shows_and_changes_nothing(own: Tenant) -> None:
    url = built(own)
    text = factories.signed_in(own.engineer).get(url).content.decode()
    assert text.count("vpc-0abc1234") == 2
    assert "Only eu-west-1" in text
    assert downs(own) == []


def test_a_wrong_name_takes_nothing_down(own: Tenant) -> None:
    url = built(own)
    response = factories.signed_in(own.engineer).post(url, typed(own, name="Something else"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "This is not the product&#x27;s name. Type Example Analytics" in text
    assert 'value="Something else"' in text
    assert downs(own) == []


def test_an_unknown_region_takes_nothing_down(own: Tenant) -> None:
    url = built(own)
    response = factories.signed_in(own.engineer).post(url, typed(own, "mars-1"))
    assert (response.status_code, downs(own)) == (422, [])
    assert "The product has nothing in mars-1." in response.content.decode()


def test_the_name_takes_it_down_once(own: Tenant) -> None:
    url, client = built(own), factories.signed_in(own.engineer)
    for _ in range(2):
        assert client.post(url, typed(own)).status_code == 302
    assert downs(own) == [("", "open")]
    assert set(Item.objects.filter(product=own.product, slug="network").values_list("state", flat=True)) == {"undoing"}


def test_one_region_leaves_the_others_alone(own: Tenant) -> None:
    url = built(own)
    factories.signed_in(own.engineer).post(url, typed(own, "eu-west-1"))
    assert downs(own) == [("eu-west-1", "open")]
    states = dict(Item.objects.filter(product=own.product, slug="network").values_list("region", "state"))
    assert states == {"us-east-1": "done", "eu-west-1": "undoing"}


def test_an_old_sign_in_is_asked_for_its_password_and_then_goes_on(own: Tenant) -> None:
    url, client = built(own), Client()
    client.force_login(own.engineer)
    response: Any = client.post(url, typed(own))
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert downs(own) == []
    client.post(response["Location"], {"password": PASSWORD})
    assert downs(own) == [("", "open")]


def test_one_region_too_goes_on_after_the_password(own: Tenant) -> None:
    url, client = built(own), Client()
    client.force_login(own.engineer)
    text = client.get(url, {"region": "eu-west-1"}).content.decode()
    form = re.search(r'<form method="post"([^>]*)novalidate>', text)
    assert form
    action = re.search(r'action="([^"]+)"', form[1])
    response: Any = client.post(action[1] if action else f"{url}?region=eu-west-1", typed(own, "eu-west-1"))
    client.post(response["Location"], {"password": PASSWORD})
    assert downs(own) == [("eu-west-1", "open")]


def looked(tenant: Tenant, **found: Any) -> None:
    """The accounts were looked into, and this was found."""
    data = {"things": [], "connections": [], "problems": [], **found}
    Event.objects.create(
        at=timezone.now(), seller=tenant.seller, product_id=tenant.product.pk, what="look", actor="engine", data=data
    )


def connected(tenant: Tenant) -> str:
    """Something is built, with an endpoint service to which a buyer is connected; the page's address."""
    url = built(tenant)
    item = factories.item(tenant.product, "endpoint_service", "us-east-1")
    Resource.objects.create(
        seller=tenant.seller,
        product=tenant.product,
        item=item,
        account="111111111111",
        region="us-east-1",
        kind="endpoint_service",
        logical_key="service",
        aws_id="vpce-svc-0abc1234",
        state="exists",
    )
    one = {"endpoint": "vpce-0abc1234", "owner": "333333333333", "state": "available", "region": "us-east-1"}
    looked(tenant, connections=[{**one, "service": "vpce-svc-0abc1234"}, {**one, "service": "vpce-svc-0other12"}])
    return url


def test_a_connected_buyer_is_named_and_stops_the_teardown(own: Tenant) -> None:
    url, client = connected(own), factories.signed_in(own.engineer)
    text = client.get(url).content.decode()
    assert text.count("vpce-0abc1234</code> is available") == 1, "only of services that go"
    assert "Acme" in text
    assert "aws ec2 reject-vpc-endpoint-connections --service-id vpce-svc-0abc1234" in text
    assert "Waits for 1 buyer connection to be rejected." in text
    assert 'id="confirm"' not in text
    assert client.post(url, typed(own)).status_code == 422
    assert downs(own) == []
    assert client.post(url, typed(own, "eu-west-1")).status_code == 302, "nobody is connected there"


def test_after_a_teardown_the_page_says_what_is_left_and_its_known_price(own: Tenant) -> None:
    url, client = built(own), factories.signed_in(own.engineer)
    assert "Left after the last teardown" not in client.get(url).content.decode()
    client.post(url, typed(own))
    Item.objects.filter(product=own.product).update(state="undone", direction="down")
    Resource.objects.update(state="gone")
    Price.objects.all().delete()
    Price.objects.create(
        service="load_balancer",
        words="Load balancer",
        unit="hour",
        usd="0.1",
        source="https://example.com",
        as_of="2026-11-01",
    )
    where = {"account": "111111111111", "region": "us-east-1"}
    stray = {"kind": "load_balancer", "id": "arn:aws:elb:stray", **where}
    looked(own, things=[stray, {"kind": "vpc", "id": "vpc-0abc1234", **where}])
    text = client.get(url).content.decode()
    assert "Bears our tag, in no record of ours" in text
    assert "Said to be gone, and AWS shows it" in text
    assert text.count("$2.40 a day") == 2, "the load balancer's, and of all; a VPC has no price"
    looked(own)
    assert "Nothing, by the inventory and by our tag" in client.get(url).content.decode()


def test_cancel_and_undo_leads_to_what_that_run_made_and_takes_only_that(own: Tenant) -> None:
    built(own)
    run = Run.objects.get(product=own.product)
    older = factories.item(own.product, "network", "eu-west-1")
    Resource.objects.filter(item=older).update(made_at=run.started_at - timedelta(days=1))
    client = factories.signed_in(own.engineer)
    answer: Any = client.post(f"/runs/{run.pk}/cancel/", {"do": "undo"})
    assert answer["Location"] == f"/products/{own.product.pk}/teardown/?run={run.pk}"
    text = client.get(answer["Location"]).content.decode()
    assert "Delete what run 1 created" in text
    assert "An earlier run made it" in text
    assert downs(own) == [], "nothing goes before the name is typed"
    client.post(f"/products/{own.product.pk}/teardown/", {**typed(own), "run": str(run.pk)})
    states = dict(Item.objects.filter(product=own.product, slug="network").values_list("region", "state"))
    assert states == {"us-east-1": "undoing", "eu-west-1": "done"}


def test_a_run_of_others_or_nonsense_is_no_run_to_undo(own: Tenant, other: Tenant) -> None:
    url = built(own)
    foreign = factories.started(other.product)
    client = factories.signed_in(own.engineer)
    for run in (str(foreign.pk), "nonsense", "\x00", ""):
        text = client.get(url, {"run": run}).content.decode()
        assert "Delete what run" not in text
