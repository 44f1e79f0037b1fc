"""`collectstatic` as the image runs it: names with hashes, compressed copies, and used at run time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent
COPIED = ("config", "sellers", "onboarding", "templates", "static")
SHOW = """
import django; django.setup()
from django.templatetags.static import static
from django.test import Client
url = static("app.css")
client = Client(headers={"Host": "localhost"})
answer = client.get(url, headers={"Accept-Encoding": "gzip"})
page = client.get("/favicon.ico")
print(url, answer.status_code, answer["Content-Encoding"], "immutable" in answer["Cache-Control"], page["Location"])
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the Dockerfile copies, alone."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    return tmp_path


def _python(folder: Path, *words: str, **more: str) -> str:
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**path, "SECRET_KEY": "k" * 60, "DJANGO_SETTINGS_MODULE": "config.settings", **more}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_collected_with_a_manifest_files_are_served_hashed_and_compressed(checkout: Path) -> None:
    _python(checkout, "manage.py", "collectstatic", "--noinput", STATIC_MANIFEST="1")

    built = checkout / "staticfiles"
    names = json.loads((built / "staticfiles.json").read_text())["paths"]
    assert (built / f"{names['app.css']}.gz").is_file()
    url, status, encoding, immutable, icon = _python(checkout, "-c", SHOW).split()
    assert url == f"/static/{names['app.css']}"
    assert (status, encoding, immutable) == ("200", "gzip", "True")
    assert icon == f"/static/{names['favicon.svg']}"


def test_a_manifest_can_be_left_aside(checkout: Path) -> None:
    _python(checkout, "manage.py", "collectstatic", "--noinput", STATIC_MANIFEST="1")
    show = "from django.templatetags.static import static; import django; django.setup(); print(static('app.css'))"
    assert _python(checkout, "-c", show, STATIC_MANIFEST="0").strip() == "/static/app.css"
