"""What goes into a step and what comes out: the choices, what earlier steps handed on, what this one hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from onboarding.board.history import pairs
from onboarding.board.words import place
from onboarding.engine.items import needs
from onboarding.models import Item
from onboarding.steps import by_slug

MODES = {"create": "Create for me", "existing": "Use existing", "manual": "I will do it myself"}
SECRET = ("user_data",)


@dataclass(frozen=True)
class Source:
    """Values from one place: the choices, or an earlier item (then with its page)."""

    title: str
    url: str
    values: list[tuple[str, str]]


@dataclass(frozen=True)
class Flow:
    """Inputs by source, and the outputs."""

    inputs: list[Source]
    outputs: list[tuple[str, str]]


def flow(item: Item) -> Flow:
    """The values of an item's last run; one query. Long texts and user data are counted, not shown."""
    spec: dict[str, Any] = item.run.spec if item.run else {}
    chosen = [Source("Chosen", "", values)] if (values := _chosen(item, spec)) else []
    wanted = [(slug, region) for slug in needs().get(item.slug, ()) for region in {"", item.region}]
    found = Item.objects.filter(product_id=item.product_id, slug__in=[slug for slug, _ in wanted], made__isnull=False)
    rows = {(slug, region): (pk, made) for pk, slug, region, made in found.values_list("pk", "slug", "region", "made")}
    if not item.region:  # a step over the product reads every region's
        wanted = sorted(rows)
    earlier = [
        Source(place(*node), reverse("onboarding:item", args=[rows[node][0]]), pairs(rows[node][1] or {}))
        for node in wanted
        if node in rows
    ]
    return Flow([one for one in chosen + earlier if one.values], pairs(item.made or {}))


def _chosen(item: Item, spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    step = by_slug().get(item.slug)
    choice = spec.get("regions", {}).get(item.region, {}).get(step.choice, {}) if step and step.choice else {}
    shown = {name: _counted(name, value) for name, value in choice.items()}
    if "mode" in shown:
        shown["mode"] = MODES.get(str(shown["mode"]), shown["mode"])
    return pairs(shown)


def _counted(name: str, value: Any) -> Any:
    return f"{len(value)} characters, not shown" if name in SECRET and value else value
