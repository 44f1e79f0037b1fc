"""Taking down: nothing without the name and a fresh password, one run however often it is sent."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from onboarding.models import Item, Resource, Run
from tests import factories
from tests.factories import PASSWORD, Tenant


def built(tenant: Tenant) -> str:
    factories.started(tenant.product)
    factories.moved(factories.item(tenant.product, "access"), "done")
    for region in factories.REGIONS:
        item = factories.moved(factories.item(tenant.product, "network", region), "done")
        Resource.objects.create(
            seller=tenant.seller, product=tenant.product, item=item, account="111111111111", region=region, kind="vpc",
            logical_key="vpc", aws_id="vpc-0abc1234", state="exists",
        )  # fmt: skip
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
