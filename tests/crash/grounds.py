"""The worlds of one pytest worker, each started once, and what an undisturbed run leaves in each, found once."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from tests.crash.trial import Reference, undisturbed
from tests.crash.world import World, world


class Grounds:
    """A world for each kind of database, started when it is first asked for; `close` ends them."""

    def __init__(self, directory: Path) -> None:
        self._directory, self._stack = directory, ExitStack()
        self._worlds: dict[str, World] = {}
        self._references: dict[tuple[str, str], Reference] = {}

    def world(self, database: str) -> World:
        """The world over "sqlite" or "postgresql"."""
        if database not in self._worlds:
            folder = self._directory / database
            folder.mkdir()
            self._worlds[database] = self._stack.enter_context(world(database, folder))
        return self._worlds[database]

    def reference(self, database: str, verb: str) -> Reference:
        """The undisturbed way up ("provision") or down ("teardown")."""
        if (database, verb) not in self._references:
            self._references[database, verb] = undisturbed(self.world(database), verb)
        return self._references[database, verb]

    def close(self) -> None:
        """End all processes."""
        self._stack.close()
