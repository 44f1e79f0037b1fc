"""The product form and the values of T24: never a crash, never unescaped, nothing stored that is wrong."""

from collections.abc import Callable

import pytest
from django.test import Client

from sellers.models import Product, User
from tests.sellers.browser import Fields, fields
from tests.sellers.conftest import World
from tests.sellers.values import NASTY

SignIn = Callable[[User], Client]


TEXTS = (
    "product.name",
    "product.marketplace_product_id",
    "product.friendly_dns_name",
    "product.private_dns_name",
    "product.listener.port",
    "product.listener.target_port",
    "product.listener.health_check.path",
    "regions.0.network.cidr",
    "regions.0.targets.instance_type",
    "regions.0.targets.image_id",
    "regions.0.targets.user_data",
    "regions.0.targets.instance_profile",
    "regions.0.rehearsal.vpc_id",
    "regions.0.rehearsal.subnet_ids",
    "regions.0.endpoint_service.supported_regions",
)
CHOICES = (
    "seller",
    "product.profile",
    "product.listener.protocol",
    "product.listener.health_check.protocol",
    "connections.service",
    "connections.certificates",
    "connections.dns",
    "connections.buyer_test",
    "regions.2.region",
    "regions.0.network.mode",
)
EXISTING = {
    "network": ("vpc_id", "subnet_ids"),
    "targets": ("instance_ids", "ip_addresses", "alb_arn"),
    "load_balancer": ("arn",),
    "endpoint_service": ("service_id",),
    "certificate": ("arn",),
}


def _plain(product: Product) -> None:
    """What is stored is what the formats let through."""
    for row in product.regions.all():
        choices = row.spec.model_dump(mode="json")
        choices["targets"].pop("user_data")
        assert "<" not in str(choices)
    for name in ("friendly_dns_name", "private_dns_name", "marketplace_product_id", "health_check_path"):
        assert str(getattr(product, name)).isascii()


def _like_a_browser(value: str) -> str:
    """What a page shows of a value: without blanks around it, and with one kind of line end."""
    return value.replace("\r\n", "\n").replace("\0", "\ufffd").strip()


@pytest.mark.parametrize("shift", range(len(NASTY)))
def test_every_nasty_value_in_every_text_field_is_told_or_taken_and_kept(
    people: World, as_user: SignIn, shift: int
) -> None:
    client = as_user(people.lead)
    path = f"/products/{people.product.pk}/edit/"
    typed = {name: NASTY[(place + shift) % len(NASTY)] for place, name in enumerate(TEXTS)}
    response = client.post(path, {**fields(client, path), **typed, "do": "save"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    kept = Fields(shown).values
    for name, value in typed.items():
        assert _like_a_browser(kept[name]) == _like_a_browser(value), name
    before = people.product.name
    people.product.refresh_from_db()
    assert people.product.name == before


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_that_was_not_offered_is_refused(people: World, as_user: SignIn, name: str) -> None:
    client = as_user(people.lead)
    path = f"/products/{people.product.pk}/edit/"
    good = {**fields(client, path), "do": "save"}
    for value in ("<script>alert(1)</script>", "x" * 65_536, "a\0b", "\U0001f600", "us-east-1", "' OR 1=1--"):
        response = client.post(path, {**good, name: value})
        assert response.status_code == 422, value[:40]
        assert "<script>alert(1)" not in response.content.decode()


@pytest.mark.parametrize("name", ["product.name", "regions.0.targets.user_data"])
def test_text_that_is_allowed_is_stored_as_it_was_typed(people: World, as_user: SignIn, name: str) -> None:
    client = as_user(people.lead)
    path = f"/products/{people.product.pk}/edit/"
    good = {**fields(client, path), "do": "save"}
    for value in ('"><img src=x onerror=alert(1)>', "{{7*7}}", "\U0001f600", "=cmd|' /C calc'!A0"):
        response = client.post(path, {**good, name: value}, follow=True)
        assert response.status_code == 200
        assert fields(client, path)[name] == value
        assert "<img src=x" not in response.content.decode()


def test_no_nasty_value_breaks_an_existing_choice(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    path = f"/products/{people.product.pk}/edit/"
    good = {**fields(client, path), "do": "save"}
    good |= {f"regions.0.{part}.mode": "existing" for part in EXISTING}
    names = [f"regions.0.{part}.{key}" for part, keys in EXISTING.items() for key in keys]
    for shift in range(len(NASTY)):
        typed = {name: NASTY[(place + shift) % len(NASTY)] for place, name in enumerate(names)}
        response = client.post(path, {**good, **typed})
        assert response.status_code == 422
        assert "<img src=x" not in response.content.decode()
