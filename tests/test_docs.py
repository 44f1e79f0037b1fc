"""The documents are true: commands parse, settings and defaults are those of the code, paths and links are there."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from dataclasses import fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandParser

from onboarding.aws import errors
from onboarding.models import ItemState
from onboarding.models.choices import WaitsFor
from onboarding.steps import checklist
from sandbox import faults, world
from sandbox.__main__ import parse
from sandbox.control.actions import all_actions
from sandbox.control.views import all_views
from sandbox.mail import Outbox
from sandbox.marketplace.desk import Desk
from sellers.spec import load
from tests.documents import DOCS, ROOT, anchors, blocks, commands, inline, mapped, prose, rows, text

HOMES = (ROOT, ROOT / "onboarding", ROOT / "docs")
SUFFIXES = (".py", ".md", ".yaml", ".yml", ".toml", ".html", ".sh", ".json", ".svg", ".txt", ".env", ".example")
MADE_BY_PEOPLE = {".env", "var/db.sqlite3"}
OURS = {name for name, app in get_commands().items() if app in ("onboarding", "sellers")}
NO_VALUE = ("empty", "none", "who we are")
each_doc = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(ROOT).as_posix())


def parser(name: str) -> CommandParser:
    assert name in get_commands(), f"manage.py has no {name}"
    return load_command_class(get_commands()[name], name).create_parser("manage.py", name)


def run_verbs() -> set[str]:
    return {word for line in re.findall(r"^([a-z |-]+)\)$", text("run"), re.M) for word in line.split(" | ")}


def try_run(words: list[str]) -> None:
    assert words[0] in run_verbs()
    if words[0] == "manage":
        parser(words[1]).parse_args(words[2:])
    elif words[0] == "test" and len(words) > 1:
        known = words[1] in text("run") if words[1].startswith("--") else (ROOT / words[1].partition("::")[0]).exists()
        assert known, f"./run test takes no {words[1]}"


def try_compose(words: list[str]) -> None:
    services = yaml.safe_load(text("docker-compose.yml"))["services"]
    for option, value in pairwise(words):
        if option == "--env-file":
            assert value in MADE_BY_PEOPLE or (ROOT / value).is_file()
        if option == "--profile":
            assert any(value in service.get("profiles", []) for service in services.values())
        if option == "exec":
            assert value in services
    if "manage.py" in words:
        name, *rest = words[words.index("manage.py") + 1 :]
        parser(name).parse_args(rest)


@each_doc
def test_every_command_in_a_block_can_be_typed(doc: Path) -> None:
    for words in commands(doc):
        match words:
            case ["./run", *rest]:
                try_run(rest)
            case ["docker", "compose", *rest]:
                try_compose(rest)
            case [python, "-m", "sandbox", *rest] if python.endswith("python"):
                parse(rest)
            case ["cp", source, _]:
                assert (ROOT / source).is_file()
            case _:
                assert words[0] in {"export", "curl"}, f"{doc.name}: nobody has tried {words}"


@each_doc
def test_every_command_and_option_in_a_sentence_exists(doc: Path) -> None:
    for code in inline(doc):
        words = re.sub(r"^([A-Z_]+=\S+ )*(python )?", "", code).split()
        if words[:1] and words[0] in OURS:
            words.insert(0, "manage.py")
        if words[:1] == ["manage.py"] and len(words) > 1 and words[1] != "X":
            known = {option for action in parser(words[1])._actions for option in action.option_strings}
            assert {word for word in words if word.startswith("--")} <= known
        elif words[:1] == ["./run"] and len(words) > 1:
            assert words[1] in run_verbs()


@each_doc
def test_every_link_leads_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(doc)):
        path, _, anchor = target.partition("#")
        if path.startswith("https://"):
            continue
        file = doc.parent / path if path else doc
        assert file.is_file(), f"{doc.name} links to {target}"
        assert not anchor or anchor in anchors(file), f"{doc.name} links to {target}"


def test_the_index_of_decisions_names_each_of_them() -> None:
    index, *pages = sorted((ROOT / "docs" / "decisions").glob("*.md"), key=lambda page: page.name != "README.md")
    assert sorted(re.findall(r"\]\(([^)\s]+)\)", prose(index))) == [page.name for page in sorted(pages)]


@each_doc
def test_every_path_in_a_sentence_is_there(doc: Path) -> None:
    for code in inline(doc):
        if not re.fullmatch(r"\.?\w[\w./-]*", code) or re.search(r"NAME|SLUG", code) or code in MADE_BY_PEOPLE:
            continue
        inside = "/" in code and any((home / code.split("/")[0]).is_dir() for home in HOMES)
        if inside or code.endswith(SUFFIXES):
            there = any((home / code).exists() for home in HOMES) or next((ROOT / "tests").rglob(code), None)
            assert there, f"{doc.name} names {code}"


@each_doc
def test_every_variable_in_a_sentence_is_read_by_something(doc: Path) -> None:
    for name in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", prose(doc)):
        assert re.search(rf"\b{name}\b", sources()), f"{doc.name} names {name}"


@cache
def sources() -> str:
    folders = ("config", "sellers", "onboarding", "sandbox", "demo", "tests")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py") if file != Path(__file__)]
    return "\n".join(file.read_text() for file in [*files, ROOT / "run", ROOT / "docker-compose.yml"])


@each_doc
def test_its_words_are_calm_and_name_no_machine(doc: Path) -> None:
    assert "!" not in re.sub(r"!\[|`[^`]*`", "", prose(doc))
    assert not re.search(r"(?<![\w.}])/(home|root|tmp|work)/", doc.read_text())


def read_settings() -> dict[str, Any]:
    """Name -> default of each setting of config/settings.py; None where the default is computed or there is none."""
    found: dict[str, Any] = {}
    for node in ast.walk(ast.parse(text("config/settings.py"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if ast.unparse(node.func.value) == "env" and node.args:
            given = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), None)
            plain = isinstance(given, ast.Constant | ast.List)
            found[ast.literal_eval(node.args[0])] = ast.literal_eval(given) if plain and given else None
    return found


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    told = {row[0]: row[1] for row in rows("docs/operations.md", "setting")}
    read = read_settings()
    assert "DATABASE_URL" in read
    assert set(told) == set(read)
    for name, default in read.items():
        if default in ("", []):
            assert told[name].startswith(NO_VALUE), name
        elif default is not None:
            assert told[name] == (",".join(default) if isinstance(default, list) else str(default))


@each_doc
def test_every_spec_and_every_json_in_it_is_right(doc: Path) -> None:
    schema = json.loads(text("docs/onboard.schema.json"))
    for block in blocks(doc, "yaml"):
        load(block)
        jsonschema.validate(yaml.safe_load(block), schema, cls=jsonschema.Draft202012Validator)
    for block in blocks(doc, "json"):
        json.loads(block)


def test_the_command_line_shows_a_spec_with_each_mode() -> None:
    _smallest, block = blocks(ROOT / "docs" / "command-line.md", "yaml")
    regions = load(block).regions.values()
    resources = [getattr(region, name) for region in regions for name in ("network", "load_balancer")]
    assert {resource.mode for resource in resources} == {"create", "existing", "manual"}


def test_the_readme_fits_on_three_screens() -> None:
    assert len(text("README.md").splitlines()) <= 120


def test_the_steps_are_described_as_they_are() -> None:
    told = {row[0]: (row[1], row[2].lower()) for row in rows("docs/steps.md", "step")}
    assert told == {step.slug: (step.title, step.scope.value) for step in checklist()}
    lines = {row[0]: tuple(row[1].split()) for row in rows("docs/checklist.md", "step")}
    assert lines == {step.slug: step.guide for step in checklist()}


def test_the_layers_are_those_that_are_checked() -> None:
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (checked,) = (one["layers"] for one in contracts if one.get("containers") == ["onboarding"])
    assert "\n".join(checked) + "\n" in blocks(ROOT / "docs" / "architecture.md", "")


def test_the_map_is_of_this_house_and_shows_each_folder() -> None:
    named = list(mapped())
    assert [path for path in named if not (ROOT / path).exists()] == []
    ignored = {line.strip("/") for line in text(".gitignore").splitlines()}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - ignored <= {path.split("/")[0] for path in named}


def test_the_engine_is_told_with_its_own_words() -> None:
    assert [row[0] for row in rows("docs/engine.md", "state")] == ItemState.values
    waiting = next(row[1] for row in rows("docs/engine.md", "state") if row[0] == "waiting")
    assert [word for word in WaitsFor.values if word not in waiting] == []
    classes = {row[0]: row[1].split(", ") for row in rows("docs/engine.md", "class")}
    assert list(classes) == [kind.value for kind in errors.ErrorClass]
    for codes, kind in errors._TABLE:
        assert {code for code in classes[kind] if " " not in code} <= codes


def test_the_picture_of_the_engine_shows_every_state() -> None:
    shown = re.findall(r"<text[^>]*>([^<]+)</text>", text("docs/engine.svg"))
    assert set(ItemState.values) <= set(shown)


def test_the_sandbox_is_told_with_its_own_words() -> None:
    page = "docs/sandbox.md"
    actions = {name for row in rows(page, "name") for name in row[0].split(", ")}
    outbox = Outbox()
    desk = Desk(outbox)
    assert actions == set(all_actions(outbox, desk))
    assert set(all_views(outbox, desk)) <= set(inline(ROOT / page))
    waits = {row[0]: float(row[1].split()[0]) for row in rows(page, "setting")}
    assert waits == {one.name: one.default for one in fields(world.Settings)}
    keys = {name for row in rows(page, "key") for name in row[0].split(", ")}
    assert keys == {one.name for one in fields(faults.Rule)} - {"hits"}
    assert [kind for kind in faults.KINDS if kind not in inline(ROOT / page)] == []
