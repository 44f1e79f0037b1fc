"""What people do in the simulated AWS itself: on its page, or in their own console."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3


def do(action: str, values: Mapping[str, Any]) -> Any:
    """Does something, as a person would on the world's page; gives its answer. RuntimeError when it refuses."""
    return _ask("POST", action, json.dumps(values))


def look(view: str) -> Any:
    """What the world's page shows."""
    return _ask("GET", view)


def zone(name: str, account: str) -> None:
    """Makes a public hosted zone in an account, as its owner would in Route 53. It is live at once."""
    client = boto3.client("route53", **do("admin", {"account_id": account}))
    client.create_hosted_zone(Name=name, CallerReference=f"the demo, {name}")


def _ask(method: str, name: str, body: str | None = None) -> Any:
    connection = HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc, timeout=30)
    try:
        connection.request(method, f"/_sandbox/api/{name}", body)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"The simulated AWS refused {name}: {text}")
    return json.loads(text)
