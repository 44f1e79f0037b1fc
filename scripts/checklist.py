"""Writes docs/checklist.md: each line of the seller guide, what serves it, and the tests that prove it.

`python -m scripts.checklist` writes it; with --check it only says whether the document is up to date (exit 1 if not).
"""

from __future__ import annotations

import sys
from pathlib import Path

from onboarding.checklist.guide import LINES
from onboarding.steps import by_slug, checklist
from scripts.guide_coverage import SERVED, Kind, Place

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "checklist.md"
HEAD = """\
# The seller guide, line by line

Every line of the AWS Marketplace seller guide (S) and every pitfall in it (Q), with the step, page, help text, or rule
that covers it and the tests that prove it. `python -m scripts.checklist` writes this page from
`onboarding/checklist/guide.py` and `scripts/guide_coverage.py`, and a test compares them.

| line | what it says | covered by | proven by |
|---|---|---|---|
"""
STEPS = """
## By step

| step | lines |
|---|---|
"""


def document() -> str:
    """The whole document."""
    steps = "".join(f"| `{step.slug}` | {' '.join(step.guide)} |\n" for step in checklist())
    return HEAD + "".join(_row(number) for number in LINES) + STEPS + steps


def _row(number: str) -> str:
    served = SERVED[number]
    places = "; ".join(_told(place) for place in served.places)
    tests = ", ".join(f"`tests/{test}`" for test in served.tests)
    return f"| {number} | {LINES[number]} | {places} | {tests} |\n"


def _told(place: Place) -> str:
    if place.kind is Kind.STEP:
        return f"step {by_slug()[place.name].title} (`{place.name}`)"
    if place.kind is Kind.WORDS:
        return f"help text [{Path(place.name).stem}](../{place.name})"
    if place.kind is Kind.PAGE:
        return f"page `onboarding:{place.name}`"
    return f"rule `{place.name}`"


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    if "--check" not in arguments:
        DOCUMENT.write_text(document())
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text() == document():
        return 0
    print("docs/checklist.md is not up to date. Run python -m scripts.checklist.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
