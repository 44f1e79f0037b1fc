"""Events of what people did, in the same transaction as what they changed."""

from __future__ import annotations

from onboarding.engine import clock
from onboarding.models import Event, Item, Run
from sellers.models import User


def tell(item: Item, by: User | None, what: str, before: str, after: str, sentence: str = "") -> None:
    """One event about an item; `by` None is the engine."""
    Event.objects.create(
        at=clock.now(), seller_id=item.seller_id, product_id=item.product_id, item_id=item.pk, run_id=item.run_id,
        actor=by.email if by else "engine", what=what, before=before, after=after, sentence=sentence,
    )  # fmt: skip


def tell_run(run: Run, by: User | None, before: str, after: str) -> None:
    """One event about a run's beginning or end."""
    Event.objects.create(
        at=clock.now(), seller_id=run.seller_id, product_id=run.product_id, run_id=run.pk, what="run",
        before=before, after=after, actor=by.email if by else "engine", data={"verb": run.verb, "region": run.region},
    )  # fmt: skip
