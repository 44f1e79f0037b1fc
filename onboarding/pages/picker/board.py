"""The picker's page: what is asked for, what was found through the connection, or why nothing could be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from onboarding.aws import sessions
from onboarding.aws.gate import ReadsOnly, passing
from onboarding.checklist.guide import LINES
from onboarding.checklist.words import counted
from onboarding.engine.gate import give_back
from onboarding.pages.picker.base import Picker
from onboarding.pages.picker.cache import PickerPage, fill
from onboarding.pages.picker.errors import ERRORS, Problem, not_proven, problem
from onboarding.pages.picker.query import Wanted, read
from onboarding.pages.picker.registry import PICKERS
from sellers import formats
from sellers.formats import FormatError
from sellers.models import Connection


@dataclass(frozen=True, kw_only=True)
class Board:
    """All that the page shows. `goes` is where a finished choice leads; then nothing was asked of AWS."""

    connection: Connection
    region: str
    picker: Picker
    wanted: Wanted
    shelf: PickerPage
    problem: Problem | None = None
    goes: str = ""

    @property
    def where(self) -> str:
        """Where the account has them, as the end of a sentence."""
        return "" if self.picker.everywhere else f" in {self.region}"

    @property
    def title(self) -> str:
        """The page's heading; without a way back there is nothing to choose."""
        kind = f"{self.picker.plural}{self.where}"
        return f"Use existing: {kind}" if self.wanted.next else f"{kind[0].upper()}{kind[1:]}"

    @property
    def url(self) -> str:
        """The page itself, without a query."""
        return reverse("onboarding:pick", args=[self.connection.pk, self.region, self.picker.kind])

    @property
    def context(self) -> list[tuple[str, str]]:
        """What each link and form of the page carries on: field, way back, and what the choice has to fit."""
        way = [("next", self.wanted.next)] if self.wanted.next else []
        return [("field", self.wanted.field), *way, *self.wanted.given]

    @property
    def link(self) -> str:
        """The page with its context, ready for `hx-get`."""
        return f"{self.url}?{urlencode(self.context)}"

    @property
    def key(self) -> str:
        """The field as a part of ids of the page."""
        return re.sub(r"[^a-zA-Z0-9_-]", "-", self.wanted.field)

    @property
    def around(self) -> list[tuple[int, str, str]]:
        """The pages beside this one: number, words, id of the button."""
        page, pages = self.shelf.page, self.shelf.pages
        ways = [(page - 1, "Page before", "before"), (page + 1, "Next page", "after")]
        return [(at, words, f"pick-{way}-{self.key}") for at, words, way in ways if 1 <= at <= pages]

    @property
    def away(self) -> list[str]:
        """The chosen values that are not on this page of the list: they stay chosen."""
        shown = {offer.found.id for offer in self.shelf.offers}
        return [value for value in self.wanted.chosen if value not in shown]

    @property
    def guide(self) -> list[tuple[str, str]]:
        """The guide lines that the choice serves, with their text."""
        return [(number, LINES[number]) for number in self.picker.guide]

    @property
    def count(self) -> str:
        """How many there are: `60 VPCs`, `3 of 60 VPCs match`."""
        shelf, plural = self.shelf, self.picker.plural
        if self.wanted.q:
            return f"{shelf.matching} of {shelf.total} {plural} match"
        return counted(shelf.total, self.picker.words, plural)


def board(connection: Connection, region: str, kind: str, data: QueryDict) -> Board:
    """The page of a picker. Http404 for a kind that there is none of; anything else that is wrong is a sentence."""
    picker = PICKERS.get(kind)
    if picker is None:
        raise Http404
    wanted = read(data, kind, picker.context)
    shelf, trouble = PickerPage(), None
    if not wanted.target:
        shelf, trouble = _filled(connection, region, picker, wanted)
    return Board(
        connection=connection,
        region=region,
        picker=picker,
        wanted=wanted,
        shelf=shelf,
        problem=trouble,
        goes=wanted.target,
    )


def _filled(connection: Connection, region: str, picker: Picker, wanted: Wanted) -> tuple[PickerPage, Problem | None]:
    try:
        code = formats.region(region)
    except FormatError as error:
        return PickerPage(), Problem(sentence=str(error))
    if not connection.is_proven:
        return PickerPage(), not_proven(connection)
    role = sessions.Role(
        arn=connection.role_arn, external_id=connection.external_id, purpose="plc-pick", read_only=True
    )
    give_back()
    try:
        with passing(ReadsOnly()):
            return fill(picker, sessions.door(role, code), wanted), None
    except ERRORS as error:
        return PickerPage(), problem(error, connection, code)
