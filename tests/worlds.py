"""A seller with proven roles in the simulated AWS, and products made from specs, for tests of the engine and the
commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sellers.models import Connection, Product, Seller
from sellers.spec import load_data
from sellers.store import save_spec
from tests.sandbox_process import SandboxProcess

SELLER, BUYER = "111111111111", "222222222222"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def trust(principal: str, external_id: str) -> dict[str, Any]:
    """A role's trust policy as the product tells people to write it."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }


def connect(
    sandbox: SandboxProcess, seller: Seller, account: str, name: str, policy: dict[str, Any] | None = None
) -> Connection:
    """A proven connection: the role exists in the simulated account with our trust policy."""
    arn = f"arn:aws:iam::{account}:role/{name}"
    row, _ = Connection.objects.get_or_create(seller=seller, role_arn=arn)
    hub = sandbox.client("sts").get_caller_identity()["Arn"]
    sandbox.post(
        "roles",
        {
            "account_id": account,
            "role_name": name,
            "trust_policy": trust(hub, row.external_id),
            "policies": [policy or ALL],
        },
    )
    Connection.objects.filter(pk=row.pk).update(state="proven")
    row.refresh_from_db()
    return row


def spec(regions: Mapping[str, Any], **product: Any) -> dict[str, Any]:
    """A spec of the native profile over TCP: what the spine can finish by itself."""
    facts = {
        "name": "Example Analytics",
        "profile": "native",
        "listener": {"protocol": "TCP", "port": 443, "target_port": 8443},
    }
    return {
        "seller": "example-analytics",
        "product": {**facts, **product},
        "connections": {"service": f"arn:aws:iam::{SELLER}:role/onboarding"},
        "regions": dict(regions),
        "buyers": [{"account_id": "333333333333", "alias": "Acme"}],
    }


def product(sandbox: SandboxProcess, data: dict[str, Any]) -> Product:
    """The spec's product, stored, with its service role connected."""
    seller, _ = Seller.objects.get_or_create(slug=data["seller"], defaults={"name": "Example Analytics"})
    connect(sandbox, seller, SELLER, "onboarding")
    return save_spec(load_data(data), None).product
