"""The engine's own cost: `python -m benchmarks.handover`.

Real Celery workers carry chains of trivial steps (no AWS) on PostgreSQL, whose writes wait for the disk, and the
Redis-protocol broker. A hand-over is the time from the end of one step's work to the beginning of the next one's: its
move with event, attempt and counters committed, the next item claimed and committed, its context read. The other side
is a bare Celery chain of the same length in the same workers, which records nothing.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import figures, workers
from benchmarks.durable import durability, durable_server
from benchmarks.stage import Stage, stage

Times = dict[str, dict[tuple[int, str], float]]
THREADS = 4


@dataclass(frozen=True)
class Result:
    """One way of carrying chains: seconds of each hand-over, and steps a second over all chains."""

    name: str
    handovers: list[float]
    rate: float
    cpu: float = 0.0  # seconds of a core that the workers used for one step

    def line(self) -> str:
        """The figures for people."""
        times = f"hand-over {figures.spread(self.handovers)}; {self.rate:.0f} steps a second"
        return f"{self.name:<32} {times}; the workers' processor {self.cpu * 1000:.2f} ms a step"


def read(times: Path, kind: str) -> Times:
    """chain -> (number, "begin" or "end") -> seconds."""
    found: Times = defaultdict(dict)
    for line in times.read_text().splitlines():
        what, chain, number, moment, at = line.split()
        if what == kind:
            found[chain][int(number), moment] = float(at)
    return found


def measure(on: Stage, name: str, kind: str, start: Callable[[int], None], chains: int, steps: int) -> Result:
    """Start the chains, wait for all their ends, and reckon. TimeoutError after two minutes."""
    times = Path(os.environ["BENCHMARK_TIMES"])
    times.write_text("")
    used = on.cpu_seconds()["workers"]
    start(chains)
    deadline = time.monotonic() + 120
    while times.read_text().count("\n") < 2 * chains * steps:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name}: the chains did not end within two minutes.")
        time.sleep(0.2)
    cpu = (on.cpu_seconds()["workers"] - used) / (chains * steps)
    found = read(times, kind)
    handovers = [
        moments[number + 1, "begin"] - moments[number, "end"]
        for moments in found.values()
        for number in range(steps - 1)
    ]
    every = [at for moments in found.values() for at in moments.values()]
    return Result(name, handovers, chains * steps / (max(every) - min(every)), cpu)


def start_engine(chains: int) -> None:
    """So many products with the trivial checklist, each with its run started."""
    from onboarding.tasks import nudge

    nudge([due for _ in range(chains) for due in workers.started()])


def start_bare(steps: int) -> Callable[[int], None]:
    """Starts bare Celery chains of the same length."""

    def start(chains: int) -> None:
        from celery import chain

        from benchmarks.trivial_worker import bare

        for _ in range(chains):
            name = secrets.token_hex(6)
            chain(*[bare.si(name, number) for number in range(steps)]).apply_async()

    return start


def run(on: Stage, steps: int, chains: int, waves: int, rounds: int) -> list[Result]:
    """All four measurements, so many times: one chain alone, then `chains` at a time, engine and bare."""
    from benchmarks.trivial_worker import install

    install(steps)
    bare = start_bare(steps)
    results = []
    measure(on, "warm", "engine", start_engine, chains, steps)
    for _ in range(rounds):
        results += [
            measure(on, "engine, one chain", "engine", start_engine, 1, steps),
            measure(on, "bare Celery, one chain", "bare", bare, 1, steps),
            measure(on, f"engine, {chains} chains at a time", "engine", start_engine, chains * waves, steps),
            measure(on, f"bare Celery, {chains} chains at a time", "bare", bare, chains * waves, steps),
        ]
    return results


def main() -> None:
    """Print every round."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--steps", type=int, default=25, help="steps of a chain")
    options.add_argument("--waves", type=int, default=10, help="how often each lane gets a new chain")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=2)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, durable_server():
        os.environ.update(BENCHMARK_TIMES=f"{folder}/times", BENCHMARK_STEPS=str(chosen.steps))
        with stage(None) as on:
            print(f"{figures.load()}; PostgreSQL with {durability()}")
            for number in range(chosen.processes):
                workers.start(on, f"bench{number}", THREADS)
            workers.ready(on, chosen.processes)
            for result in run(on, chosen.steps, THREADS * chosen.processes, chosen.waves, chosen.rounds):
                print(result.line(), flush=True)


if __name__ == "__main__":
    main()
