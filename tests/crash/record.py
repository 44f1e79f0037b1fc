"""The sweep's table in docs/reliability.md, written by the sweep itself between two markers."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- sweep: begin -->", "<!-- sweep: end -->"
HEAD = (
    "| checklist | database | run | killed at | trials | kills | not reached | same as undisturbed | s per trial |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)


def write(rows: list[dict[str, Any]], seed: int) -> None:
    """Replace the table with these results."""
    rows = sorted(rows, key=lambda row: (row["checklist"], row["database"], row["verb"], row["place"]))
    lines = [
        f"| {_named(r)} | {r['database']} | {r['verb']} | {r['place']} | {r['trials']} | {r['kills']} "
        f"| {r['unreached']} "
        f"| {r['trials'] - r['failed']} of {r['trials']} | {r['seconds'] / max(r['trials'], 1):.1f} |"
        for r in rows
    ]
    trials, kills, failed = (sum(row[name] for row in rows) for name in ("trials", "kills", "failed"))
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    told = (
        f"`./run sweep` on {day}, SWEEP_SEED={seed}: {trials} trials with {kills} kills; "
        f"{failed} ended differently from an undisturbed run.\n\n"
    )
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{told}{HEAD}" + "\n".join(lines) + f"\n{END}{after}")


def _named(row: dict[str, Any]) -> str:
    return str(row["checklist"]) if row["every"] == 1 else f"{row['checklist']}, one trial of {row['every']}"
