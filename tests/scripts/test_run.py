"""`run` as a newcomer meets it: on machines that lack things, and the second time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TOOLS = ("sh", "dirname", "cksum", "cat", "mkdir", "ln")
FAKE_UV = """#!/bin/sh
echo "uv $*" >>calls
[ "$1" = --version ] && exit 0
mkdir -p .venv/bin
[ -e .venv/bin/python ] || ln -s "$(command -v python3)" .venv/bin/python
"""
FAKE_PYTHON = f"""#!/bin/sh
case "$*" in
*ensurepip*) exit ${{LACKS_VENV:-0}} ;;
"-m "*) echo "ran $*" ;;
*) exec {sys.executable} "$@" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with `run` and a lock, and a `bin` with nothing but a shell and a few tools."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    shutil.copy(ROOT / "run", tmp_path / "run")
    (tmp_path / "uv.lock").write_text("one")
    return tmp_path


def put(machine: Path, name: str, script: str) -> None:
    """Installs a program."""
    (machine / "bin" / name).write_text(script)
    (machine / "bin" / name).chmod(0o755)


def run(machine: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `./run` with the machine's programs only."""
    return subprocess.run(
        [machine / "run", *arguments],
        env={"PATH": str(machine / "bin"), "HOME": str(machine), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_verb_it_says_what_there_is(machine: Path) -> None:
    shown = run(machine)
    assert shown.returncode == 0
    assert "./run demo" in shown.stdout


def test_an_unknown_verb_is_refused(machine: Path) -> None:
    refused = run(machine, "dance")
    assert refused.returncode == 2
    assert "There is no 'dance'." in refused.stderr


def test_a_machine_without_python_gets_one_sentence(machine: Path) -> None:
    refused = run(machine, "demo")
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == "Python 3.11 or newer is needed, and none was found."


def test_an_old_python_does_not_count(machine: Path) -> None:
    put(machine, "python3", "#!/bin/sh\nexit 1\n")
    assert run(machine, "demo").returncode == 2


def test_a_machine_without_venv_gets_the_line_that_installs_it(machine: Path) -> None:
    put(machine, "python3", FAKE_PYTHON)
    refused = run(machine, "demo", LACKS_VENV="1")
    assert refused.returncode == 2
    version = "{}.{}".format(*sys.version_info)
    assert f"sudo apt-get install -y python{version}-venv" in refused.stderr.splitlines()[-1]


def test_it_installs_once_and_again_only_when_the_lock_changes(machine: Path) -> None:
    put(machine, "python3", FAKE_PYTHON)
    put(machine, "uv", FAKE_UV)

    first, second = run(machine, "demo"), run(machine, "demo")
    (machine / "uv.lock").write_text("two")
    third = run(machine, "demo")

    assert second.stdout == "ran -m demo\n"
    assert first.stdout == third.stdout == "ran -m demo.database\nran -m demo\n"
    assert second.stderr == ""
    syncs = [line for line in (machine / "calls").read_text().splitlines() if " sync " in line]
    assert len(syncs) == 2
    assert "--frozen --all-extras" in syncs[0]


def test_an_installation_that_failed_is_done_again(machine: Path) -> None:
    put(machine, "python3", FAKE_PYTHON)
    put(machine, "uv", FAKE_UV + "[ ! -e broken ] || exit 1\n")
    (machine / "broken").touch()
    assert run(machine, "demo").returncode == 1
    (machine / "broken").unlink()
    assert run(machine, "demo").stdout.endswith("ran -m demo\n")


def test_arguments_of_test_go_to_pytest_alone(machine: Path) -> None:
    put(machine, "python3", FAKE_PYTHON)
    put(machine, "uv", FAKE_UV)
    assert run(machine, "test", "tests/a.py::b", "-x").stdout.endswith("ran -m pytest tests/a.py::b -x\n")


@pytest.mark.parametrize("script", ["run", ".ci/run", "scripts/export.sh"])
def test_the_scripts_can_be_run_and_parse(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    shell = "bash" if script == ".ci/run" else "sh"
    checked = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert checked.stderr == ""
