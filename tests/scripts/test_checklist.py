"""docs/checklist.md is true: every line is served by what is there, and proven by tests that are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pydoc import locate

import pytest
from django.urls import get_resolver

from onboarding.checklist.guide import LINES
from onboarding.steps import by_slug, checklist
from scripts.checklist import DOCUMENT, document, main
from scripts.guide_coverage import SERVED, Kind, Place

ROOT = Path(__file__).parents[2]
TESTS = sorted({test for served in SERVED.values() for test in served.tests})


def places(kind: Kind) -> list[tuple[str, str]]:
    """(line, name) of all places of a kind."""
    return [(line, place.name) for line, served in SERVED.items() for place in served.places if place.kind is kind]


@cache
def functions(path: Path) -> set[str]:
    """The names of the functions in a file."""
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def pages() -> Iterator[str]:
    """The names of all pages of onboarding."""
    _, resolver = get_resolver().namespace_dict["onboarding"]
    yield from (name for name in resolver.reverse_dict if isinstance(name, str))


def test_every_line_and_every_trap_has_its_row() -> None:
    numbers = [*(f"S{n}" for n in range(1, 50)), *(f"Q{n}" for n in range(1, 10))]
    assert list(SERVED) == numbers == list(LINES)
    assert all(served.places and served.tests for served in SERVED.values())


def test_the_document_is_what_the_table_says() -> None:
    assert DOCUMENT.read_text() == document(), "run python -m scripts.checklist"


def test_the_check_tells_a_document_that_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.checklist.DOCUMENT", tmp_path / "checklist.md")

    assert main(["--check"]) == 1
    assert "is not up to date" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0


@pytest.mark.parametrize("test", TESTS)
def test_a_test_that_proves_a_line_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in functions(ROOT / "tests" / path)


def test_a_step_that_serves_a_line_names_it_itself() -> None:
    told = {(line, slug) for line, slug in places(Kind.STEP)}
    named = {(line, step.slug) for step in checklist() for line in step.guide}
    assert {slug for _, slug in told} <= set(by_slug())
    assert told <= named


def test_every_step_serves_a_line() -> None:
    served = {slug for _, slug in places(Kind.STEP)}
    assert {step.slug for step in checklist()} == served


@pytest.mark.parametrize(("line", "path"), places(Kind.WORDS))
def test_a_help_text_cites_the_line_that_it_serves(line: str, path: str) -> None:
    assert re.search(rf"\b{line}\b", (ROOT / path).read_text())


def test_every_page_is_there() -> None:
    assert {name for _, name in places(Kind.PAGE)} <= set(pages())


@pytest.mark.parametrize("path", sorted({name for _, name in places(Kind.RULE)}))
def test_every_rule_is_there(path: str) -> None:
    assert locate(path) is not None


def test_a_place_is_named_once_a_line() -> None:
    for served in SERVED.values():
        kept: list[Place] = list(dict.fromkeys(served.places))
        assert kept == list(served.places)


def test_the_command_that_the_guide_prints_is_nowhere_given_as_ours() -> None:
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("docs/*.md"), ROOT / "README.md"]
    told = [path for path in files if re.search(r"aws vpcev2", path.read_text()) and path != DOCUMENT]
    assert told == []
    buyers = (ROOT / "templates/onboarding/steps/buyers.html").read_text()
    assert "aws ec2 modify-vpc-endpoint-service-permissions" in buyers
