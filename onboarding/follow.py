"""Follow a run from a terminal: work on it in this process, or watch the workers, telling each change as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from onboarding import report
from onboarding.engine.embedded import EmbeddedWorker
from onboarding.engine.signals import Due
from onboarding.models import Item, Run

EVERY = 0.25


class Teller:
    """Says a line whenever an item's state, reason or sentence changed since it was last asked."""

    def __init__(self, run: Run, say: Callable[[str], None]) -> None:
        self._run, self._say, self._told = run, say, dict[object, str]()

    def tell(self) -> None:
        """Say what is new."""
        for item in report.standing(self._run).items:
            words = report.line(item)
            if self._told.get(item.pk) != words and (item.state != "todo" or item.pk in self._told):
                self._say(words)
                self._told[item.pk] = words


def work(run: Run, due: Sequence[Due], say: Callable[[str], None]) -> None:
    """Run the engine here, without a broker, until the run has ended or only people are awaited."""
    teller, worker = Teller(run, say), EmbeddedWorker()
    worker.nudge(due)

    def finished() -> bool:
        teller.tell()
        return report.ended(run.pk)

    worker.run(finished, every=EVERY)
    teller.tell()


def watch(run: Run, say: Callable[[str], None]) -> None:
    """Watch the workers until the run has ended or only people are awaited."""
    teller = Teller(run, say)
    while not report.ended(run.pk):
        teller.tell()
        time.sleep(EVERY)
    teller.tell()


def item_of(product_id: UUID, slug: str, region: str) -> Item | None:
    """The product's item of that step, in that region; the only one, if no region is given."""
    found = list(Item.objects.filter(product_id=product_id, slug=slug))
    if region:
        found = [item for item in found if item.region == region]
    return found[0] if len(found) == 1 else None
