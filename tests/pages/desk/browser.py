"""What a browser shows of the desk, as text."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client


def words(client: Client, url: str, **get: Any) -> str:
    """A page, its characters unescaped."""
    response = client.get(url, get)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def post(client: Client, url: str, **values: str) -> str:
    """What is shown after a form was sent."""
    response = client.post(url, values, follow=True)
    assert response.status_code == 200, response.content
    return html.unescape(response.content.decode())


def order(client: Client, **get: Any) -> list[str]:
    """The products in the queue, in their order."""
    return re.findall(r'rowheader" scope="row">\s*<a href="[^"]+">([^<]+)', words(client, "/desk/", **get))
