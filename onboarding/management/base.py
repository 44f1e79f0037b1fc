"""What the commands share: sentences instead of traces, exit codes, and how a product is named."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db.models import Q

from onboarding import follow, report
from onboarding.engine.verbs import Started
from onboarding.models import Run
from onboarding.tasks import nudge
from sellers.models import Product


class Command(BaseCommand):
    """A command that ends with a code and a sentence."""

    json = False

    def say(self, text: str) -> None:
        """A line for people; to standard error when standard output carries JSON."""
        (self.stderr if self.json else self.stdout).write(text)

    def end(self, code: int, sentence: str = "") -> NoReturn:
        """Say the sentence on standard error and end with the code."""
        if sentence:
            self.stderr.write(sentence)
        sys.exit(code)

    def product(self, name: str) -> Product:
        """The product called `slug`, `seller/slug`, by its name or its id; ends with code 2 if none or several are."""
        seller, _, slug = name.rpartition("/")
        found = Product.objects.select_related("seller")
        try:
            wanted = found.filter(pk=UUID(name))
        except ValueError:
            by_name = Q(slug=slug) | Q(name=slug)
            wanted = found.filter(by_name, seller__slug=seller) if seller else found.filter(by_name)
        rows = list(wanted)
        if len(rows) == 1:
            return rows[0]
        if not rows:
            known = ", ".join(f"{p.seller.slug}/{p.slug}" for p in found.all()[:10]) or "none yet"
            self.end(report.BAD, f"PRODUCT: there is no product “{name}”. Products: {known}.")
        names = ", ".join(f"{p.seller.slug}/{p.slug}" for p in rows)
        self.end(report.BAD, f"PRODUCT: “{name}” names several products. Write one of: {names}.")

    def carry_out(self, started: Started, *, wait: bool, embedded: bool) -> NoReturn:
        """Nudge or work on a started run, tell its progress, print the report and end with its code."""
        run = started.run
        if embedded:
            follow.work(run, started.due, self.say)
        else:
            nudge(started.due)
            if wait:
                follow.watch(run, self.say)
        run = Run.objects.select_related("product__seller").get(pk=run.pk)
        told = report.report(run.product, run)
        if self.json:
            self.stdout.write(json.dumps(told, indent=2))
        if not (wait or embedded):
            self.say(f"Run {run.number} started. Follow it with --wait, or on its page.")
            sys.exit(report.DONE)
        self._conclude(told, run)

    def _conclude(self, told: dict[str, Any], run: Run) -> NoReturn:
        code = report.standing(run).code
        for one in told["waiting_for"]:
            where = f" in {one['region']}" if one["region"] else ""
            self.say(f"Waits for {one['whom']}: {one['slug']}{where}. {one['what']}")
        for one in told["items"]:
            if one["state"] == "failed":
                self.say(f"Failed: {one['slug']} {one['region']}. {one['detail']}")
        sys.exit(code)


def common(parser: ArgumentParser) -> None:
    """The options of commands that start a run."""
    parser.add_argument("--wait", action="store_true", help="wait until it ends or only people are awaited")
    parser.add_argument("--json", action="store_true", help="print the JSON report on standard output")
    parser.add_argument(
        "--embedded-worker", action="store_true", help="run the engine in this process; needs no broker"
    )
