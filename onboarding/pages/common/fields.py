"""Fields of a spec as pages show them: a value, what is wrong or right about it, and what a colleague made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from onboarding.checklist.guide import lines
from onboarding.pages.common.times import Moment, moment
from sellers.drafts import ON, REGIONS, Conflict
from sellers.models import Connection, Draft
from sellers.spec.fields import REQUIRED, Field, Option, Part

TYPED = ("line", "number", "list", "text")


@dataclass(frozen=True)
class Side:
    """One of two values that stand against each other: as a form sends it, as people read it."""

    value: str
    text: str


@dataclass(frozen=True)
class Pick:
    """The picker of a field: the address of its list to be put into the page, and of its page of its own."""

    inside: str
    page: str


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field with its value. `reveal` shows problems of fields that nobody has filled in yet.

    `unsaved` says that the value came with the address, from a picker, and is saved with the page.
    """

    field: Field
    value: Any
    problems: Sequence[str] = ()
    reveal: bool = False
    conflict: Conflict | None = None
    unsaved: bool = False
    pick: Pick | None = None

    @property
    def template(self) -> str:
        """The template of its kind."""
        return f"onboarding/wizard/fields/{self.field.kind}.html"

    @property
    def guide(self) -> list[tuple[str, str]]:
        """(number, text) of its guide lines."""
        return lines(self.field.guides)

    @property
    def errors(self) -> Sequence[str]:
        """The sentences to show now."""
        touched = bool(self.value) if self.field.kind != "cards" else self.value != self.field.default
        return self.problems if self.reveal or touched else ()

    @property
    def fits(self) -> bool:
        """Whether something was typed, and is right."""
        typed = str(self.value).strip()
        return self.field.kind in TYPED and typed not in ("", self.field.default) and not self.problems

    @property
    def trigger(self) -> str:
        """When htmx saves it: at each change, and while people type when they pause."""
        return "input delay:300ms, change" if self.field.kind in TYPED else "change"

    @property
    def is_on(self) -> bool:
        """Whether a check box is ticked."""
        return bool(self.value == ON)

    @property
    def required(self) -> bool:
        """Whether the product cannot be without it."""
        return self.field.need == REQUIRED

    @property
    def options(self) -> list[Option]:
        """What is offered, and the value itself where it is none of that: nothing typed is lost."""
        offered = list(self.field.options)
        values = self.value if isinstance(self.value, list) else [self.value]
        known = {option.value for option in offered}
        return offered + [Option(value, f"{value[:60]} (not offered)") for value in values if value not in known]

    @property
    def sides(self) -> list[tuple[Side, str, Moment | None, bool]]:
        """(value, whose, when, whether it stands) of both values of a conflict, theirs first."""
        assert self.conflict is not None  # noqa: S101 - the template asks
        at = moment(datetime.fromisoformat(self.conflict.at))
        return [
            (_side(self.conflict.theirs), self.conflict.by, at, True),
            (_side(self.conflict.mine), "yours", None, False),
        ]


@dataclass(frozen=True)
class PartShown:
    """A resource of a region with its fields."""

    part: Part
    mode: FieldView
    create: list[FieldView]
    existing: list[FieldView]
    always: list[FieldView]

    @property
    def guide(self) -> list[tuple[str, str]]:
        """(number, text) of its guide lines."""
        return lines(self.part.words.guide)


def _side(value: Any) -> Side:
    sent = " ".join(value) if isinstance(value, list) else str(value or "")
    return Side(sent, sent or "nothing")


def value_of(draft: Draft, field: Field) -> Any:
    """What a draft holds for a field; the default if nothing was typed."""
    if field.path == REGIONS:
        stored = draft.base.get(REGIONS, [])
        chosen = draft.data.get(REGIONS, [])
        return [*(region for region in stored if region not in chosen), *chosen]
    return draft.data.get(field.path, field.default)


def typed(fields: Sequence[Field], post: QueryDict) -> dict[str, Any]:
    """What a form sent for these fields: unticked boxes are missing, all other missing fields stay as they are."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.kind == REGIONS:
            found[field.path] = list(dict.fromkeys(word for text in post.getlist(field.path) for word in text.split()))
        elif field.kind == "check":
            found[field.path] = "on" if post.get(field.path) else ""
        elif field.path in post:
            found[field.path] = post[field.path]
    return found


def role_options(connections: Sequence[Connection]) -> list[Option]:
    """The seller's roles, to choose from."""
    return [Option(row.role_arn, str(row), "proven" if row.is_proven else "not proven") for row in connections]
