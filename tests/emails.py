"""The mails that reached the simulated world's mail server over SMTP, read as Seller Operations would read them."""

from __future__ import annotations

import email
import email.policy
import json
import re
import time
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from pytest_django import Settings

from tests.sandbox_process import SandboxProcess

OPS = "ops@marketplace.example"
HOST = r"(?:[a-z0-9_-]+\.)+[a-z0-9-]+"


def over_smtp(settings: Settings, sandbox: SandboxProcess) -> None:
    """The product's mails go over real SMTP to the simulated mail server, where Seller Operations has an address."""
    server = urlsplit(sandbox.addresses["email_url"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.SELLER_OPS_EMAIL = OPS


def letters(sandbox: SandboxProcess, to: str = OPS) -> list[EmailMessage]:
    """What reached an address, oldest first."""
    raw = [row["raw"] for row in sandbox.get(f"outbox?to={to}")]
    return [email.message_from_string(text, _class=EmailMessage, policy=email.policy.default) for text in raw]


def awaited(sandbox: SandboxProcess, count: int, to: str = OPS, seconds: float = 30.0) -> EmailMessage:
    """The newest letter to an address, once so many have come; AssertionError when they do not."""
    ends = time.monotonic() + seconds
    while len(found := letters(sandbox, to)) < count:
        assert time.monotonic() < ends, f"{len(found)} of {count} letters to {to}"
        time.sleep(0.1)
    assert len(found) == count, [str(one["Subject"]) for one in found]
    return found[-1]


def text(letter: EmailMessage) -> str:
    """A letter's plain text."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def attached(letter: EmailMessage) -> Any:
    """The JSON beside a letter; it must be the only attachment."""
    [part] = letter.iter_attachments()
    return json.loads(part.get_content())


def kept(letter: EmailMessage) -> dict[str, str]:
    """The CNAME records that a letter asks to keep: name to value, without final dots."""
    return dict(re.findall(rf"^ +({HOST})\. CNAME ({HOST})\.$", text(letter), re.MULTILINE))


def services(letter: EmailMessage) -> dict[str, tuple[str, str]]:
    """Region to the endpoint service's name and the account that created it, as a letter lists them (S27)."""
    rows = re.findall(rf"^ +([a-z0-9-]+) +({HOST})\n +account (\d{{12}})$", text(letter), re.MULTILINE)
    return {region: (name, account) for region, name, account in rows}
