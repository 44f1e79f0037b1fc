"""Answers: what a person or Marketplace supplies for an item, read and checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from pydantic import ValidationError

from onboarding.engine import clock
from onboarding.engine.journal import tell
from onboarding.engine.progress import count
from onboarding.engine.signals import Blocked, Due
from onboarding.models import Item, ItemState
from onboarding.steps import by_slug
from onboarding.steps.base import Ask, Step
from sellers.formats import FormatError
from sellers.models import User
from sellers.store import spec_of


def answer(item: Item, by: User | None, given: Mapping[str, Any]) -> list[Due]:
    """Supply what a person must: the ids of a manual step, an attestation. Wrong values are Blocked, all in one
    sentence.
    """
    step = by_slug().get(item.slug)
    asks = step.asks if step else ()
    known = {ask.field: ask for ask in asks}
    problems, values = [], {}
    for name, value in given.items():
        if name not in known:
            problems.append(f"{item} takes no “{name}”; it takes {', '.join(known) or 'no answer'}.")
            continue
        try:
            values[name] = _parsed(known[name], value)
        except FormatError as error:
            problems.append(f"{known[name].words}: {error}")
    if problems or not values:
        raise Blocked(" ".join(problems) or f"{item} takes {', '.join(known) or 'no answer'}.")
    with transaction.atomic():
        count(item.product_id)
        item.refresh_from_db()
        kept = {**item.given(), **values}
        _fits(item, step, kept)
        who = by.email if by else "engine"
        data = {"values": kept, "by": who, "at": clock.now().isoformat()}
        # A worker that looks at it now read the old answer: check_asked makes it look again at once.
        Item.objects.filter(pk=item.pk).update(answer=data, check_asked=True)
        tell(item, by, "answer", item.state, item.state, ", ".join(values))
        Item.objects.filter(pk=item.pk, state=ItemState.WAITING).update(next_check_at=Now())
    return [Due(item.pk)]


def _fits(item: Item, step: Step[Any] | None, values: Mapping[str, Any]) -> None:
    """Whether the values fit together as the region's choice: Blocked with its sentences if they do not."""
    if step is None or not step.choice or not item.region:
        return
    region = spec_of(item.product).regions.get(item.region)
    choice = getattr(region, step.choice, None)
    if choice is None or choice.mode != "manual":
        raise Blocked(f"{item} is not made by hand, so it takes no ids. Change the product's choice first.")
    try:
        choice.with_answer(**values)
    except ValidationError as error:
        raise Blocked(" ".join(str(one["msg"]) for one in error.errors())) from None


def _parsed(ask: Ask, value: Any) -> Any:
    texts = value if isinstance(value, (list, tuple)) else str(value).replace(",", " ").split() if ask.many else [value]
    parsed = [ask.parse(str(text)) for text in texts]
    return parsed if ask.many else parsed[0]
