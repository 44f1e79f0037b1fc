"""Home: the products as cards in lanes by whose turn it is. Five queries a page, however many products there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.urls import reverse

from onboarding.board.run import counts
from onboarding.board.times import Moment, moment
from onboarding.board.words import GO_LIVE, LIVE, MARKS, SELLER, Mark, doing, mark, place
from onboarding.models import Item, ItemState, Run, RunState, WaitsFor
from onboarding.steps import checklist
from sellers.models import Product, ProductRegion

A_PAGE = 24
YOU, AWS, THEIRS, DONE = range(4)
WIDTH = 300.0
COLUMNS = (
    "product_id", "pk", "slug", "region", "state", "reason", "detail", "waiting_since", "ended_at", "started_at",
)  # fmt: skip


@dataclass(frozen=True)
class Rect:
    """One step of the progress strip."""

    x: str
    width: str
    tone: str


@dataclass(frozen=True)
class Card:
    """A product: where it stands, and the one thing to do next. `also`: who else has something of it."""

    name: str
    seller: str
    url: str
    regions: str
    mark: Mark
    strip: list[Rect]
    counts: str
    sentence: str
    also: str
    action: str
    action_url: str
    filled: bool
    age: Moment | None


@dataclass(frozen=True)
class Lane:
    """Cards whose next move is the same party's."""

    key: str
    title: str
    tone: str
    icon: str
    hint: str
    cards: list[Card]


@dataclass(frozen=True)
class Home:
    """The page. `first` is the card to begin with when something waits for the person."""

    lanes: list[Lane]
    first: Card | None
    yours: int
    page: Page[Any]


LANES = (
    ("you", "Your turn", "s-you", "user-exclamation", "Nothing moves here until you act."),
    ("aws", "AWS is working", "s-work", "cloud", "These go on by themselves; you can leave."),
    ("theirs", "Waiting for Marketplace", "s-wait", "building-store", "Others have it now; nothing waits for you."),
    ("done", "Done", "s-done", "circle-check", "Nothing is left to do."),
)
# Who only looks (an administrator) is not told that it is their turn.
SELLERS_TURN = ("you", "The seller’s turn", "s-you", "user-exclamation", "Nothing moves here until the seller acts.")


def lane() -> Combinable:
    """Whose turn it is, from the stored counters alone; the first rule that fits counts."""
    at_work = Q(progress__working__gt=0) | Q(progress__undoing__gt=0)
    asked = Q(progress__waiting__gt=F("progress__on_you") + F("progress__on_marketplace"))
    running = Exists(Run.objects.filter(product=OuterRef("pk"), state=RunState.OPEN))
    left = Q(progress__isnull=True) | Q(progress__todo__gt=0) | Q(progress__cancelled__gt=0)
    rules: list[When] = [
        When(Q(progress__failed__gt=0) | Q(progress__on_you__gt=0), then=Value(YOU)),
        When(at_work | asked, then=Value(AWS)),
        When(progress__on_marketplace__gt=0, then=Value(THEIRS)),
        When(running, then=Value(AWS)),
        When(left, then=Value(YOU)),
    ]
    return Case(*rules, default=Value(DONE), output_field=IntegerField())


def home(products: QuerySet[Product], page: str | None, *, acts: bool = True) -> Home:
    """A page of the products' cards, those that wait for the person first, the longest wait on top.

    `acts` is False for who may look and not act: the turn is then the seller's.
    """
    rows = (
        products.annotate(lane=lane())
        .select_related("progress")
        .prefetch_related(Prefetch("regions", ProductRegion.objects.only("product_id", "region", "created_at")))
        .order_by("lane", F("progress__changed_at").asc(nulls_last=True), "name", "pk")
    )
    shown = Paginator(rows, A_PAGE).get_page(page)
    items = _items([product.pk for product in shown.object_list])
    by_lane: dict[int, list[Card]] = defaultdict(list)
    for product in shown.object_list:
        by_lane[product.lane].append(_card(product, product.lane, items[product.pk], acts))  # type: ignore[attr-defined]
    titles = LANES if acts else (SELLERS_TURN, *LANES[1:])
    lanes = [Lane(*words, cards=by_lane[number]) for number, words in enumerate(titles)]
    yours = by_lane[YOU]
    return Home(lanes, yours[0] if yours else None, len(yours), shown)


@dataclass(frozen=True)
class _Row:
    """What a card needs of an item."""

    pk: UUID
    slug: str
    region: str
    state: str
    reason: str
    detail: str
    since: datetime | None

    @property
    def mark(self) -> Mark:
        return mark(self.state, self.reason)


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
    return Card(
        name=product.name,
        seller=product.seller.name,
        url=url,
        regions=" · ".join(row.region for row in product.regions.all()) or "No region yet",
        mark=_mark(lane, worst, items, acts),
        strip=_strip(items),
        counts=counts(getattr(product, "progress", None)),
        sentence=_sentence(worst),
        also=_also(worst, items),
        action=action,
        action_url=action_url,
        filled=lane == YOU,
        age=moment(_since(worst, items) if worst else product.created_at),
    )


def _mark(lane: int, worst: _Row | None, items: Sequence[_Row], acts: bool) -> Mark:
    if worst is None:
        return MARKS[ItemState.TODO]
    if lane == DONE and any(row.slug == GO_LIVE and row.state == ItemState.DONE for row in items):
        return LIVE
    if not acts and (worst.state, worst.reason) == (ItemState.WAITING, WaitsFor.YOU):
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
    theirs = [row for row in items if row.state == ItemState.WAITING and row.reason == WaitsFor.MARKETPLACE]
    if worst is None or not theirs or worst in theirs:
        return ""
    more = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
    return f"Waiting for Marketplace, too: {place(theirs[0].slug, theirs[0].region)}{more}."


def _sentence(worst: _Row | None) -> str:
    if worst is None:
        return "Nothing has been built yet."
    where = place(worst.slug, worst.region)
    if worst.state == ItemState.FAILED:
        return f"{where} failed. {worst.detail}"
    if worst.state == ItemState.WORKING:
        return f"{doing(worst.slug, worst.region)}."
    if worst.state == ItemState.UNDOING:
        return f"Taking down {where}."
    if worst.state == ItemState.CANCELLED:
        return "Cancelled; what exists is kept."
    return worst.detail if worst.state == ItemState.WAITING else ""


def _action(lane: int, worst: _Row | None, url: str, acts: bool) -> tuple[str, str]:
    if worst is None or (lane == YOU and worst.state in (ItemState.TODO, ItemState.CANCELLED)):
        return "Open the checklist", url
    if lane == YOU:
        label = "Cure the failed item" if acts and worst.state == ItemState.FAILED else "Open the item"
        return label, reverse("onboarding:item", args=[worst.pk])
    return ("Watch the run", url) if lane == AWS else ("Open the product", url)


def _strip(items: Sequence[_Row]) -> list[Rect]:
    """One mark a step, in the state of its worst region."""
    worst: dict[str, Mark] = {}
    for row in items:
        worst[row.slug] = max(worst.get(row.slug, row.mark), row.mark, key=lambda seen: seen.rank)
    marks = [worst[step.slug] for step in checklist() if step.slug in worst]
    step = WIDTH / max(len(marks), 1)
    return [Rect(f"{n * step:.1f}", f"{step - 2:.1f}", seen.tone) for n, seen in enumerate(marks)]
