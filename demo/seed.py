"""Fills the demo by running the product itself, once its first page answers: `python -m demo.seed`."""

from __future__ import annotations

import json
import os
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.core.management import call_command

SAMPLES = Path(__file__).parent / "samples"
ROLES = ("arn:aws:iam::111111111111:role/onboarding", "arn:aws:iam::222222222222:role/onboarding-test")
SELLER = "example-analytics"
# The quota of Network Load Balancers (elasticloadbalancing, L-69A177A2), so that one sample fails.
FULL = {
    "account_id": "111111111111",
    "region": "ap-southeast-2",
    "service": "elasticloadbalancing",
    "code": "L-69A177A2",
    "value": 0,
}


def seed() -> None:
    """Connects two accounts and starts three onboardings, each by the command that a person would type."""
    for arn in ROLES:
        connect(arn)
    world("quotas", FULL)
    for sample in ("example-analytics", "example-reports", "example-search"):
        product("onboard", str(SAMPLES / f"{sample}.yaml"))


def connect(arn: str) -> None:
    """Issues an external id, makes the role as the seller would in their console, and proves it."""
    told = json.loads(product("connection", "create", "--seller", SELLER, "--role-arn", arn, "--json"))
    _, _, _, _, account, resource = arn.split(":", 5)
    role = {"account_id": account, "role_name": resource.removeprefix("role/")}
    world("roles", {**role, "trust_policy": told["trust_policy"]})
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


def world(action: str, values: dict[str, Any]) -> None:
    """Does something in the simulated AWS, as a person would on its page. RuntimeError when it refuses."""
    connection = HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc, timeout=30)
    connection.request("POST", f"/_sandbox/api/{action}", json.dumps(values))
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"The simulated AWS refused {action}: {text}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seed()
