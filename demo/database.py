"""A fresh database in milliseconds: a copy of one that was migrated once, with the demo's people and no more.

It is made again when a migration, a setting or a package changes.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from demo.tree import ROOT


def template(var: Path) -> Path:
    """Where the prepared database of these sources stands or will stand."""
    fingerprint = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for app in ("sellers", "onboarding"):
        for file in sorted((ROOT / app / "migrations").glob("*.py")):
            fingerprint.update(file.name.encode() + file.read_bytes())
    for name in ("config/settings.py", "demo/people.py", "demo/prepare.py"):
        fingerprint.update((ROOT / name).read_bytes())
    return var / f"empty-{fingerprint.hexdigest()[:16]}.sqlite3"


def fresh(target: Path, environment: Mapping[str, str]) -> None:
    """Makes a fresh database at `target`. Raises CalledProcessError when the migrations fail."""
    shutil.copyfile(prepared(target.parent.parent, environment), target)


def prepared(var: Path, environment: Mapping[str, str]) -> Path:
    """The template, made if it is not there."""
    ready = template(var)
    if not ready.exists():
        for old in var.glob("empty-*.sqlite3*"):
            old.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=var) as folder:
            draft = Path(folder) / "draft.sqlite3"
            _migrate(draft, environment)
            # A whole file or none: another demo may look at this moment.
            draft.rename(ready)
    return ready


def _migrate(database: Path, environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "demo.prepare"],
        cwd=ROOT,
        env={**environment, "DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
    )
