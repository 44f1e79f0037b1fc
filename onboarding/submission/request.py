"""The email that asks Seller Operations for the name servers of the user-friendly DNS name (S22, Q4, Q6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Email
from onboarding.submission.email import keep
from onboarding.submission.facts import Kept
from onboarding.submission.text import item, one_line, paragraph


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the request says. `services` are (region, service name, account); `private_name` may be ""."""

    seller: str
    product: str
    product_id: str
    friendly_name: str
    private_name: str
    services: tuple[tuple[str, str, str], ...]
    certificate_accounts: tuple[str, ...]
    records: tuple[Kept, ...]

    @property
    def key(self) -> str:
        """The same facts are the same request; other facts are asked again."""
        facts = [self.seller, self.product, self.product_id, self.friendly_name, self.private_name, self.services]
        facts += [self.certificate_accounts, [[one.name, one.value] for one in self.records]]
        return "name-servers-" + hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def request(asked: Asked) -> Email:
    """The mail: what the name is for, what is registered, what to keep, and what we need back."""
    return Email(
        key=asked.key,
        to="seller_ops",
        subject=f"Name servers for {asked.friendly_name}: {one_line(asked.product, 90)}",
        body="\n".join([*_what(asked), *_services(asked), *_records(asked.records, asked.friendly_name), *_need(asked)])
        + "\n",
    )


def _what(asked: Asked) -> Iterator[str]:
    yield "Dear Seller Operations team,"
    yield ""
    yield from paragraph(
        f"please make the zone {asked.friendly_name} and tell us its name servers, so that we can delegate the "
        "name to you."
    )
    yield ""
    yield from item("Product", asked.product, 24)
    yield from item("Marketplace product ID", asked.product_id, 24)
    yield from item("User-friendly DNS name", asked.friendly_name, 24)
    yield from item("Private DNS name", asked.private_name or "not provided", 24)
    yield ""


def _services(asked: Asked) -> Iterator[str]:
    width = 5 + max((len(region) for region, _, _ in asked.services), default=0)
    yield "Endpoint services and the accounts that created them"
    for region, name, account in asked.services:
        yield from item(f"   {region}", name, width)
        yield from item("", f"account {account}", width)
    if asked.certificate_accounts:
        yield f"Certificates were requested by account {', '.join(asked.certificate_accounts)}."
    yield ""


def _records(records: Sequence[Kept], friendly_name: str) -> Iterator[str]:
    if records:
        yield from keep(records, friendly_name)


def _need(asked: Asked) -> Iterator[str]:
    yield from paragraph(
        "We need from you the host names of two to six name servers, usually four. We then set the NS record of "
        f"{asked.friendly_name}, and send you the whole package."
    )
    yield ""
    yield one_line(asked.seller)
