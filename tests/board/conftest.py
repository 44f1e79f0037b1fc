"""A tenant for the boards' tests."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import Tenant


@pytest.fixture
def own(db: None) -> Tenant:
    """A seller with a product in two regions."""
    return factories.tenant()
