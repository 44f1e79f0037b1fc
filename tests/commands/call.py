"""How the tests call the commands."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def spec_file(folder: Path, data: dict[str, Any]) -> str:
    """The spec as a file; its path."""
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(data))
    return str(path)
