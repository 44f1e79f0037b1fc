"""`python -m demo`: the product, its worker, its broker and a simulated AWS, until Ctrl-C.

PORT chooses the web port (8000). Everything is thrown away at the end; nothing reaches AWS.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

from demo import database, processes
from demo.people import PASSWORD, PEOPLE
from demo.place import Place, port_taken
from demo.tree import Tree, WorldEnded

FIRST_PAGE = "/accounts/login/"
FIRST_PAGE_SECONDS = 60.0


def say(sentence: str) -> None:
    """A line for the person at the terminal."""
    print(sentence, flush=True)


class Demo:
    """One world from its start to its end."""

    def __init__(self, web_port: int, ended: threading.Event) -> None:
        self._ended = ended
        self._place = Place()
        self._ports = processes.ports(web_port)
        self._environment = processes.environment(self._place, self._ports)
        self._tree = Tree()
        self._seed: subprocess.Popen[bytes] | None = None
        self._url = f"http://127.0.0.1:{web_port}"

    def run(self) -> None:
        """Starts all, tends it until told to end, and ends all. Raises WorldEnded when it must start over."""
        begun = time.monotonic()
        try:
            self._start()
            if not self._ended.is_set():
                self._welcome(time.monotonic() - begun)
            self._tend()
        finally:
            if self._seed is not None:
                self._seed.kill()
            self._tree.end()
            self._place.close()

    def _start(self) -> None:
        """Side by side what can be: on two cores the sandbox's imports and the web server's take as long."""
        place, env = self._place, self._environment
        world = processes.sandbox(place, self._ports, env)
        self._tree.add(world)
        self._tree.add(processes.queue(place, env))
        database.fresh(place.folder / "db.sqlite3", env)
        self._tree.add(processes.web(place, self._ports, env))
        processes.write_hub_keys(world, place.folder / "aws-credentials", self._ended)
        self._await_first_page()
        if self._ended.is_set():
            return
        # Nobody waits for these yet, so they do not slow the first page down.
        self._tree.add(processes.worker(place, env))
        self._tree.add(processes.beat(place, env))
        self._seed = processes.seed(place, env)

    def _await_first_page(self) -> None:
        deadline = time.monotonic() + FIRST_PAGE_SECONDS
        while not self._ended.is_set() and not processes.answers(self._url + FIRST_PAGE):
            if time.monotonic() > deadline:
                log = (self._place.folder / "web.log").read_text()[-4_000:]
                raise TimeoutError(f"The sign-in page did not come within 60 s. The web server says:\n{log}")
            self._say_all(self._tree.tend())
            self._ended.wait(0.05)

    def _welcome(self, seconds: float) -> None:
        control = f"http://127.0.0.1:{self._ports.sandbox}/_sandbox/"
        say(f"\n  {self._url}   the product ({seconds:.1f} s)")
        say(f"  {control}outbox   every email it sends")
        say(f"  {control}   the simulated AWS: roles, faults, speed\n")
        for person in PEOPLE:
            say(f"  {person.email:30} {PASSWORD}   {person.described}")
        say("\n  Three samples make themselves now; one is live in about a minute. Ctrl-C ends all and forgets all.")
        say(f"  Logs: {self._place.folder}\n")

    def _tend(self) -> None:
        while not self._ended.is_set():
            self._say_all(self._tree.tend())
            if self._seed is not None and (status := self._seed.poll()) is not None:
                self._seed = None
                if status:
                    say(f"The samples could not all be made. Log: {self._place.folder / 'seed.log'}")
            self._ended.wait(0.2)

    def _say_all(self, sentences: list[str]) -> None:
        for sentence in sentences:
            say(sentence)


def web_port() -> int:
    """The port asked for, free. Exits with status 2 and a sentence otherwise."""
    text = os.environ.get("PORT", "8000")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        say(f"PORT is not a number from 1 to 65535; got {text!r}. Leave it out for 8000.")
        sys.exit(2)
    if port_taken(int(text)):
        say(f"Port {text} is in use. Choose another: PORT=8080 ./run demo")
        sys.exit(2)
    return int(text)


def main() -> None:
    """Runs worlds, one after the other, until Ctrl-C or SIGTERM."""
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: ended.set())
    port = web_port()
    say("Starting the simulated AWS, the broker, the worker and the web server.")
    while not ended.is_set():
        try:
            Demo(port, ended).run()
        except WorldEnded as death:
            say(f"{death} What it held is lost, so everything starts over with an empty database.")
        except (ChildProcessError, TimeoutError, subprocess.CalledProcessError) as error:
            if not ended.is_set():
                sys.exit(f"The demo cannot start. {error}")
    say("Ended.")


if __name__ == "__main__":
    main()
