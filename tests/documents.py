"""Reads the project's documents for tests: blocks, sentences, tables, headings and the commands that people type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@cache
def text(name: str) -> str:
    """A file of the project, by its path from the root."""
    return (ROOT / name).read_text()


def blocks(doc: Path, language: str) -> list[str]:
    """The fenced blocks of this language; "" for those without one."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", doc.read_text(), re.M | re.S)
    return [body for name, body in found if name == language]


def prose(doc: Path) -> str:
    """A document without its fenced blocks and comments."""
    return re.sub(r"^```.*?^```|<!--.*?-->", "", doc.read_text(), flags=re.M | re.S)


def inline(doc: Path) -> list[str]:
    """What stands between backticks in its sentences."""
    return re.findall(r"`([^`\n]+)`", prose(doc))


def anchors(doc: Path) -> list[str]:
    """The anchors of its headings, as GitHub makes them."""
    heads: list[str] = re.findall(r"(?m)^#+ (.+)$", prose(doc))
    return [re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads]


def rows(name: str, first: str) -> list[list[str]]:
    """The cells of the table whose first column has this head, without backticks."""
    table = re.search(rf"^\| {re.escape(first)} \|.*\n\|[-| ]+\n((?:\|.*\n?)+)", text(name), re.M)
    assert table, f"{name} has no table that begins with {first}"
    return [[cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in table[1].splitlines()]


def commands(doc: Path) -> Iterator[list[str]]:
    """The words of each command in the shell blocks, without comments, redirections and variables before it."""
    for block in blocks(doc, "sh"):
        held = ""
        for line in block.splitlines():
            held += line + "\n"
            try:
                words = shlex.split(held, comments=True)
            except ValueError:  # a quotation goes on in the next line
                continue
            held = ""
            words = list(takewhile(lambda word: word not in ("<", ">"), words))
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if words:
                yield words
        assert not held, f"{doc.name}: a quotation has no end: {held}"


def mapped() -> Iterator[str]:
    """Each path on the map in docs/architecture.md, from the root."""
    folder = ""
    block = next(block for block in blocks(ROOT / "docs" / "architecture.md", "") if block.startswith("run "))
    for line in block.splitlines():
        words = line.split()
        names = [words[0], *takewhile(lambda word: word.endswith("/"), words[1:])]
        if line.startswith(" "):
            yield from (folder + name for name in names)
        else:
            folder = names[0]
            yield from names
