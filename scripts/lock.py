"""Keeps uv.lock and the hashed requirement files equal: `python -m scripts.lock` writes, `--check` compares.

Comparing needs no network and no cache, and it ignores the indexes that this machine is set to use.
"""

import os
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

ROOT = Path(__file__).resolve().parent.parent
EXPORTS = {
    "requirements.txt": ("--all-extras", "--all-groups"),
    "requirements/demo.txt": ("--no-dev", "--extra", "demo"),
    "requirements/production.txt": ("--no-dev",),
}


def uv(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs uv for the project in `root`, on PyPI and nothing else."""
    settings = ("--project", str(root), "--no-config", "--default-index", "https://pypi.org/simple")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    command = [find_uv_bin(), *arguments, *settings]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def exported(root: Path, file: str) -> str:
    """What `file` must contain. Raises CalledProcessError when uv.lock can't be read."""
    options = ("--frozen", "--offline", "--no-emit-project", "--format", "requirements-txt", "--no-header")
    done = uv(root, "export", *options, *EXPORTS[file])
    done.check_returncode()
    return done.stdout


def differences(root: Path = ROOT) -> list[str]:
    """One sentence for each file that is out of date."""
    if uv(root, "lock", "--check", "--offline").returncode:
        return ["uv.lock doesn't match pyproject.toml. Run `python -m scripts.lock`."]
    return [
        f"{file} doesn't match uv.lock. Run `python -m scripts.lock`."
        for file in EXPORTS
        if (root / file).read_text() != exported(root, file)
    ]


def write(root: Path = ROOT) -> None:
    """Resolves what pyproject.toml asks for and writes all exports."""
    done = uv(root, "lock")
    if done.returncode:
        sys.exit(done.stderr)
    for file in EXPORTS:
        (root / file).write_text(exported(root, file))


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(differences()) or 0)
    write()
