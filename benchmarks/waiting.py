"""Ten thousand items that wait for a person: `python -m benchmarks.waiting`.

What they cost while nothing happens (messages, memory and processor of a worker with beat, the sweep's query), and how
soon all of a thousand go on that fell due while their worker was killed with -9 and another one was started.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import figures, workers
from benchmarks.stage import ROOT, Stage, stage
from demo.parent import die_with_parent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from onboarding.models import Item
    from sellers.models import Product

STEPS, THREADS = 25, 16


def start_beat(on: Stage, folder: Path) -> subprocess.Popen[bytes]:
    """The real clock of the sweep; the stage ends it with the workers."""
    command = [sys.executable, "-m", "celery", "-q", "-A", "config", "beat", "-l", "WARNING", "--pidfile="]
    command += ["-s", str(folder / "beat")]
    process = subprocess.Popen(command, cwd=ROOT, env=on.environment, preexec_fn=die_with_parent())  # noqa: S603
    on.workers.append(process)
    return process


def fill(items: int) -> None:
    """Products, open runs and items, all waiting for the seller: rows written in bulk."""
    from django.utils import timezone

    from onboarding.models import Item, Progress, Run
    from sellers.models import Product

    first, now, count = workers.product(), timezone.now(), -(-items // STEPS)
    spec, seller = _spec(first), first.seller
    products = [Product(seller=seller, slug=f"waiting-{n}", name=f"Waiting {n}") for n in range(count)]
    Product.objects.bulk_create(products)
    runs = [
        Run(seller=seller, product=one, number=1, verb="provision", spec=spec, fingerprint="waiting", started_at=now)
        for one in products
    ]
    Run.objects.bulk_create(runs)
    Progress.objects.bulk_create(Progress(product=one, waiting=STEPS, on_you=STEPS) for one in products)
    rows = [
        Item(
            seller=seller,
            product=run.product,
            run=run,
            slug=f"trivial-{n:03}",
            state="waiting",
            waiting_for="you",
            attempt=1,
            started_at=now,
            waiting_since=now,
        )
        for run in runs
        for n in range(STEPS)
    ]
    Item.objects.bulk_create(rows[:items], batch_size=1000)


def _spec(product: Product) -> dict[str, object]:
    from sellers.spec_writer import spec_of

    return dict(spec_of(product).model_dump(mode="json"))


def messages(on: Stage) -> int:
    """Messages in the broker, those included that a worker holds."""
    client = on.broker.client
    return int(client.llen("celery")) + int(client.hlen("unacked"))


def sweep_query() -> str:
    """What the sweep's query costs, with all the rows there."""
    from onboarding.engine import sweep

    seconds = []
    for _ in range(50):
        begun = time.perf_counter()
        sweep._due_ids()
        seconds.append(time.perf_counter() - begun)
    return figures.spread(seconds)


def analyse() -> None:
    """Let the database know its rows, as its autovacuum does a minute later."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def rest(on: Stage, worker: subprocess.Popen[bytes], items: int, seconds: float) -> None:
    """The cost of waiting, printed: before and after the rows are there, over the same length of time."""
    workers.ready(on)
    empty_cpu = _watch(worker, seconds)
    before = figures.rss(worker.pid)
    fill(items)
    analyse()
    cpu = _watch(worker, seconds)
    print(f"{items} items wait for a person: {messages(on)} messages in the broker")
    print(f"worker's memory: {before:.1f} MB before, {figures.rss(worker.pid):.1f} MB after {seconds:.0f} s")
    print(f"worker's processor: {cpu:.2%} of a core over {seconds:.0f} s ({empty_cpu:.2%} with no item at all)")
    print(f"the sweep's query: {sweep_query()}", flush=True)


def _watch(worker: subprocess.Popen[bytes], seconds: float) -> float:
    used = figures.cpu(worker.pid)
    time.sleep(seconds)
    return (figures.cpu(worker.pid) - used) / seconds


def killed(on: Stage, worker: subprocess.Popen[bytes], due: int, *, leases: bool) -> None:
    """So many fall due, the worker is killed half-way, another starts: when the last of them has gone on, printed."""
    from django.db.models.functions import Now

    from onboarding.models import Item

    chosen = list(Item.objects.filter(state="waiting").values_list("pk", flat=True)[:due])
    mine = Item.objects.filter(pk__in=chosen)
    mine.update(next_check_at=Now())
    while mine.filter(state="done").count() < due / 2:
        time.sleep(0.02)
    worker.kill()
    worker.wait()
    begun = time.monotonic()
    held = list(mine.filter(lease_owner__isnull=False).values_list("pk", flat=True))
    done = mine.filter(state="done").count()
    workers.start(on, "second", THREADS)
    free = mine.exclude(pk__in=held)
    waited = _until_done(free, due - len(held), begun)
    print(
        f"{due} fell due, the worker was killed after {done}: the {due - done - len(held)} others had all gone on "
        f"after {waited:.1f} s, the start of the new worker included"
    )
    if not leases:
        return
    waited = _until_done(mine, due, begun)
    print(f"{len(held)} were in the dead worker's hands; they went on after {waited:.1f} s (a claim holds for 20 s)")


def _until_done(rows: QuerySet[Item], count: int, begun: float) -> float:
    while rows.filter(state="done").count() < count:
        if time.monotonic() - begun > 180:
            raise TimeoutError("The items did not go on within three minutes.")
        time.sleep(0.1)
    return time.monotonic() - begun


def main() -> None:
    """Print all of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=10_000)
    options.add_argument("--due", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--hurry", action="store_true", help="do not wait for the dead worker's leases")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(BENCHMARK_TIMES=f"{folder}/times", BENCHMARK_STEPS=str(STEPS))
        with stage(None) as on:
            print(figures.load())
            start_beat(on, Path(folder))
            worker = workers.start(on, "first", THREADS)
            rest(on, worker, chosen.items, chosen.seconds)
            killed(on, worker, chosen.due, leases=not chosen.hurry)


if __name__ == "__main__":
    main()
