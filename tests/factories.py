"""Two sellers with people, proven connections and products, and items moved by the engine's own hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Now
from django.test import Client

from onboarding.engine import commands
from onboarding.engine.handover import hand_over
from onboarding.engine.lease import claim
from onboarding.engine.transition import Transition
from onboarding.models import AwsCall, Item, Run
from sellers.models import Connection, Membership, Product, Seller, User
from sellers.models.choices import ConnectionState, PlatformRole, Role
from sellers.spec import load_data
from sellers.spec_writer import save_spec

PASSWORD = "a sentence that nobody guesses"
REGIONS = ("us-east-1", "eu-west-1")
MARKETPLACE = {
    "profile": "marketplace",
    "marketplace_product_id": "prod-abc123def4567",
    "friendly_dns_name": "api.vpce.example.com",
}


@dataclass(frozen=True)
class Tenant:
    """A seller with its people and a product."""

    seller: Seller
    lead: User
    engineer: User
    product: Product


def person(email: str, *, platform: str = "", active: bool = True) -> User:
    """Somebody who can sign in."""
    name = email.split("@")[0].title()
    return User.objects.create_user(email, PASSWORD, name=name, platform_role=platform, is_active=active)


def spec(seller: str, account: str, name: str, regions: dict[str, Any]) -> dict[str, Any]:
    """A product of the native profile over TCP, with one buyer."""
    return {
        "seller": seller,
        "product": {"name": name, "profile": "native", "private_dns_name": "api.example.com"},
        "connections": {"service": f"arn:aws:iam::{account}:role/onboarding"},
        "regions": regions,
        "buyers": [{"account_id": "333333333333", "alias": "Acme"}],
    }


def tenant(slug: str = "example-analytics", account: str = "111111111111", *, proven: bool = True) -> Tenant:
    """A seller, its lead and engineer, and a product with two regions over a connection."""
    seller = Seller.objects.create(slug=slug, name=slug.replace("-", " ").title())
    lead, engineer = person(f"lead@{slug}.example"), person(f"engineer@{slug}.example")
    Membership.objects.create(seller=seller, user=lead, role=Role.LEAD)
    Membership.objects.create(seller=seller, user=engineer, role=Role.ENGINEER)
    return Tenant(seller, lead, engineer, product(seller, account, proven=proven))


def product(
    seller: Seller,
    account: str = "111111111111",
    *,
    name: str = "",
    regions: dict[str, Any] | None = None,
    proven: bool = True,
    facts: dict[str, str] | None = None,
) -> Product:
    """A product of the seller, in two regions unless told otherwise; `facts` replace some of its plain ones."""
    wanted = {region: {} for region in REGIONS} if regions is None else regions
    data = spec(seller.slug, account, name or seller.name, wanted)
    data["product"] |= facts or {}
    saved = save_spec(load_data(data), None)
    if proven:
        Connection.objects.filter(seller=seller).update(state=ConnectionState.PROVEN)
    return Product.objects.get(pk=saved.product.pk)


def admin() -> User:
    """The platform's administrator."""
    return person("ada@platform.example", platform=PlatformRole.ADMIN)


def reviewer() -> User:
    """Somebody of Seller Operations."""
    return person("rita@platform.example", platform=PlatformRole.REVIEWER)


def signed_in(user: User, **headers: str) -> Client:
    """A browser in which somebody has just given the password."""
    client = Client(headers=headers)
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def started(product: Product, by: User | None = None) -> Run:
    """The product's checklist, started; nobody works on it."""
    return commands.provision(product, by).run


def item(product: Product, slug: str, region: str = "") -> Item:
    """One item, as it is now."""
    return Item.objects.get(product=product, slug=slug, region=region)


def moved(item: Item, to: str, *, calls: list[AwsCall] | None = None, **how: Any) -> Item:
    """The item, claimed and moved as a worker would."""
    Item.objects.filter(pk=item.pk).update(next_check_at=Now())
    held = claim(item.pk)
    assert held is not None
    hand_over(held, Transition(to=to, **how), calls or [])
    return Item.objects.get(pk=item.pk)
