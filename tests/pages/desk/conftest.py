"""A reviewer at the review desk, with a product that has sent a version."""

from __future__ import annotations

import pytest
from django.test import Client

from onboarding.models import Submission
from sellers.models import Product, User
from tests import factories, submissions
from tests.factories import Tenant


@pytest.fixture
def own(db: None) -> Tenant:
    """The seller whose package is looked at."""
    return factories.tenant()


@pytest.fixture
def other(db: None) -> Tenant:
    """Another seller."""
    return factories.tenant("canary-corp", "555555555555")


@pytest.fixture
def rita(db: None) -> User:
    """Somebody of Seller Operations."""
    return factories.reviewer()


@pytest.fixture
def desk(rita: User) -> Client:
    """Her browser."""
    return factories.signed_in(rita)


@pytest.fixture
def product(own: Tenant) -> Product:
    """A product that is submitted."""
    return submissions.marketplace_product(own.seller)


@pytest.fixture
def version(product: Product) -> Submission:
    """Its first version, sent now."""
    return submissions.sent(product)
