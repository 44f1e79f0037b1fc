"""Child processes that belong together: started, watched, started again when one dies, ended as one."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from demo.parent import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
END_SECONDS = 1.5
MAX_PAUSE = 10.0
QUIET_SECONDS = 30.0


@dataclass
class Child:
    """One process to keep alive. `vital`: its death ends the world, and everything starts over."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    vital: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0
    deaths: int = 0
    due: float | None = None

    def start(self) -> None:
        """Starts the process in a session of its own: Ctrl-C of the terminal reaches only us."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        self.started, self.due = time.monotonic(), None

    def dead(self) -> int | None:
        """The exit status if it was started and has ended since, else None."""
        return None if self.process is None else self.process.poll()

    def signal_group(self, sign: signal.Signals) -> None:
        """Sends a signal to the process and all that it started; the group outlives its leader."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, sign)


class WorldEnded(Exception):
    """A vital child died: what it held is lost, so nothing that remains can be trusted."""


class Tree:
    """The children that run now. Use it from the main thread: they die with the thread that made them."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def add(self, child: Child) -> None:
        """Starts the child and keeps it alive from now on."""
        child.start()
        self._children.append(child)

    def tend(self) -> list[str]:
        """Looks once at every child and starts dead ones again. Returns a sentence for each event.

        A child that dies soon after its start waits longer each time, up to 10 s. Raises WorldEnded.
        """
        sentences = []
        for child in self._children:
            status = child.dead()
            if status is not None:
                sentences.append(self._bury(child, status))
            if child.due is not None and time.monotonic() >= child.due:
                child.start()
        return sentences

    def _bury(self, child: Child, status: int) -> str:
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        if child.vital:
            raise WorldEnded(f"{child.name} {how}.")
        child.signal_group(signal.SIGKILL)
        lived = time.monotonic() - child.started
        child.deaths = child.deaths + 1 if lived < QUIET_SECONDS else 1
        pause = 0.0 if child.deaths == 1 else min(2.0 ** (child.deaths - 2), MAX_PAUSE)
        child.process, child.due = None, time.monotonic() + pause
        return f"{child.name} {how}; started again{f' in {pause:.0f} s' if pause else ''}. Log: {child.log}"

    def end(self) -> None:
        """Ends all children: a polite word, and after 1.5 s none."""
        for child in self._children:
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        while any(child.process and child.dead() is None for child in self._children):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for child in self._children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait(5)
        self._children.clear()
