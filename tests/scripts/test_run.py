"""`run` as a newcomer meets it: on machines that lack things, and the second time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent.parent
TOOLS = ("sh", "dirname", "cksum", "cat", "mkdir", "ln", "getconf")
FAKE_UV = """#!/bin/sh
echo "uv $*" >>calls
[ "$1" = --version ] && exit 0
mkdir -p .venv/bin
[ -e .venv/bin/python ] || ln -s "$(command -v python3)" .venv/bin/python
"""
FAKE_PYTHON = f"""#!/bin/sh
case "$*" in
*ensurepip*) exit ${{LACKS_VENV:-0}} ;;
"-m venv "*) mkdir -p .venv/bin && ln -s "$0" .venv/bin/python && echo made >>venvs ;;
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
    assert refused.stderr.splitlines()[-1] == "Python 3.11 or newer is required, and none was found."


def test_an_old_python_does_not_count(machine: Path) -> None:
    put(machine, "python3", "#!/bin/sh\nexit 1\n")
    assert run(machine, "demo").returncode == 2


def test_a_machine_without_venv_gets_the_line_that_installs_it(machine: Path) -> None:
    put(machine, "python3", FAKE_PYTHON)
    refused = run(machine, "demo", LACKS_VENV="1")
    assert refused.returncode == 2
    version = "{}.{}".format(*sys.version_info)
    assert f"sudo apt-get install -y python{version}-venv" in refused.stderr.splitlines()[-1]


@pytest.fixture
def with_uv(machine: Path) -> Path:
    """The machine, with a Python and uv."""
    put(machine, "python3", FAKE_PYTHON)
    put(machine, "uv", FAKE_UV)
    return machine


def syncs(machine: Path) -> list[str]:
    """What uv was asked to install, the program's name left out."""
    return [line for line in (machine / "calls").read_text().splitlines() if " sync " in line]


def test_it_installs_once_and_again_only_when_the_lock_changes(with_uv: Path) -> None:
    first, second = run(with_uv, "demo"), run(with_uv, "demo")
    (with_uv / "uv.lock").write_text("two")
    third = run(with_uv, "demo")

    assert first.stdout == second.stdout == third.stdout == "ran -m demo\n"
    assert second.stderr == ""
    assert len(syncs(with_uv)) == 2


def test_the_demo_installs_only_what_it_needs_and_the_tests_add_the_rest(with_uv: Path) -> None:
    run(with_uv, "demo")
    run(with_uv, "test", "tests")
    run(with_uv, "demo")

    demo, everything = syncs(with_uv)
    assert demo.endswith("--no-dev --extra demo")
    assert everything.endswith("--all-groups --all-extras")


def test_without_uv_pip_installs_the_hashed_requirements(machine: Path) -> None:
    put(machine, "python3", FAKE_PYTHON)
    demo, everything = run(machine, "demo"), run(machine, "test", "tests")

    assert "--require-hashes -r requirements/demo.txt" in demo.stdout.splitlines()[0]
    assert "--require-hashes -r requirements.txt" in everything.stdout.splitlines()[0]
    assert (machine / "venvs").read_text() == "made\n"


def test_an_installation_that_failed_is_done_again(with_uv: Path) -> None:
    put(with_uv, "uv", FAKE_UV + "[ ! -e broken ] || exit 1\n")
    (with_uv / "broken").touch()
    assert run(with_uv, "demo").returncode == 1
    (with_uv / "broken").unlink()
    assert run(with_uv, "demo").stdout == "ran -m demo\n"


def test_arguments_of_test_go_to_pytest_alone(with_uv: Path) -> None:
    assert run(with_uv, "test", "tests/a.py::b", "-x").stdout == "ran -m pytest tests/a.py::b -x\n"


def test_the_whole_test_run_begins_with_the_checks(with_uv: Path) -> None:
    checks, *_, pytest_run = run(with_uv, "test").stdout.splitlines()
    assert checks == "ran -m scripts.check" == run(with_uv, "check").stdout.strip()
    assert "--durations=20" in pytest_run


def test_fast_tests_are_chosen_by_their_markers(with_uv: Path) -> None:
    assert run(with_uv, "test", "--fast", "tests/dns").stdout.endswith(" -m fast tests/dns\n")


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_can_be_run_and_parse(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    shell = "bash" if script == ".ci/run" else "sh"
    checked = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert checked.stderr == ""
