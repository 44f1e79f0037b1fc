"""A seller with its people, and somebody of Seller Operations."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from onboarding.models import Item
from sellers.models import User
from tests import factories
from tests.engine.conftest import fast, make
from tests.factories import Tenant
from tests.notices.rows import needs_you

__all__ = ["fast", "make"]


@pytest.fixture
def own(db: None) -> Tenant:
    """The seller whose people are told."""
    return factories.tenant()


@pytest.fixture
def other(db: None) -> Tenant:
    """Another seller."""
    return factories.tenant("canary-corp", "555555555555")


@pytest.fixture
def rita(db: None, settings: Settings) -> User:
    """Somebody of Seller Operations, who does not read the shared mailbox."""
    settings.SELLER_OPS_EMAIL = "ops@marketplace.example"
    return factories.reviewer()


@pytest.fixture
def waiting(own: Tenant) -> Item:
    """The seller's product waits for its people."""
    factories.started(own.product, own.lead)
    return needs_you(own.product)
