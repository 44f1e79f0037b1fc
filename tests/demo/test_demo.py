"""`python -m demo` as a newcomer runs it: the whole process tree, really started, hurt and ended."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from demo.people import PASSWORD, PEOPLE
from demo.place import free_port
from tests.demo.test_tree import alive, eventually

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent.parent
GENEROUS_START = 60.0
GENEROUS_END = 8.0


class Running:
    """A demo and what it has said."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process, self.log, self.url = process, log, f"http://127.0.0.1:{port}"

    def said(self, words: str, seconds: float = 30) -> re.Match[str]:
        """Waits until it has said something."""
        found: list[re.Match[str]] = []

        def look() -> bool:
            found[:] = [match] if (match := re.search(words, self.log.read_text())) else []
            return bool(found)

        assert eventually(look, seconds), f"never said {words!r}, but:\n{self.log.read_text()}"
        return found[0]

    def processes(self) -> dict[int, str]:
        """All descendants: process id -> command line."""
        tree, todo = {}, [self.process.pid]
        while todo:
            for task in Path(f"/proc/{todo.pop()}/task").glob("*/children"):
                for pid in map(int, task.read_text().split()):
                    with suppress(OSError):
                        tree[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
                        todo.append(pid)
        return tree

    def pid_of(self, words: str) -> int:
        """The process whose command line holds these words."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def folder(self) -> Path:
        """Where the world that runs now keeps its things."""
        return Path(re.findall(r"Logs: (\S+)", self.log.read_text())[-1])

    def rows(self, table: str, columns: str, product: str) -> set[tuple[str, ...]]:
        """Some columns of a product's rows in a table, read from the demo's own database."""
        with sqlite3.connect(f"file:{self.folder() / 'db.sqlite3'}?mode=ro", uri=True) as database:
            found = database.execute(
                f"SELECT {columns} FROM {table} t JOIN sellers_product p ON t.product_id = p.id WHERE p.name = ?",  # noqa: S608 - our own words
                [product],
            )
            return set(found)

    def states(self, product: str) -> set[str]:
        """The states of all items of a product."""
        return {state for (state,) in self.rows("onboarding_item", "t.state", product)}

    def waits(self, product: str) -> set[tuple[str, ...]]:
        """What waits, and for whom."""
        rows = self.rows("onboarding_item", "t.slug, t.state, t.waiting_for", product)
        return {(slug, waiting_for) for slug, state, waiting_for in rows if state == "waiting"}

    def sign_in(self, email: str) -> str:
        """The address where a person lands who signs in as people do."""
        browser = build_opener(HTTPCookieProcessor())
        with browser.open(f"{self.url}/accounts/login/", timeout=10) as answer:
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
        assert token
        fields = {"csrfmiddlewaretoken": token[1], "login": email, "password": PASSWORD}
        with browser.open(f"{self.url}/accounts/login/", urlencode(fields).encode(), timeout=10) as answer:
            return str(answer.url)

    def page(self) -> str:
        """The sign-in page."""
        with build_opener().open(f"{self.url}/accounts/login/", timeout=10) as answer:
            return str(answer.read().decode())


@contextmanager
def demo(log: Path) -> Iterator[Running]:
    """Starts a demo on a free port; it is ended with the block, whatever happens."""
    port = free_port()
    out: IO[bytes]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "SANDBOX_SPEED": "20"},
            stdout=out,
            stderr=out,
            text=True,
        )
    try:
        one = Running(process, port, log)
        one.said(r"Logs: ", GENEROUS_START)
        yield one
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A demo for the tests after which it still runs."""
    with demo(tmp_path_factory.mktemp("demo") / "said.txt") as one:
        yield one


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Running]:
    """A demo for a test that ends it."""
    with demo(tmp_path / "said.txt") as one:
        yield one


def test_the_first_page_comes_soon_and_the_way_in_is_told(running: Running) -> None:
    seconds = float(running.said(r"the product \(([\d.]+) s\)")[1])
    assert seconds < GENEROUS_START
    assert "password" in running.page().lower()
    for person in PEOPLE:
        running.said(re.escape(person.email) + r"\s+" + PASSWORD)
    running.said(r"/_sandbox/outbox")


def test_everybody_can_sign_in(running: Running) -> None:
    for person in PEOPLE:
        assert "login" not in running.sign_in(person.email)


def test_the_samples_finish_wait_and_fail_as_they_should(running: Running) -> None:
    theirs = {("validation", "you"), ("name_servers", "marketplace")}

    assert eventually(lambda: running.states("Example Analytics") == {"done"}, 120)
    assert eventually(lambda: running.waits("Example Reports") == theirs, 60)
    assert eventually(lambda: "failed" in running.states("Example Search"), 60)

    columns = "t.state, t.sent_by, t.acknowledged_by, t.decided_by"
    reviewer = "reviewer@marketplace.example"
    decided = ("live", "engineer@seller.example", reviewer, reviewer)
    assert running.rows("onboarding_submission", columns, "Example Analytics") == {decided}
    assert eventually(lambda: not any("demo.seed" in one for one in running.processes().values()))
    assert "could not all be made" not in running.log.read_text()


def test_ctrl_c_ends_every_process_and_forgets_everything(mortal: Running) -> None:
    folder = mortal.folder()
    tree = mortal.processes()
    assert len(tree) >= 6

    begun = time.monotonic()
    mortal.process.send_signal(signal.SIGINT)
    mortal.process.wait(10)

    assert time.monotonic() - begun < GENEROUS_END
    assert mortal.process.returncode == 0
    assert [command for pid, command in tree.items() if alive(pid)] == []
    assert not folder.exists()


def test_a_killed_worker_comes_back(running: Running) -> None:
    assert eventually(lambda: any("celery -A config worker" in one for one in running.processes().values()))
    first = running.pid_of("celery -A config worker")
    os.kill(first, signal.SIGKILL)
    running.said(r"The worker was ended by signal 9; started again")
    assert running.pid_of("celery -A config worker") != first


def test_a_killed_web_server_comes_back(running: Running) -> None:
    os.kill(running.pid_of("gunicorn"), signal.SIGKILL)
    running.said(r"The web server was ended by signal 9; started again")

    def answers() -> bool:
        with suppress(OSError):
            return "password" in running.page().lower()
        return False

    assert eventually(answers, GENEROUS_START)


def test_when_the_simulated_world_dies_everything_starts_over_and_says_so(running: Running) -> None:
    folder = running.folder()
    os.kill(running.pid_of("-m sandbox"), signal.SIGKILL)
    running.said(r"The simulated AWS was ended by signal 9\. .* starts over with an empty database\.")
    running.said(r"(?s)starts over.*Logs: ", GENEROUS_START)
    assert not folder.exists()
    assert "password" in running.page().lower()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_demo_killed_with_9_leaves_no_process_and_the_next_one_clears_its_folder(
    mortal: Running, tmp_path: Path
) -> None:
    folder = mortal.folder()
    tree = mortal.processes()

    mortal.process.kill()

    assert eventually(lambda: not any(map(alive, tree)), 10), {pid: tree[pid] for pid in tree if alive(pid)}
    assert folder.exists()
    with demo(tmp_path / "next.txt"):
        assert eventually(lambda: not folder.exists())


def test_a_taken_port_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "demo"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stdout == f"Port {port} is in use. Choose another: PORT=8080 ./run demo\n"
