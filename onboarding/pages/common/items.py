"""A product's items, and what every page asks of one."""

from __future__ import annotations

from django.db.models import F, OuterRef, Q, Subquery

from onboarding.checklist.words import counted
from onboarding.models import Item, ItemState, Progress, WaitsFor
from sellers.models import Product, ProductRegion


def items_of(product: Product) -> list[Item]:
    """The product's items in one query, its regions in the order in which they were added; not those that it left.

    Each comes with its run, without the run's spec.
    """
    added = ProductRegion.objects.filter(product=OuterRef("product"), region=OuterRef("region"))
    rows = Item.objects.filter(product=product).annotate(added=Subquery(added.values("created_at")[:1]))
    rows = rows.exclude(~Q(region=""), added__isnull=True, state=ItemState.NOT_NEEDED)
    rows = rows.order_by(F("added").asc(nulls_last=True), "region", "slug")
    return list(rows.select_related("run").defer("run__spec"))


def moves(item: Item) -> bool:
    """Whether this item will change without a person: at work, waiting for AWS or DNS, or about to be looked at."""
    if item.state in (ItemState.WORKING, ItemState.UNDOING):
        return True
    if item.state == ItemState.WAITING and item.waiting_for in ("aws", "dns"):
        return True
    return item.state in (ItemState.TODO, ItemState.WAITING) and item.next_check_at is not None


def counts(progress: Progress | None) -> str:
    """ "14 of 37 items done", from the stored counters."""
    if progress is None:
        return ""
    done = progress.done + progress.skipped
    rest = (
        progress.todo
        + progress.working
        + progress.waiting
        + progress.failed
        + progress.cancelled
        + progress.undoing
        + progress.undone
    )
    return f"{done} of {counted(done + rest, 'item')} done"


def servers_awaited(item: Item) -> bool:
    """Whether a `name_servers` item waits for somebody to give them: it was asked for, and none are being tried."""
    return (item.state, item.waiting_for) == (ItemState.WAITING, WaitsFor.MARKETPLACE) and not servers_tried(item)


def servers_tried(item: Item) -> bool:
    """Whether name servers that were given are looked at just now."""
    looked_at = item.check_asked or item.lease_owner is not None or item.state == ItemState.WORKING
    return looked_at and bool(item.given().get("servers"))
