"""The desk of Seller Operations: the mails that reached it, and their answers, by itself or by hand."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from typing import Any

from sandbox.aws.errors import AwsError
from sandbox.mail import Letter, Outbox
from sandbox.marketplace import letters, zones
from sandbox.marketplace.letters import Wish

ADDRESS = "ops@marketplace.example"


@dataclass
class Case:
    """One mail on the desk. `problem` says why it could not be answered by itself."""

    letter: Letter
    wish: Wish
    answered: bool = False
    problem: str = ""


class Desk:
    """Reads every mail to `address` (SANDBOX_SELLER_OPS, else ops@marketplace.example) when it comes.

    With `by_itself` it makes the zone of a name that it hears of for the first time, when the mail asks for name
    servers, and answers by mail. CNAMEs that later mails name go into the zone as well.
    """

    def __init__(self, outbox: Outbox) -> None:
        self.address, self.by_itself = os.environ.get("SANDBOX_SELLER_OPS") or ADDRESS, True
        self._outbox, self._cases = outbox, dict[int, Case]()
        self._lock = threading.Lock()
        outbox.watch(self.read)

    def read(self, letter: Letter) -> None:
        """Takes a mail in if it is for the desk."""
        if self.address.lower() not in map(str.lower, letter.recipients):
            return
        case = Case(letter, letters.read(letter.raw))
        with self._lock:
            self._cases[letter.number] = case
        try:
            self._serve(case)
        except (ValueError, AwsError) as wrong:
            case.problem = str(wrong.args[0]) if wrong.args else str(wrong)

    def _serve(self, case: Case) -> None:
        name = case.wish.name
        known = bool(name) and bool(zones.servers_of(name))
        if known and case.wish.cnames:
            zones.make_zone(name, self._below(case.wish))
        elif name and not known and self.by_itself and case.wish.asks:
            self._answer(case)

    def answer(self, number: int) -> list[str]:
        """Makes the zone that a mail asks for and answers it. Gives the name servers. ValueError if it names none."""
        case = self._cases.get(number)
        if case is None:
            raise ValueError(f"there is no mail {number} on the desk.")
        if not case.wish.name:
            raise ValueError(f"mail {number} names no user-friendly DNS name.")
        return self._answer(case)

    def _answer(self, case: Case) -> list[str]:
        servers = zones.make_zone(case.wish.name, self._below(case.wish))
        self._outbox.take(_reply(case, servers, self.address))
        case.answered, case.problem = True, ""
        return servers

    def _below(self, wish: Wish) -> dict[str, str]:
        return {owner: value for owner, value in wish.cnames.items() if owner.endswith(f".{wish.name}")}

    def clear(self) -> None:
        """Empties the desk; it answers by itself again."""
        with self._lock:
            self._cases.clear()
        self.by_itself = True

    def listed(self) -> list[dict[str, Any]]:
        """The mails, newest first, with what they want."""
        with self._lock:
            held = list(self._cases.values())
        return [
            {
                "number": case.letter.number,
                "time": case.letter.time,
                "sender": case.letter.sender,
                "subject": case.letter.subject,
                "name": case.wish.name,
                "cnames": self._below(case.wish),
                "services": list(case.wish.services),
                "asks": case.wish.asks,
                "answered": case.answered,
                "problem": case.problem,
            }
            for case in reversed(held)
        ]


def _reply(case: Case, servers: list[str], address: str) -> EmailMessage:
    asked = case.letter
    message = EmailMessage()
    message["From"] = f"Seller Operations <{address}>"
    message["To"] = parseaddr(_header(asked, "Reply-To") or _header(asked, "From"))[1] or asked.sender
    message["Subject"] = f"Re: {asked.subject}"
    message["Message-ID"] = make_msgid(domain="marketplace.example")
    if asked.message_id:
        message["In-Reply-To"] = asked.message_id
    head = f"We have made the zone. The name servers of {case.wish.name}:"
    message.set_content("\n".join([head, "", *servers, "", "Seller Operations", ""]))
    return message


def _header(letter: Letter, name: str) -> str:
    head = letter.raw.replace("\r\n", "\n").split("\n\n", 1)[0]
    found = [line for line in head.split("\n") if line.lower().startswith(f"{name.lower()}:")]
    return found[0].partition(":")[2].strip() if found else ""
