"""Two tenants for the pages' tests."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import Tenant


@pytest.fixture
def own(db: None) -> Tenant:
    """The seller whose people look."""
    return factories.tenant()


@pytest.fixture
def other(db: None) -> Tenant:
    """Another seller."""
    return factories.tenant("canary-corp", "555555555555")
