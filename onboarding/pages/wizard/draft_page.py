"""A draft opened at a page: its fields with their values and problems, the stepper, and what the page adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from onboarding.checklist.words import counted
from onboarding.pages.common.fields import FieldView, PartShown, value_of
from onboarding.pages.common.problems import Problems
from onboarding.pages.common.times import Moment, moment
from onboarding.pages.wizard import pages
from onboarding.pages.wizard.pages import Section
from onboarding.pages.wizard.picks import pick_of
from sellers.drafts import LISTS, REGIONS, Conflict
from sellers.models import Connection, Draft
from sellers.spec import Problem
from sellers.spec.fields import Field, Part

_CORRECT = " to correct"


@dataclass(frozen=True)
class Card:
    """A section with its fields; `open` unfolds it, `copies` are regions whose choices it can take over."""

    section: Section
    fields: list[FieldView]
    parts: list[PartShown]
    more: list[FieldView]
    open: bool
    copies: list[str]
    problems: int


@dataclass(frozen=True)
class Step:
    """One entry of the stepper. `word` is the small line beneath its title; `wrong` says that it names mistakes."""

    slug: str
    title: str
    url: str
    done: bool
    current: bool
    word: str
    wrong: bool


class DraftPage:
    """A draft, opened at a page. `picked` are values that came with the address, not saved yet.

    `reveal` shows what is missing too; `more` are problems that finishing found.
    """

    def __init__(
        self,
        draft: Draft,
        slug: str,
        *,
        picked: Mapping[str, str] | None = None,
        conflicts: Mapping[str, Conflict] | None = None,
        reveal: bool = False,
        more: Sequence[Problem] = (),
    ) -> None:
        self.draft, self.slug, self.reveal = draft, slug, reveal
        self.picked, self.conflicts = picked or {}, conflicts or {}
        self._more = more

    @cached_property
    def connections(self) -> list[Connection]:
        """The seller's connections."""
        return list(self.draft.seller.connections.all())

    @cached_property
    def by_page(self) -> dict[str, list[Field]]:
        """slug -> fields."""
        return {slug: pages.fields_of(slug, self.draft, self.connections) for slug in pages.SLUGS}

    @cached_property
    def problems(self) -> Problems:
        """What is wrong anywhere in the draft."""
        every = [one for found in self.by_page.values() for one in found]
        return Problems(self.draft, every, self.connections, self._more)

    @property
    def saved(self) -> Moment | None:
        """When the draft was last changed."""
        return moment(self.draft.changed_at)

    @property
    def url(self) -> str:
        """The address of this page."""
        return self.url_of(self.slug)

    def url_of(self, slug: str) -> str:
        """The address of a page of this draft."""
        return reverse("onboarding:draft", args=[self.draft.pk, slug])

    def shown(self, field: Field) -> FieldView:
        """One field as the page shows it."""
        picked = self.picked.get(field.path)
        stands = value_of(self.draft, field)
        return FieldView(
            field=field,
            value=stands if picked is None else picked,
            problems=self.problems.by_path.get(field.path, []),
            reveal=self.reveal,
            conflict=self.conflicts.get(field.path),
            unsaved=picked is not None and picked != stands,
            pick=pick_of(self.draft, field, self.connections, self.url),
        )

    def cards(self) -> list[Card]:
        """The cards of this page; the first region and every one with a problem or a conflict is open."""
        found, regions = [], pages.known_regions(self.draft)
        for section in pages.sections(self.slug, self.draft, self.connections):
            paths = [one.path for one in section.all()]
            wrong = sum(len(self.problems.by_path.get(path, ())) for path in paths)
            asked = any(path in self.conflicts or path in self.picked for path in paths)
            first = not section.region or section.region == regions[0]
            copies = [region for region in regions if section.region and region != section.region]
            found.append(
                Card(
                    section,
                    self._all(section.fields),
                    [self._part(part) for part in section.parts],
                    self._all(section.more),
                    first or bool(wrong) or asked,
                    copies,
                    wrong,
                )
            )
        return found

    def _all(self, fields: Sequence[Field]) -> list[FieldView]:
        return [self.shown(one) for one in fields]

    def _part(self, part: Part) -> PartShown:
        return PartShown(
            part, self.shown(part.mode), self._all(part.create), self._all(part.existing), self._all(part.always)
        )

    def steps(self) -> list[Step]:
        """The stepper."""
        return [
            Step(slug, title, self.url_of(slug), self.is_done(slug), slug == self.slug, word, word.endswith(_CORRECT))
            for slug, title in pages.TITLES.items()
            for word in (self._word(slug),)
        ]

    def here(self) -> dict[str, Any]:
        """Whose turn it is on this page: whether it is done, what to do now, what comes after."""
        need = [field.label for field, _ in self.wrong(self.slug)]
        labels = ", ".join(dict.fromkeys(need[:4])) + (" and more" if len(need) > 4 else "")
        now = f"Still open: {labels}." if need else ""
        if not need and not self.is_done(self.slug):
            now = (
                "Add the buyers that you know; you can also do it later."
                if self.slug == "buyers"
                else "Choose a region."
            )
        return {"done": self.is_done(self.slug), "now": now, "next": pages.TITLES[pages.after(self.slug)]}

    def beside(self, field: Field) -> list[FieldView]:
        """The fields whose sentences may change with this one: those of the same resource or group."""
        base = field.path.rpartition(".")[0]
        if not base or self.slug == "access":
            return []
        near = [one for one in self.by_page[self.slug] if one.path.startswith(f"{base}.") and one.path != field.path]
        return [self.shown(one) for one in near]

    def relisted(self, before: Draft, changed: Field) -> list[FieldView]:
        """The fields of the page whose list from the account has to fit something else than before: another VPC."""
        others = [one for one in self.by_page[self.slug] if one.path != changed.path]
        now, then = (
            [pick_of(draft, one, self.connections, self.url) for one in others] for draft in (self.draft, before)
        )
        return [self.shown(one) for one, new, old in zip(others, now, then, strict=True) if new and new != old]

    def wrong(self, slug: str) -> list[tuple[Field, list[str]]]:
        """(field, sentences) of a page's fields that something is wrong with."""
        by_path = self.problems.by_path
        return [(one, by_path[one.path]) for one in self.by_page[slug] if one.path in by_path]

    def is_done(self, slug: str) -> bool:
        """Whether a page has all that a plan needs of it; buyers, which may come later, once there is one."""
        if slug == "buyers":
            return bool(str(self.draft.data.get("buyers", "")).strip()) and not self.wrong(slug)
        if slug in ("network", "certificates") and not pages.known_regions(self.draft):
            return False
        return slug != "review" and not self.wrong(slug)

    def _word(self, slug: str) -> str:
        typed = [one for one, _ in self.wrong(slug) if self.draft.data.get(one.path)]
        if typed:
            return f"{len(typed)}{_CORRECT}"
        words = {
            "names": str(self.draft.data.get("product.friendly_dns_name", "")).strip()[:40],
            "regions": _count(len(pages.known_regions(self.draft)), "region"),
            "buyers": _count(
                len(str(self.draft.data.get("buyers", "")).split("\n")) if self.is_done("buyers") else 0, "buyer"
            ),
        }
        return words.get(slug, "")


def _count(number: int, word: str) -> str:
    return counted(number, word) if number else ""


def news(draft: Draft, fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a form's values is not just the default that the page showed."""
    defaults = {one.path: [] if one.kind == REGIONS else one.default for one in fields}
    return {path: value for path, value in given.items() if path in draft.data or value != defaults[path]}


def picked(fields: Sequence[Field], query: QueryDict) -> dict[str, str]:
    """What a picker without script brought along in the address."""
    texts = {one.path: query.getlist(one.path) for one in fields if one.path in query and one.kind in ("line", "list")}
    return {path: ("\n" if path.rpartition(".")[2] in LISTS else " ").join(found) for path, found in texts.items()}
