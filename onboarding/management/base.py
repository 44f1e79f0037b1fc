"""What the commands share: sentences instead of traces, exit codes, and how a product is named."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db.models import Q

from onboarding import worker
from onboarding.engine.commands import Started
from onboarding.engine.signals import DueItem
from onboarding.models import Run
from onboarding.tasks import nudge
from sellers.formats import quoted
from sellers.models import Product

NO_BROKER = "The broker does not answer. A worker's sweep finds the item within some seconds once one runs."


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
            self.end(worker.BAD, f"There's no product {quoted(name)}. Products: {known}.")
        names = ", ".join(f"{p.seller.slug}/{p.slug}" for p in rows)
        self.end(worker.BAD, f"Several products are called {quoted(name)}. Enter one of: {names}.")

    def carry_out(self, started: Started, *, wait: bool, embedded: bool) -> NoReturn:
        """Nudge or work on a started run, tell its progress, print the report and end with its code."""
        run = started.run
        if embedded:
            worker.work(run, started.due, self.say)
        else:
            self.nudge(started.due)
            if wait:
                worker.watch(run, self.say)
        run = Run.objects.select_related("product__seller").get(pk=run.pk)
        told = worker.report(run.product, run)
        if self.json:
            self.stdout.write(json.dumps(told, indent=2))
        if not (wait or embedded):
            self.say(f"Run {run.number} started. Follow it with --wait, or on its page.")
            sys.exit(worker.DONE)
        self._conclude(told, run)

    def nudge(self, due: Sequence[DueItem]) -> None:
        """Tell the workers; without a broker, say who finds the items instead."""
        nudge(due, lambda _error, _items: self.say(NO_BROKER))

    def carry_on(self, run: Run) -> NoReturn:
        """Run the engine in this process until the run has ended or people are awaited; end with the run's code."""
        worker.work(run, [], self.say)
        self._conclude(worker.report(run.product, run), run)

    def _conclude(self, told: dict[str, Any], run: Run) -> NoReturn:
        code = worker.standing(run).code
        for one in told["waiting_for"]:
            self.say(f"Waits for {one['whom']}: {_place(one)}. {one['what']}")
        for one in told["items"]:
            if one["state"] == "failed":
                self.say(f"Failed: {_place(one)}. {one['detail']}")
        sys.exit(code)


def _place(item: dict[str, Any]) -> str:
    return f"{item['slug']} in {item['region']}" if item["region"] else str(item["slug"])


def common(parser: ArgumentParser) -> None:
    """The options of commands that start a run."""
    parser.add_argument("--wait", action="store_true", help="wait until it ends or only people are awaited")
    parser.add_argument("--json", action="store_true", help="print the JSON report on standard output")
    embedded(parser)


def embedded(parser: ArgumentParser) -> None:
    """The option of commands that need no worker beside them."""
    parser.add_argument(
        "--embedded-worker", action="store_true", help="run the engine in this process; needs no broker"
    )
