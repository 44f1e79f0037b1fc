"""The delegation guard in words: what the NS record hides, and what must come before it (Q4, S22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from onboarding.checklist.words import counted
from onboarding.dns.records import below
from onboarding.models import Evidence, Item, ItemState, WaitsFor
from onboarding.pages.common.items import servers_awaited
from onboarding.pages.common.states import MARKS, OUTCOMES, WAITS, Mark
from onboarding.pages.dns.records import RecordRow
from sellers.models import Product
from sellers.models.choices import Profile

KEPT = "cname.kept."


@dataclass(frozen=True)
class Guard:
    """`stay` and `hidden` are the records of the seller's zone that the delegation leaves and hides; `lines` is what
    Seller Operations must put into the delegated zone, `kept` what was seen of them there. `open`: all certificates are
    issued.
    """

    name: str
    zone: str
    open: bool
    mark: Mark
    sentence: str
    stay: list[RecordRow]
    hidden: list[RecordRow]
    lines: str
    delegated: bool
    kept: list[tuple[Mark, str]]
    servers_url: str


def guard(
    product: Product, items: Sequence[Item], rows: Sequence[RecordRow], evidence: Iterable[Evidence]
) -> Guard | None:
    """The guard of a product whose name is delegated to Marketplace; None for the native profile."""
    name = product.friendly_dns_name
    if not name or product.profile == Profile.NATIVE:
        return None
    issued = [item for item in items if item.slug == "certificate" and item.state == ItemState.DONE]
    regions = {item.region for item in items if item.region and item.state != ItemState.NOT_NEEDED}
    ready = bool(regions) and {item.region for item in issued} >= regions
    records = [row for row in rows if row.record.type != "NS"]
    hidden = [row for row in records if below(row.record.name, name)]
    asks = next((item for item in items if item.slug == "name_servers"), None)
    delegated = any(item.slug == "delegation" and item.state == ItemState.DONE for item in items)
    return Guard(
        name=name,
        zone=next((row.zone for row in rows if row.zone), ""),
        open=ready,
        mark=_mark(ready, len(issued), len(regions)),
        sentence=_sentence(name, ready, delegated),
        stay=[row for row in records if row not in hidden],
        hidden=hidden,
        lines="\n".join(f"{row.host} {row.record.type} {' '.join(row.values)}" for row in hidden),
        delegated=delegated,
        kept=[(OUTCOMES[row.outcome], row.sentence) for row in evidence if row.check_name.startswith(KEPT)],
        servers_url=reverse("onboarding:item", args=[asks.pk]) if asks and servers_awaited(asks) else "",
    )


def _mark(ready: bool, issued: int, regions: int) -> Mark:
    words = f"Certificates issued in {issued} of {counted(regions, 'region')}"
    like = MARKS[ItemState.DONE] if ready else WAITS[WaitsFor.AWS]
    return Mark(words, like.css_class, like.icon)


def _sentence(name: str, ready: bool, delegated: bool) -> str:
    if delegated:
        return f"{name} is delegated. The certificates renew only while Marketplace’s zone serves the lines below."
    if ready:
        return "All certificates are issued, so the NS record may be set."
    return "Do not set the NS record yet: it is refused until the certificates of all regions are issued."
