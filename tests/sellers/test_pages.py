"""Pages: what people see, and that no typed value breaks or escapes a page."""

from collections.abc import Callable

import pytest
from django.test import Client

from sellers.models import User
from tests.sellers.conftest import World

SignIn = Callable[[User], Client]


def test_every_page_opens_for_a_lead(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    product, connection = people.product.pk, people.connection.pk
    for path in (
        "/products/",
        "/products/new/",
        f"/products/{product}/",
        f"/products/{product}/edit/",
        "/connections/",
        "/connections/new/",
        f"/connections/{connection}/",
        "/members/",
        "/accounts/password/change/",
        "/accounts/two-factor/",
        "/accounts/two-factor/totp/activate/",
    ):
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        assert b"Canary" not in response.content, path
