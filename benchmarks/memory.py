"""A worker's memory over a run in eight regions: `python -m benchmarks.memory`.

One Celery process with sixteen threads builds a product against the simulated AWS: what it has in RAM when it is ready,
at its most, and when the run has ended.
"""

from __future__ import annotations

import argparse
import threading

from benchmarks import figures, workers
from benchmarks.provision import REGIONS, build, raise_quotas
from benchmarks.stage import stage


class Highest:
    """Reads a process's memory ten times a second in a thread of its own; `mb` is the most it had."""

    def __init__(self, pid: int) -> None:
        self.mb, self._pid, self._ended = 0.0, pid, threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._ended.wait(0.1):
            self.mb = max(self.mb, figures.rss(self._pid))

    def end(self) -> float:
        """Stop reading; the most."""
        self._ended.set()
        self._thread.join()
        return self.mb


def main() -> None:
    """Print each run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--regions", type=int, default=8)
    options.add_argument("--runs", type=int, default=2)
    chosen = options.parse_args()
    regions = REGIONS[: chosen.regions]
    quick = {"nlb_seconds": 1, "instance_seconds": 1, "service_seconds": 0.5, "target_health_seconds": 0.5}
    with stage({"latency_ms": 20, **quick}) as on:
        raise_quotas(on, regions)
        worker = on.start_worker("-c", "16")
        workers.ready(on)
        print(f"{figures.load()}; worker with 16 threads, ready: {figures.rss(worker.pid):.1f} MB")
        for number in range(chosen.runs):
            highest = Highest(worker.pid)
            row = build(on, f"Memory {number}", regions)
            print(
                f"run {number + 1} over {len(regions)} regions, {row['state']}, {row['calls']} AWS calls: "
                f"{highest.end():.1f} MB at most, {figures.rss(worker.pid):.1f} MB at its end",
                flush=True,
            )


if __name__ == "__main__":
    main()
