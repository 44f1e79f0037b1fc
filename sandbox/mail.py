"""The world's mail server: takes every message, keeps it, delivers none."""

from __future__ import annotations

import asyncio
import email
import email.policy
import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

KEPT = 2_000
MAX_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Letter:
    """A message as it came. `recipients` are those of the envelope, in the order given."""

    number: int
    time: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    text: str
    html: str
    raw: str = field(repr=False)

    def summary(self) -> dict[str, Any]:
        """The letter as JSON."""
        return asdict(self)


class Outbox:
    """The letters, newest last; at most 2,000 are kept."""

    def __init__(self) -> None:
        self._letters: deque[Letter] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._watchers: list[Callable[[Letter], None]] = []

    def watch(self, watcher: Callable[[Letter], None]) -> None:
        """Tell this function of every letter from now on."""
        self._watchers.append(watcher)

    def letters(self, to: str | None = None) -> list[Letter]:
        """All letters, or those with this recipient (case does not count)."""
        found = list(self._letters)
        if to is None:
            return found
        return [letter for letter in found if to.lower() in map(str.lower, letter.recipients)]

    def letter(self, number: int) -> Letter:
        """The letter with this number. KeyError when it is not there."""
        for letter in self._letters:
            if letter.number == number:
                return letter
        raise KeyError(f"There is no letter {number} in the outbox.")

    def clear(self) -> None:
        """Forgets all letters."""
        self._letters.clear()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        """Takes one message; called by aiosmtpd."""
        self._keep(envelope.original_content or b"", envelope.mail_from or "", tuple(envelope.rcpt_tos))
        return "250 OK, kept in the outbox"

    def take(self, message: EmailMessage) -> None:
        """Takes a message that someone in the world writes."""
        sender, recipient = (parseaddr(str(message[field]))[1] for field in ("From", "To"))
        self._keep(message.as_bytes(policy=email.policy.SMTP), sender, (recipient,))

    def _keep(self, content: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        message = email.message_from_bytes(content, policy=email.policy.default)
        letter = Letter(
            number=next(self._numbers),
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            sender=sender,
            recipients=recipients,
            subject=str(message["Subject"] or ""),
            message_id=str(message["Message-ID"] or ""),
            text=_body(message, "plain"),
            html=_body(message, "html"),
            raw=content.decode(errors="replace"),
        )
        self._letters.append(letter)
        for watcher in self._watchers:
            watcher(letter)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def serve(outbox: Outbox, host: str, port: int) -> int:
    """Starts the SMTP server in a thread of its own and returns its port. OSError if the port is taken."""
    loop = asyncio.new_event_loop()
    factory = lambda: SMTP(outbox, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, hostname="sandbox")  # noqa: E731
    server = loop.run_until_complete(loop.create_server(factory, host, port))
    threading.Thread(target=loop.run_forever, name="smtp", daemon=True).start()
    bound: int = server.sockets[0].getsockname()[1]
    return bound
