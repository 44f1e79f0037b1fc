"""Figures of a benchmark: percentiles, medians of rounds, and what the kernel says of a process (Linux)."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from pathlib import Path

MB = 1024 * 1024


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie; linear between two of them. ValueError if empty."""
    if len(values) < 2:
        return statistics.fmean(values)
    return statistics.quantiles(values, n=1000, method="inclusive")[round(share * 1000) - 1]


def spread(seconds: Sequence[float]) -> str:
    """ "p50 2.1 ms, p95 4.0 ms" of times in seconds."""
    return f"p50 {percentile(seconds, 0.5) * 1000:.2f} ms, p95 {percentile(seconds, 0.95) * 1000:.2f} ms"


def rss(pid: int) -> float:
    """Memory that a process has in RAM, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def cpu(pid: int) -> float:
    """Seconds of a core that a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load() -> str:
    """What else the machine does: cores, and its load over the last minute."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
