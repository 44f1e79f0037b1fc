"""The process tree with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.tree import Child, Tree, WorldEnded

pytestmark = pytest.mark.process

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
PARENT = "import subprocess, sys, time; print(subprocess.Popen({child!r}).pid, flush=True); time.sleep(60)"


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Waits until it is true; False when it did not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def tree() -> Iterator[Tree]:
    grown = Tree()
    yield grown
    grown.end()


def child(tmp_path: Path, command: list[str], *, vital: bool = False) -> Child:
    return Child("The child", command, os.environ, tmp_path / "child.log", vital=vital)


def pid_of(one: Child) -> int:
    assert one.process is not None
    return one.process.pid


def test_a_killed_child_comes_back_and_a_sentence_says_so(tree: Tree, tmp_path: Path) -> None:
    one = child(tmp_path, SLEEPER)
    tree.add(one)
    first = pid_of(one)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: one.dead() is not None)

    (sentence,) = tree.tend()

    assert sentence.startswith("The child was ended by signal 9; started again.")
    assert pid_of(one) != first
    assert alive(pid_of(one))


def test_a_child_that_keeps_dying_waits_before_it_is_started_again(tree: Tree, tmp_path: Path) -> None:
    one = child(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    tree.add(one)
    assert eventually(lambda: one.dead() is not None)
    tree.tend()
    assert eventually(lambda: one.dead() is not None)

    (sentence,) = tree.tend()

    assert "ended with status 3; started again in 1 s" in sentence
    assert one.process is None


def test_the_death_of_a_vital_child_ends_the_world(tree: Tree, tmp_path: Path) -> None:
    one = child(tmp_path, SLEEPER, vital=True)
    tree.add(one)
    os.kill(pid_of(one), signal.SIGKILL)
    assert eventually(lambda: one.dead() is not None)

    with pytest.raises(WorldEnded, match="The child was ended by signal 9"):
        tree.tend()


def test_the_end_takes_grandchildren_and_those_who_do_not_listen(tree: Tree, tmp_path: Path) -> None:
    one = child(tmp_path, [sys.executable, "-c", PARENT.format(child=STUBBORN)])
    tree.add(one)
    assert eventually(lambda: one.log.read_text().strip().isdigit())
    pids = [pid_of(one), int(one.log.read_text())]

    begun = time.monotonic()
    tree.end()

    assert eventually(lambda: not any(map(alive, pids)), 1)
    assert time.monotonic() - begun < 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_parent_killed_with_9_leaves_no_child(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from demo.tree import Child, Tree;"
        f"one = Child('x', {STUBBORN!r}, os.environ, Path({str(tmp_path / 'log')!r})); Tree().add(one);"
        "print(one.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()

    assert eventually(lambda: not alive(pid), 5)
