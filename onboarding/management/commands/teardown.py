"""`manage.py teardown PRODUCT`: take down what the product made, last made first; adopted resources stay."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from onboarding import worker
from onboarding.engine import commands
from onboarding.engine.signals import Blocked
from onboarding.management.base import Command as Base
from onboarding.management.base import common
from sellers import formats


class Command(Base):
    """Exit 0 when everything is gone, 1 when something could not be removed, 2 for a wrong name."""

    help = "Deletes everything that we created for this product in AWS, in a safe order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("product", help="slug, seller/slug, name or id")
        parser.add_argument("--region", default="", help="only this Region")
        common(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        self.json = options["json"]
        product = self.product(options["product"])
        region = options["region"]
        regions = {i.region for i in product.items.all()} - {""}
        if region and region not in regions:
            self.end(
                worker.BAD,
                f"{product} isn't in {formats.quoted(region)}. Enter one of its Regions: {', '.join(sorted(regions))}.",
            )
        try:
            started = commands.teardown(product, None, region=region)
        except Blocked as blocked:
            self.end(worker.BAD, blocked.sentence)
        self.carry_out(started, wait=options["wait"], embedded=options["embedded_worker"])
