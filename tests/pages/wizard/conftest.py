"""What the wizard's tests share: a seller whose people type, and a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from sellers.drafts import Read, begin, flat, keep
from sellers.models import Draft, User
from sellers.spec import load_data
from tests import factories
from tests.factories import Tenant
from tests.sellers.values import example


@dataclass
class Desk:
    """A draft, and the browser of somebody who works on it."""

    draft: Draft
    user: User
    client: Client

    def url(self, page: str, end: str = "") -> str:
        """The address of a page."""
        return f"/drafts/{self.draft.pk}/{page}/{end}"

    def post(self, page: str, version: int | None = None, **values: Any) -> Any:
        """The page's form, sent with the version that it was read at; `__` in names stands for a dot."""
        data = {name.replace("__", "."): value for name, value in values.items()}
        return self.client.post(self.url(page), {"version": self.version if version is None else version, **data})

    def save(self, page: str, path: str, value: object, version: int | None = None, **more: object) -> Any:
        """One field, sent as htmx does."""
        data = {"version": self.version if version is None else version, "only": path, path: value, **more}
        return self.client.post(self.url(page, "save/"), data, headers={"HX-Request": "true"})

    @property
    def version(self) -> int:
        """The draft's version now."""
        self.draft.refresh_from_db()
        return self.draft.version

    @property
    def data(self) -> dict[str, Any]:
        """What the draft holds now."""
        self.draft.refresh_from_db()
        return self.draft.data


@pytest.fixture
def own(db: None, settings: Settings) -> Tenant:
    """The seller, its people, a product over a connection that nobody has proven: no page asks AWS."""
    settings.HUB_PRINCIPAL_ARN = "arn:aws:iam::999999999999:role/hub"
    return factories.tenant(proven=False)


@pytest.fixture
def desk(own: Tenant) -> Desk:
    """An empty draft, and the engineer's browser."""
    draft = begin(own.seller, own.engineer)
    return Desk(draft, own.engineer, factories.signed_in(own.engineer))


@pytest.fixture
def full(own: Tenant) -> Desk:
    """A draft of which a plan can be made: the documentation's example, its roles connected."""
    data = example(product__name="Second product")
    for arn in data["connections"].values():
        if arn != "none":
            own.seller.connections.get_or_create(role_arn=arn)
    draft = begin(own.seller, own.engineer)
    keep(draft.pk, flat(load_data(data)), Read(1), own.engineer)
    return Desk(draft, own.engineer, factories.signed_in(own.engineer))


def colleague(desk: Desk, tenant: Tenant) -> Desk:
    """The same draft in the lead's browser."""
    return Desk(desk.draft, tenant.lead, factories.signed_in(tenant.lead))
