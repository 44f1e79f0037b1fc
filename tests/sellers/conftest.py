"""People and things of two sellers: Alice leads, Bob engineers, Mallory belongs elsewhere, Ada administers."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from sellers.models import Connection, Membership, Product, Seller, User
from sellers.models.choices import PlatformRole, Role
from sellers.spec import load
from sellers.spec_writer import save_spec
from tests.sellers.values import EXAMPLE

PASSWORD = "a sentence that nobody guesses"


@dataclass(frozen=True)
class World:
    """Two sellers, their people, and a product each."""

    seller: Seller
    other: Seller
    lead: User
    engineer: User
    mallory: User
    admin: User
    reviewer: User
    product: Product
    foreign: Product

    @property
    def connection(self) -> Connection:
        """The service connection of the own product."""
        return self.seller.connections.get(role_arn__endswith=":role/onboarding")


def _person(email: str, seller: Seller | None = None, role: str = Role.ENGINEER, platform: str = "") -> User:
    user = User.objects.create_user(email, PASSWORD, name=email.split("@")[0].title(), platform_role=platform)
    if seller:
        Membership.objects.create(seller=seller, user=user, role=role)
    return user


@pytest.fixture
def people(db: None) -> World:
    """The two sellers."""
    own = Seller.objects.create(slug="example-analytics", name="Example Analytics")
    other = Seller.objects.create(slug="other-corp", name="Canary Other Corp")
    lead = _person("alice@example.com", own, Role.LEAD)
    mallory = _person("mallory@canary.example", other, Role.LEAD)
    foreign = EXAMPLE.replace("example-analytics", "other-corp").replace("Example Analytics", "Canary Product")
    foreign = foreign.replace("111111111111", "555555555555").replace("222222222222", "666666666666")
    return World(
        seller=own,
        other=other,
        lead=lead,
        engineer=_person("bob@example.com", own),
        mallory=mallory,
        admin=_person("ada@platform.example", platform=PlatformRole.ADMIN),
        reviewer=_person("rita@platform.example", platform=PlatformRole.REVIEWER),
        product=save_spec(load(EXAMPLE), lead).product,
        foreign=save_spec(load(foreign), mallory).product,
    )


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which somebody has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
