"""A seller with proven roles in the simulated AWS, and products made from specs, for tests of the engine and the
commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sellers import formats
from sellers.models import Connection, Product, Seller
from sellers.spec import load_data
from sellers.spec_writer import save_spec
from tests.sandbox_process import SandboxProcess

SELLER, BUYER = "111111111111", "222222222222"
FRIENDLY, PRIVATE = "api.vpce.example.com", "api.example.com"
# Targets with software of the seller's own: the simulated instance listens where a line of its user data says so.
OWN_TARGETS = {"targets": {"image_id": "ami-0a1c2e3f405162738", "user_data": "# plc:listen 8443/tcp\n"}}
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


def whole(regions: Mapping[str, Any], **product: Any) -> dict[str, Any]:
    """A spec of both profiles, with every connection: a product that can go all the way to live."""
    facts = {
        "profile": "both",
        "marketplace_product_id": "prod-abc123def4567",
        "friendly_dns_name": FRIENDLY,
        "private_dns_name": PRIVATE,
        **product,
    }
    data = spec(regions, **facts)
    data["connections"]["buyer_test"] = f"arn:aws:iam::{BUYER}:role/onboarding-test"
    return data


def zone(sandbox: SandboxProcess, name: str = "example.com", account: str = SELLER) -> str:
    """A public hosted zone in an account, live in the simulated DNS; its id."""
    client = sandbox.client("route53", account)
    made = client.create_hosted_zone(Name=name, CallerReference=f"{account}/{name}")
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def whole_product(sandbox: SandboxProcess, data: dict[str, Any]) -> Product:
    """The spec's product, stored, its roles connected and its DNS zone there."""
    seller, _ = Seller.objects.get_or_create(slug=data["seller"], defaults={"name": "Example Analytics"})
    for arn in dict.fromkeys(arn for arn in data["connections"].values() if arn != "none"):
        connect(sandbox, seller, formats.account_of(arn), arn.rpartition("/")[2])
    zone(sandbox)
    return save_spec(load_data(data), None).product


def answers(servers: list[str]) -> dict[str, dict[str, Any]]:
    """What people answer on the way to live, by item: name servers, process (S46) and order, confirmation."""
    return {
        "name_servers": {"servers": servers},
        "submission": {
            "process": "New buyers get a mail with the steps; we add the account within a day.",
            "order": "send",
        },
        "go_live": {"confirmed": "yes"},
    }
