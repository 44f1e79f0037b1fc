"""A product's card on Home: where it stands, its strip, and the one thing to do next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from onboarding.models import Item, ItemState, WaitsFor
from onboarding.pages.common.items import counts
from onboarding.pages.common.states import GO_LIVE, LIVE, MARKS, SELLER, Mark, mark
from onboarding.pages.common.times import Moment, moment
from onboarding.steps import checklist, doing, place
from sellers.models import Product

YOU, AWS, THEIRS, DONE = range(4)
WIDTH = 300.0
COLUMNS = (
    "product_id",
    "pk",
    "slug",
    "region",
    "state",
    "waiting_for",
    "message",
    "waiting_since",
    "ended_at",
    "started_at",
)


@dataclass(frozen=True)
class Rect:
    """One step of the progress strip."""

    x: str
    width: str
    css_class: str


@dataclass(frozen=True)
class Card:
    """A product: where it stands, and the one thing to do next.

    `lead` names the item that decides, `sentence` says what is with it; `also`: who else has something of it.
    """

    name: str
    seller: str
    url: str
    regions: str
    mark: Mark
    strip: list[Rect]
    counts: str
    lead: str
    sentence: str
    also: str
    action: str
    action_url: str
    age: Moment | None


def cards(products: Sequence[Any], acts: bool) -> list[Card]:
    """The cards of these products, in their order; one query. Each product comes with its `lane`."""
    items = _items([product.pk for product in products])
    return [_card(product, product.lane, items[product.pk], acts) for product in products]


@dataclass(frozen=True)
class _Row:
    """What a card needs of an item."""

    pk: UUID
    slug: str
    region: str
    state: str
    waiting_for: str
    message: str
    since: datetime | None

    @property
    def mark(self) -> Mark:
        return mark(self.state, self.waiting_for)


def _items(products: Sequence[UUID]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = defaultdict(list)
    rows = Item.objects.filter(product_id__in=products).order_by("region", "slug").values_list(*COLUMNS)
    for product, pk, slug, region, state, reason, detail, waiting, ended, started in rows:
        since = ended if state == ItemState.DONE else waiting or ended or started
        found[product].append(_Row(pk, slug, region, state, reason, detail, since))
    return found


def _card(product: Product, lane: int, items: Sequence[_Row], acts: bool) -> Card:
    worst = max(items, key=lambda row: row.mark.rank, default=None)
    url = reverse("onboarding:run", args=[product.pk])
    action, action_url = _action(lane, worst, url, acts)
    lead, sentence = _words(worst)
    return Card(
        name=product.name,
        seller=product.seller.name,
        url=url,
        regions=" · ".join(row.region for row in product.regions.all()) or "No region yet",
        mark=_mark(lane, worst, items, acts),
        strip=_strip(items),
        counts=counts(getattr(product, "progress", None)),
        lead=lead,
        sentence=sentence,
        also=_also(worst, items),
        action=action,
        action_url=action_url,
        age=moment(_since(worst, items) if worst else product.created_at),
    )


def _mark(lane: int, worst: _Row | None, items: Sequence[_Row], acts: bool) -> Mark:
    if worst is None:
        return MARKS[ItemState.TODO]
    if lane == DONE and any(row.slug == GO_LIVE and row.state == ItemState.DONE for row in items):
        return LIVE
    if not acts and (worst.state, worst.waiting_for) == (ItemState.WAITING, WaitsFor.YOU):
        return SELLER
    if lane == AWS and worst.state == ItemState.TODO:
        return MARKS[ItemState.WORKING]
    return worst.mark


def _since(worst: _Row, items: Sequence[_Row]) -> datetime | None:
    """Since when it stands so: a finished product since its last item ended."""
    ends = [row.since for row in items if row.since and row.state == ItemState.DONE]
    return max(ends, default=None) if worst.state == ItemState.DONE else worst.since


def _also(worst: _Row | None, items: Sequence[_Row]) -> str:
    """What waits for Marketplace besides what the card says already."""
    theirs = [row for row in items if row.state == ItemState.WAITING and row.waiting_for == WaitsFor.MARKETPLACE]
    if worst is None or not theirs or worst in theirs:
        return ""
    more = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
    return f"Also waiting on AWS Marketplace: {place(theirs[0].slug, theirs[0].region)}{more}."


def _words(worst: _Row | None) -> tuple[str, str]:
    """The item that decides, and what is with it."""
    if worst is None:
        return "", "Not started."
    where = place(worst.slug, worst.region)
    if worst.state == ItemState.FAILED:
        return f"{where} failed.", worst.message
    if worst.state == ItemState.WAITING:
        return f"{where}.", worst.message
    said = {
        ItemState.WORKING: f"{doing(worst.slug, worst.region)}.",
        ItemState.UNDOING: f"Deleting {where}.",
        ItemState.CANCELLED: "Canceled. Existing resources are kept.",
    }
    return "", said.get(ItemState(worst.state), "")


def _action(lane: int, worst: _Row | None, url: str, acts: bool) -> tuple[str, str]:
    if worst is None or (lane == YOU and worst.state in (ItemState.TODO, ItemState.CANCELLED)):
        return "Open run", url
    if lane == YOU:
        label = "Fix failed step" if acts and worst.state == ItemState.FAILED else "Open step"
        return label, reverse("onboarding:item", args=[worst.pk])
    return ("View run", url) if lane == AWS else ("Open product", url)


def _strip(items: Sequence[_Row]) -> list[Rect]:
    """One mark a step, in the state of its worst region."""
    worst: dict[str, Mark] = {}
    for row in items:
        worst[row.slug] = max(worst.get(row.slug, row.mark), row.mark, key=lambda seen: seen.rank)
    marks = [worst[step.slug] for step in checklist() if step.slug in worst]
    step = WIDTH / max(len(marks), 1)
    return [Rect(f"{n * step:.1f}", f"{step - 2:.1f}", seen.css_class) for n, seen in enumerate(marks)]
