"""The check that pyproject.toml, uv.lock and the hashed exports are equal."""

import shutil
from pathlib import Path

import pytest

from scripts.lock_check import EXPORTS, ROOT, differences


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("pyproject.toml", "uv.lock", *EXPORTS):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_files_of_the_project_are_equal() -> None:
    assert differences() == []


@pytest.mark.parametrize("export", EXPORTS)
def test_another_version_in_an_export_is_found(copy: Path, export: str) -> None:
    text = (copy / export).read_text()
    (copy / export).write_text(text.replace("\ndjango==5.", "\ndjango==4."))
    assert differences(copy) == [f"{export} and uv.lock disagree on django. Run `scripts/export.sh`."]


def test_a_changed_hash_is_found(copy: Path) -> None:
    head, hash_, tail = (copy / "requirements.txt").read_text().partition("sha256:")
    (copy / "requirements.txt").write_text(head + hash_ + tail[1:])
    assert len(differences(copy)) == 1


def test_a_package_that_is_left_out_is_found(copy: Path) -> None:
    (copy / "requirements/production.txt").write_text("")
    assert any("disagree on gunicorn" in sentence for sentence in differences(copy))


def test_a_requirement_that_was_not_locked_is_found(copy: Path) -> None:
    text = (copy / "pyproject.toml").read_text()
    (copy / "pyproject.toml").write_text(text.replace('"gunicorn>=', '"gunicorn>=9'))
    assert any("gunicorn[]>=9" in sentence for sentence in differences(copy))
