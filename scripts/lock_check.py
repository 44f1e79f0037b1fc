"""Checks that pyproject.toml, uv.lock and the hashed exports say the same. Needs no uv and no network.

Exit 0 when equal; otherwise exit 1 and one sentence a difference. `scripts/export.sh` writes the exports.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
EXPORTS = {
    "requirements.txt": {"demo", "dev"},
    "requirements/production.txt": set[str](),
    "requirements/demo.txt": {"demo"},
}
Pins = dict[str, tuple[str, frozenset[str]]]


def locked(lock: dict[str, Any], groups: set[str]) -> Pins:
    """What the lock holds for the project with these extras and groups: name -> (version, hashes)."""
    packages = {package["name"]: package for package in lock["package"]}
    root = next(package for package in lock["package"] if "virtual" in package["source"])
    todo = list(root["dependencies"])
    for table in ("optional-dependencies", "dev-dependencies"):
        for group, dependencies in root.get(table, {}).items():
            todo += dependencies if group in groups else []
    pins: Pins = {}
    seen: set[tuple[str, str]] = set()
    while todo:
        dependency = todo.pop()
        package = packages[dependency["name"]]
        for extra in ("", *dependency.get("extra", [])):
            if (package["name"], extra) in seen:
                continue
            seen.add((package["name"], extra))
            todo += (
                package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
            )
        pins[package["name"]] = (package["version"], hashes(package))
    return pins


def hashes(package: dict[str, Any]) -> frozenset[str]:
    """The hashes of a locked package's files, source distribution included."""
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    return frozenset(file["hash"] for file in files)


def exported(text: str) -> Pins:
    """What a requirements file pins: name -> (version, hashes)."""
    pins: Pins = {}
    for entry in re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text)):
        if match := re.match(r"([a-z0-9._-]+)==([^\s;]+)", entry):
            pins[match[1]] = (match[2], frozenset(re.findall(r"--hash=(\S+)", entry)))
    return pins


def declared(project: dict[str, Any]) -> set[str]:
    """The requirements of pyproject.toml, one canonical string each."""
    texts = [*project["project"]["dependencies"]]
    for table in (project["project"].get("optional-dependencies", {}), project.get("dependency-groups", {})):
        texts += [text for group in table.values() for text in group]
    return {canonical(Requirement(text)) for text in texts}


def recorded(lock: dict[str, Any]) -> set[str]:
    """The project's requirements as uv.lock remembers them, one canonical string each."""
    root = next(package for package in lock["package"] if "virtual" in package["source"])
    entries = [*root["metadata"]["requires-dist"]]
    for group in root["metadata"].get("requires-dev", {}).values():
        entries += group
    return {
        canonical(Requirement(f"{e['name']}[{','.join(e.get('extras', []))}]{e.get('specifier', '')}")) for e in entries
    }


def canonical(requirement: Requirement) -> str:
    """A requirement without its marker, parts in a stable order."""
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    return f"{name}[{','.join(sorted(requirement.extras))}]{requirement.specifier}"


def differences(root: Path = ROOT) -> list[str]:
    """One sentence for each disagreement between pyproject.toml, uv.lock and the exports below `root`."""
    lock = tomllib.loads((root / "uv.lock").read_text())
    project = tomllib.loads((root / "pyproject.toml").read_text())
    found = [
        f"pyproject.toml and uv.lock disagree on {requirement}. Run `uv lock`."
        for requirement in sorted(declared(project) ^ recorded(lock))
    ]
    for file, groups in EXPORTS.items():
        want, have = locked(lock, groups), exported((root / file).read_text())
        found += [
            f"{file} and uv.lock disagree on {name}. Run `scripts/export.sh`."
            for name in sorted(want.keys() | have.keys())
            if want.get(name) != have.get(name)
        ]
    return found


if __name__ == "__main__":
    sentences = differences()
    print("\n".join(sentences) or "uv.lock and its exports are equal.")
    sys.exit(bool(sentences))
