"""Fills the demo by running the product itself, once its first page answers: `python -m demo.seed`."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command

from demo import story, world

SAMPLES = Path(__file__).parent / "samples"
SELLER_ACCOUNT = "111111111111"
ROLES = (f"arn:aws:iam::{SELLER_ACCOUNT}:role/onboarding", "arn:aws:iam::222222222222:role/onboarding-test")
SELLER, LIVE = "example-analytics", "example-analytics"
# The quota of Network Load Balancers (elasticloadbalancing, L-69A177A2), so that one sample fails.
FULL = {
    "account_id": SELLER_ACCOUNT,
    "region": "ap-southeast-2",
    "service": "elasticloadbalancing",
    "code": "L-69A177A2",
    "value": 0,
}


def seed() -> None:
    """Gives the seller what one has, starts three onboardings as a person would, and carries one of them to live."""
    from sellers.models import Product

    world.zone("example.com", SELLER_ACCOUNT)
    world.do("dns_zone", {"name": "example.net", "held": True})
    for arn in ROLES:
        connect(arn)
    world.do("quotas", FULL)
    for sample in (LIVE, "example-reports", "example-search"):
        product("onboard", str(SAMPLES / f"{sample}.yaml"))
    story.to_live(Product.objects.get(seller__slug=SELLER, slug=LIVE))


def connect(arn: str) -> None:
    """Issues an external ID, makes the role as the seller would in their console, and proves it."""
    told = json.loads(product("connection", "create", "--seller", SELLER, "--role-arn", arn, "--json"))
    _, _, _, _, account, resource = arn.split(":", 5)
    role = {"account_id": account, "role_name": resource.removeprefix("role/")}
    world.do("roles", {**role, "trust_policy": told["trust_policy"]})
    product("connection", "test", "--seller", SELLER, "--role-arn", arn)


def product(*words: str) -> str:
    """Runs a command of the product and returns what it says. RuntimeError when it does not end with 0."""
    said, complained = StringIO(), StringIO()
    try:
        call_command(*words, stdout=said, stderr=complained)
    except SystemExit as end:
        if end.code:
            command = " ".join(words)
            text = f"`manage.py {command}` ended with {end.code}: {complained.getvalue()}"
            raise RuntimeError(text) from None
    return said.getvalue()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seed()
