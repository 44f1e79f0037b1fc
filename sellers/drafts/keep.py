"""Changes to a draft: saved field by field under a version, so that nobody's change is lost unseen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sellers.drafts.shape import Values
from sellers.models import Draft, User

LARGEST = 1_000_000  # characters of a draft's values; a spec of 40 regions needs a hundredth


class TooLarge(ValueError):
    """What was typed makes the draft larger than LARGEST; nothing was saved."""


@dataclass(frozen=True)
class Conflict:
    """A field that somebody changed after the page was read: `mine` was not saved, `theirs` stands."""

    path: str
    mine: Any
    theirs: Any
    by: str
    at: str


@dataclass(frozen=True)
class Read:
    """What a page had read when it was filled in: the draft's version, and the page's own mark.

    What a page saved itself (`tab`) is no news to it. `seen` are fields whose change by somebody else it was told of,
    with the version at which it was.
    """

    version: int
    tab: str = ""
    seen: Mapping[str, int] = field(default_factory=dict)

    def knows(self, path: str, stamp: Mapping[str, Any]) -> bool:
        """Whether the page knew of the last change of a field."""
        own = bool(self.tab) and stamp["tab"] == self.tab
        return own or int(stamp["version"]) <= max(self.version, self.seen.get(path, 0))

    def untouched(self, stamp: Mapping[str, Any], value: Any) -> bool:
        """Whether the value is what the page was given before somebody else began to change it."""
        return bool(self.version < stamp["since"] and value == stamp["before"])


@dataclass
class Kept:
    """What a save did: the draft as it is now, the paths that changed, and what stands against it."""

    draft: Draft
    changed: list[str] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)


@transaction.atomic
def keep(pk: UUID, changes: Mapping[str, Any], read: Read, by: User) -> Kept:
    """Save what was typed into the fields of a page.

    A field that somebody else changed meanwhile, to something else, is a conflict and stays as it is; the others are
    saved. Raises TooLarge. A finished draft stays as it is.
    """
    draft = Draft.objects.select_for_update(of=("self",)).select_related("seller", "product").get(pk=pk)
    kept = Kept(draft)
    if draft.finished_at:
        return kept
    before: Values = dict(draft.data)
    for path, typed in changes.items():
        value, stands = storable(typed), draft.data.get(path)
        if value == stands:
            continue
        stamp = draft.stamps.get(path)
        if stamp and not read.knows(path, stamp):
            if not read.untouched(stamp, value):
                kept.conflicts[path] = Conflict(path, value, stands, stamp["by"], stamp["at"])
            continue
        draft.data[path] = value
        kept.changed.append(path)
    _store(kept, before, by, read.tab)
    return kept


def _store(kept: Kept, before: Values, by: User, tab: str) -> None:
    draft = kept.draft
    if not kept.changed:
        return
    if len(json.dumps(draft.data)) > LARGEST:
        draft.data = before
        raise TooLarge
    draft.version, draft.changed_by, draft.changed_at = draft.version + 1, by, timezone.now()
    for path in kept.changed:
        last = draft.stamps.get(path, {})
        # Typing is saved at each pause: one tab's changes are one, and what stood before it began is what counts.
        first = last if tab and last.get("tab") == tab else {"since": draft.version, "before": before.get(path, "")}
        draft.stamps[path] = {
            "version": draft.version,
            "since": first["since"],
            "before": first["before"],
            "tab": tab,
            "by": by.name or by.email,
            "at": draft.changed_at.isoformat(),
        }
    draft.save(update_fields=["data", "stamps", "version", "changed_by", "changed_at"])


def storable(value: Any) -> Any:
    """The value as the database's JSON can hold it: PostgreSQL has no NUL, and one kind of line end is enough."""
    if isinstance(value, list):
        return [storable(entry) for entry in value]
    text = str(value).replace("\0", "\ufffd").replace("\r\n", "\n")
    return text.encode("utf-8", "replace").decode()
