"""A product's request for name servers: the facts of its mail, and the records that its new zone must keep (Q4, Q6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onboarding.models import Evidence, Item, ItemState, WaitsFor
from onboarding.pages.common.items import moves, servers_awaited, servers_tried
from onboarding.pages.common.states import OUTCOMES, Mark, mark
from onboarding.pages.common.times import Moment, moment

YOURS = Mark("Your turn", "s-you", "user-exclamation")  # the reader is Marketplace
TRYING = Mark("In progress", "s-work", "loader-2")
SOURCES = ("access", "endpoint_service", "certificate_request", "validation")


@dataclass(frozen=True)
class Service:
    """One region's endpoint service and the account that created it."""

    region: str
    name: str
    account: str


@dataclass(frozen=True)
class Kept:
    """A CNAME that must stay in the new zone, or the certificate cannot renew."""

    name: str
    value: str


@dataclass(frozen=True)
class Answered:
    """What was seen of a name server that was handed over."""

    mark: Mark
    sentence: str


@dataclass(frozen=True)
class NameRequest:
    """The page. `servers` are those handed over, `closed` says why others cannot be given now."""

    product: str
    seller: str
    friendly_name: str
    mark: Mark
    detail: str
    asked: Moment | None
    services: list[Service]
    keep: list[Kept]
    servers: list[str]
    by: str
    answers: list[Answered]
    closed: str
    moves: bool


def name_request(item: Item) -> NameRequest:
    """The page of a `name_servers` item whose product and seller are loaded; two queries."""
    made = Item.objects.filter(product_id=item.product_id, slug__in=SOURCES, outputs__isnull=False)
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for slug, region, values in made.order_by("region").values_list("slug", "region", "outputs"):
        found.setdefault(slug, []).append((region, values or {}))
    account = next((values.get("account_id", "") for _, values in found.get("access", [])), "")
    done = item.state == ItemState.DONE
    waits = (item.state, item.waiting_for) == (ItemState.WAITING, WaitsFor.MARKETPLACE)
    return NameRequest(
        product=item.product.name,
        seller=item.seller.name,
        friendly_name=item.product.friendly_dns_name,
        mark=YOURS if servers_awaited(item) else TRYING if servers_tried(item) else mark(item.state, item.waiting_for),
        detail=_detail(item),
        asked=moment(item.waiting_since) if waits else None,
        services=[
            Service(region, values.get("service_name", ""), account)
            for region, values in found.get("endpoint_service", [])
        ],
        keep=_keep([values for slug in SOURCES[2:] for _, values in found.get(slug, [])], item),
        servers=list((item.outputs or {}).get("servers", []) or item.given().get("servers", [])),
        by=str((item.answer or {}).get("by", "")),
        answers=_answers(item),
        moves=moves(item),
        closed="The name servers are in use. To change them, the seller takes the delegation down first."
        if done
        else "",
    )


def _detail(item: Item) -> str:
    """What the reviewer is told: the item's own sentence, once some were given and looked at."""
    if item.state == ItemState.DONE:
        return "The name servers are in use."
    if not item.given().get("servers"):
        return f"The seller asks for the name servers of {item.product.friendly_dns_name}."
    if servers_tried(item):
        return "Checking the name servers."
    return item.message


def _keep(made: list[dict[str, Any]], item: Item) -> list[Kept]:
    """The CNAMEs at or below the friendly name, each once."""
    below = "." + item.product.friendly_dns_name
    found = {
        (record["name"], value)
        for values in made
        for record in values.get("records", [])
        if record.get("type") == "CNAME" and record["name"].endswith(below)
        for value in record.get("values", [])
    }
    return [Kept(name, value) for name, value in sorted(found)]


def _answers(item: Item) -> list[Answered]:
    """The newest evidence of each check, the last look's."""
    rows = list(Evidence.objects.filter(item=item).order_by("-id")[:24])
    newest = {row.check_name: row for row in reversed(rows)}
    return [Answered(OUTCOMES[row.outcome], row.sentence) for row in newest.values() if row.outcome in OUTCOMES]
