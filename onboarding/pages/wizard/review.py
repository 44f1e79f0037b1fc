"""The last page: what is wrong and where, what is worth a second look, and what the draft says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onboarding.pages.common.fields import value_of
from onboarding.pages.wizard import pages
from onboarding.pages.wizard.draft_page import DraftPage
from sellers.drafts import ON
from sellers.spec.fields import Field


@dataclass(frozen=True)
class Finding:
    """A sentence with the page and the field that it is about."""

    page: str
    label: str
    url: str
    sentence: str


@dataclass(frozen=True)
class Summary:
    """What one page says: (label, value) of what is chosen or typed."""

    title: str
    url: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Review:
    """All of the last page. `ready` says whether the plan can be made."""

    problems: list[Finding]
    warnings: list[Finding]
    summaries: list[Summary]

    @property
    def ready(self) -> bool:
        """Nothing is wrong."""
        return not self.problems


def review(book: DraftPage) -> Review:
    """The draft as a whole."""
    return Review(list(_problems(book)), list(_warnings(book)), list(_summaries(book)))


def _problems(book: DraftPage) -> Iterator[Finding]:
    for slug in pages.SLUGS:
        for field, sentences in book.wrong(slug):
            for sentence in sentences:
                yield _at(book, slug, field, sentence)
    for sentence in book.problems.by_path.get("", ()):
        yield Finding("Draft", "", book.url_of(pages.SLUGS[0]), sentence)


def _at(book: DraftPage, slug: str, field: Field, sentence: str) -> Finding:
    return Finding(pages.TITLES[slug], _label(field), f"{book.url_of(slug)}#f-{field.key}", sentence)


def _label(field: Field) -> str:
    region = field.path.split(".")[1] if field.path.startswith("regions.") else ""
    return f"{field.label} in {region}" if region else field.label


def _warnings(book: DraftPage) -> Iterator[Finding]:
    used = {
        str(book.draft.data.get(f"connections.{role}", "")) for role in ("service", "certificates", "dns", "buyer_test")
    }
    for row in book.connections:
        if row.role_arn in used and not row.is_proven:
            sentence = f"{row} is not proven yet: test it, or the first step of the run waits for you."
            yield Finding(pages.TITLES["access"], "", book.url_of("access"), sentence)
    for slug, found in book.by_page.items():
        for field in found:
            if (
                field.need == "recommended"
                and not str(value_of(book.draft, field)).strip()
                and field.path != "connections.dns"
            ):
                yield _at(book, slug, field, field.without)


def _summaries(book: DraftPage) -> Iterator[Summary]:
    for slug in pages.SLUGS[:-1]:
        rows = [(_label(field), text) for field in book.by_page[slug] if (text := _text(book, field))]
        yield Summary(pages.TITLES[slug], book.url_of(slug), rows)


def _text(book: DraftPage, field: Field) -> str:
    value = value_of(book.draft, field)
    if isinstance(value, list):
        return ", ".join(value)[:400]
    if field.kind == "check":
        return "yes" if value == ON else "no"
    if _unused(book, field):
        return ""
    label = next((option.label for option in field.options if option.value == value and value), "")
    return label or _short(str(value))


def _unused(book: DraftPage, field: Field) -> bool:
    """Whether the chosen mode does not look at this field: it is kept, and not part of the product."""
    base, _, name = field.path.rpartition(".")
    mode = book.draft.data.get(f"{base}.mode", "create")
    if not base.startswith("regions.") or name in ("mode", "supported_regions") or base.endswith(".rehearsal"):
        return False
    makes = name in ("cidr", "instance_type", "image_id", "instance_profile", "user_data")
    return bool(mode != ("create" if makes else "existing"))


def _short(text: str) -> str:
    first = text.strip().split("\n")
    return first[0][:120] + (f" and {len(first) - 1} more" if len(first) > 1 else "")
