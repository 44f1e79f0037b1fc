"""The permissions that a product's roles need, ready to paste, before anything has run."""

from __future__ import annotations

import json
from dataclasses import dataclass

from onboarding.permissions.policy import policy
from onboarding.steps import checklist
from sellers.models import Connection, Product
from sellers.spec_writer import spec_of

ROLES = {
    "service": "Service account",
    "certificates": "Certificate account",
    "dns": "DNS account",
    "buyer_test": "Buyer test account",
}


@dataclass(frozen=True)
class RolePolicy:
    """One role's policy as JSON; `read_only` is the part of it that a verification needs."""

    role: str
    title: str
    connection: Connection
    document: str
    read_only: str


def role_policies(product: Product) -> list[RolePolicy]:
    """A policy for each role of ROLES that the product has; none without a service connection or a region."""
    if product.service_connection is None or not product.regions.exists():
        return []
    links = {role: getattr(product, f"{role}_connection") for role in ROLES}
    return [
        RolePolicy(role, ROLES[role], link, _json(product, role, False), _json(product, role, True))
        for role, link in links.items()
        if link is not None
    ]


def _json(product: Product, role: str, read_only: bool) -> str:
    document = policy(checklist(), spec_of(product), read_only, owner=str(product.seller_id), role=role)
    return json.dumps(document, indent=2)
