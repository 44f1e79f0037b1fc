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
        self._worlds: dict[tuple[str, str], World] = {}
        self._references: dict[tuple[str, str, str], Reference] = {}

    def world(self, database: str, checklist: str = "spine") -> World:
        """The world over "sqlite" or "postgresql", of a product with the "spine" or the "whole" checklist."""
        place = (database, checklist)
        if place not in self._worlds:
            folder = self._directory / database / checklist
            folder.mkdir(parents=True)
            self._worlds[place] = self._stack.enter_context(world(database, checklist, folder))
        return self._worlds[place]

    def reference(self, database: str, verb: str, checklist: str = "spine") -> Reference:
        """The undisturbed way up ("provision") or down ("teardown")."""
        place = (database, verb, checklist)
        if place not in self._references:
            self._references[place] = undisturbed(self.world(database, checklist), verb)
        return self._references[place]

    def close(self) -> None:
        """End all processes."""
        self._stack.close()
