"""Refuses words that the writing guide avoids, in everything that a person reads: templates, messages, and documents.

Python: string literals that read like a sentence, docstrings and comments left out. Run: python -m scripts.words
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = re.compile(r"(^|/)(migrations|vendor|axe|tests|sandbox|benchmarks)/|scripts/words\.py|CHANGELOG")
# Avoided -> what to write instead.
AVOIDED = {
    r"anew": "again, or nothing",
    r"cures?|cured|mend(s|ed)?": "fix",
    r"(?-i:(?:external|External|account|Account|product|Product) ids?)": "external ID, account ID, product ID",
    r"(?<!user-)friendly name": "user-friendly DNS name",
    r"mailed|mails?": "email",
    r"e-mails?": "email",
    r"set-ups?": "setup (noun), set up (verb)",
    r"taken (down|away)|take (it )?(down|away)|takes (down|away)": "delete",
    r"goes on( by itself)?|go on by itself": "continues",
    r"lets? us in": "can be assumed",
    r"(is|are) to be": "say who does what",
    r"of whom": "whose",
    r"needs you": "Action required",
    r"thrown? away": "discard",
    r"hand(s|ed)? over": "delegate, share, or send",
    r"may be left out": "optional",
    r"one a line": "one per line",
    r"a month": "per month",
    r"Marketplace's mail": "AWS Marketplace's email",
    r"rehears(al|als|ed|e)": "buyer connection test",
    r"placeholders?": "test server",
    r"undone": "Deleted",
    r"runs? the checklist": "start a run",
}
PATTERN = re.compile(r"\b(" + "|".join(f"(?:{word})" for word in AVOIDED) + r")\b", re.IGNORECASE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style)\b.*?</\1>|<[^>]*>|```.*?```|`[^`\n]*`", re.DOTALL)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of what a person reads of a file."""
    source = path.read_text()
    if path.suffix != ".py":
        blank = TAGS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
        yield from enumerate(blank.split("\n"), 1)
        return
    tree = ast.parse(source)
    docs = {
        id(body[0].value)
        for node in ast.walk(tree)
        if (body := getattr(node, "body", None)) and isinstance(body, list) and isinstance(body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and " " in node.value
        ):
            yield node.lineno, node.value


def hits(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, text, word) of each avoided word of a file."""
    for line, text in texts(path):
        yield from ((line, text, hit[0]) for hit in PATTERN.finditer(text))


def found() -> Iterator[str]:
    """A line for each avoided word in the files that git tracks."""
    command = ["git", "ls-files", "*.py", "*.html", "*.md", "*.txt"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    for name in names.split():
        if not LEFT_OUT.search(name) and (ROOT / name).exists():
            for line, text, word in hits(ROOT / name):
                yield f"{name}:{line}: “{word}” ({' '.join(text.split())[:100]})"


def main() -> int:
    """Prints each avoided word with its place; 1 if there is one."""
    lines = list(found())
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
