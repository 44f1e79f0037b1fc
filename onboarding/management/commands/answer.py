"""`manage.py answer PRODUCT ITEM VALUE...`: supply what a person or Marketplace must."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from onboarding import worker
from onboarding.engine import commands
from onboarding.engine.signals import Blocked
from onboarding.management.base import Command as Base
from onboarding.management.base import embedded
from onboarding.pages.common.states import mark
from onboarding.steps import by_slug
from sellers.formats import quoted


class Command(Base):
    """Exit 0 when it was taken, 2 when it was not, with the reason; with --embedded-worker the run's own code."""

    help = (
        "Answers a step: the IDs of a step made by hand, a self-reported result (attest=...), or a skip "
        "with its reason (skip=...). A value is FIELD=VALUE. FIELD is optional where the step needs only one value."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("product", help="slug, seller/slug, name or id")
        parser.add_argument("item", help=f"one of {', '.join(by_slug())}")
        parser.add_argument("values", nargs="+", metavar="VALUE")
        parser.add_argument("--region", default="", help="the item's region, where the product has several")
        embedded(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        product = self.product(options["product"])
        item = worker.item_of(product.pk, options["item"], options["region"])
        if item is None:
            have = sorted(str(i) for i in product.items.filter(slug=options["item"]))
            names = ", ".join(have) or ", ".join(by_slug())
            self.end(worker.BAD, f"Enter one step of {product}, with --region if it has several: {names}.")
        given = self._given(options["item"], options["values"])
        try:
            if "skip" in given:
                due = commands.skip(item, None, " ".join(given["skip"]))
            else:
                due = commands.answer(item, None, {k: v if len(v) > 1 else v[0] for k, v in given.items()})
        except Blocked as blocked:
            self.end(worker.BAD, blocked.sentence)
        item.refresh_from_db()
        self.stdout.write(f"Saved {item}. {mark(item.state, item.waiting_for).whole}.")
        if options["embedded_worker"] and item.run is not None:
            self.carry_on(item.run)
        self.nudge(due)

    def _given(self, slug: str, values: list[str]) -> dict[str, list[str]]:
        asks = by_slug()[slug].inputs if slug in by_slug() else ()
        alone = asks[0].field if len(asks) == 1 else ""
        found: dict[str, list[str]] = {}
        for text in values:
            field, equals, value = text.partition("=")
            if not equals:
                field, value = alone, text
            if not field:
                names = ", ".join(ask.field for ask in asks) or "skip"
                self.end(
                    worker.BAD, f"{quoted(text)} has no field. Enter FIELD=VALUE, with one of these fields: {names}."
                )
            found.setdefault(field, []).append(value)
        return found
