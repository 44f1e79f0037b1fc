"""An empty database with all tables, in milliseconds: a copy of one that was migrated once.

It is the file that `manage.py migrate` makes, made anew when a migration or a package changes.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from demo.tree import ROOT


def template(var: Path) -> Path:
    """Where the migrated, empty database of these sources stands or will stand."""
    fingerprint = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for app in ("sellers", "onboarding"):
        for file in sorted((ROOT / app / "migrations").glob("*.py")):
            fingerprint.update(file.name.encode() + file.read_bytes())
    fingerprint.update((ROOT / "config" / "settings.py").read_bytes())
    return var / f"empty-{fingerprint.hexdigest()[:16]}.sqlite3"


def fresh(target: Path, environment: Mapping[str, str]) -> None:
    """Makes an empty database at `target`. Raises CalledProcessError when the migrations fail."""
    ready = template(target.parent.parent)
    if not ready.exists():
        for old in ready.parent.glob("empty-*.sqlite3*"):
            old.unlink(missing_ok=True)
        draft = target.with_name("draft.sqlite3")
        _migrate(draft, environment)
        # A whole file or none: another demo may look at this moment.
        draft.rename(ready)
    shutil.copyfile(ready, target)


def _migrate(database: Path, environment: Mapping[str, str]) -> None:
    script = (
        "import django; django.setup(); from django.core.management import call_command as run;"
        "run('migrate', verbosity=0); run('createcachetable', verbosity=0);"
        "from django.db import connection; connection.cursor().execute('PRAGMA journal_mode=DELETE')"
    )
    subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            **environment,
            "DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        check=True,
    )
