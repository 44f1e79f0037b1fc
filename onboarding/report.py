"""What the command line says of a run: one line an item, the JSON report, and the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from onboarding import graph
from onboarding.engine.items import needs
from onboarding.models import Item, ItemState, Resource, Run, RunState
from onboarding.steps import by_slug
from sellers.models import Product

PEOPLE = ("you", "marketplace", "buyer")
DONE, FAILED, BAD, PEOPLE_AWAITED = 0, 1, 2, 3


@dataclass(frozen=True)
class Standing:
    """Where a product's items stand: whether anything moves by itself, and what of it failed or waits for people."""

    items: list[Item]

    @property
    def moving(self) -> bool:
        """Whether a worker or AWS has something to do: then a report is not final."""
        states = {(item.slug, item.region): item.state for item in self.items}
        free = set(graph.ready(needs(), states))
        return any(
            item.state in (ItemState.WORKING, ItemState.UNDOING)
            or (item.state == ItemState.WAITING and (item.reason not in PEOPLE or _looked_at(item)))
            or (item.slug, item.region) in free
            for item in self.items
        )

    @property
    def failed(self) -> bool:
        return any(item.state == ItemState.FAILED for item in self.items)

    @property
    def awaited(self) -> list[Item]:
        """The items that wait for a person or for Marketplace."""
        return [i for i in self.items if i.state == ItemState.WAITING and i.reason in PEOPLE]

    @property
    def code(self) -> int:
        """The exit code: 1 something failed, 3 only people are awaited, 0 done."""
        return FAILED if self.failed else PEOPLE_AWAITED if self.awaited else DONE


def standing(run: Run) -> Standing:
    """The items of one run, in the order of the checklist."""
    order = {slug: index for index, slug in enumerate(by_slug())}
    found = list(Item.objects.filter(run=run))
    return Standing(sorted(found, key=lambda item: (order.get(item.slug, 99), item.region)))


def ended(run_id: UUID) -> bool:
    """Whether a run is closed, or nothing of it moves without a person."""
    run = Run.objects.get(pk=run_id)
    return run.state != RunState.OPEN or not standing(run).moving


def _looked_at(item: Item) -> bool:
    """Whether a wait for a person is being looked at: it was answered, or the clock says so."""
    return item.next_check_at is not None and item.next_check_at <= timezone.now()


def line(item: Item) -> str:
    """One line for a terminal: where, what, state, and the sentence."""
    step = by_slug().get(item.slug)
    where = item.region or "product"
    words = f"{item.state} ({item.reason})" if item.reason else item.state
    return f"{where:<16} {step.title if step else item.slug:<24} {words:<16} {item.detail}".rstrip()


def report(product: Product, run: Run) -> dict[str, Any]:
    """The JSON report of `manage.py onboard` and `teardown` (issue text and docs/command-line.md give its form)."""
    now = standing(run)
    made: dict[UUID, list[dict[str, Any]]] = {}
    for row in Resource.objects.filter(product=product).exclude(state="gone").exclude(aws_id=""):
        made.setdefault(row.item_id, []).append(
            {
                "kind": row.kind,
                "key": row.logical_key,
                "id": row.aws_id,
                "account": row.account,
                "managed": row.managed,
            }
        )
    return {
        "product": {"id": str(product.pk), "slug": product.slug, "seller": product.seller.slug},
        "run": {"id": str(run.pk), "number": run.number, "verb": run.verb, "state": run.state},
        "items": [
            {
                "slug": item.slug,
                "region": item.region,
                "state": item.state,
                "reason": item.reason,
                "detail": item.detail,
                "seconds": _seconds(item.started_at, item.ended_at),
                "made": made.get(item.pk, []),
            }
            for item in now.items
        ],
        "waiting_for": [
            {"slug": item.slug, "region": item.region, "whom": item.reason, "what": item.detail} for item in now.awaited
        ],
    }


def _seconds(began: datetime | None, ended: datetime | None) -> float | None:
    if began is None:
        return None
    return round(((ended or timezone.now()) - began).total_seconds(), 3)
