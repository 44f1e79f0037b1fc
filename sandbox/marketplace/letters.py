"""What Seller Operations reads out of a seller's mail: the friendly name, the CNAMEs to keep, the services."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}"
_FRIENDLY = re.compile(rf"friendly[ _-]?(?:dns[ _-]?)?name[^a-z0-9]{{1,60}}({_HOST})", re.I)
_RECORD = re.compile(rf"_[a-z0-9-]+\.{_HOST}", re.I)
_SERVICE = re.compile(r"com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{8,17}", re.I)
_ASKS = re.compile(r"name[ -]?servers?\b", re.I)
_PROOF = ".acm-validations.aws"


@dataclass(frozen=True)
class Wish:
    """What one mail wants. `name` is "" when the mail names none; `asks` when its subject asks for name servers."""

    name: str
    cnames: dict[str, str]
    services: tuple[str, ...]
    asks: bool


def read(raw: str) -> Wish:
    """The wish in a mail, from its text and from what is attached to it."""
    message = email.message_from_string(raw, _class=EmailMessage, policy=email.policy.default)
    text = "\n".join(_texts(message))
    found = _FRIENDLY.search(text)
    return Wish(
        name=found[1].lower() if found else "",
        cnames=_cnames(text),
        services=tuple(dict.fromkeys(service.lower() for service in _SERVICE.findall(text))),
        asks=bool(_ASKS.search(str(message["Subject"] or ""))),
    )


def _texts(message: EmailMessage) -> list[str]:
    """The plain text first, then attachments that are text or JSON."""
    parts = [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]
    kinds = ("text/plain", "application/json")
    wanted = [part for part in parts if part.get_content_type() in kinds]
    contents = [part.get_content() for part in wanted]
    return [c.decode(errors="replace") if isinstance(c, bytes) else str(c) for c in contents]


def _cnames(text: str) -> dict[str, str]:
    """Each name with a leading underscore, and the proof of ACM that follows it."""
    found: dict[str, str] = {}
    owner = ""
    for name in (match.lower() for match in _RECORD.findall(text)):
        if not name.endswith(_PROOF):
            owner = name
        elif owner:
            found[owner], owner = name, ""
    return found
