"""One page of a picker: found, searched, scored, in order: what fits first, then with a warning, then what cannot.

Few are looked at one by one before they are put in order; of many only those of the page are, and of very many only
those of the page are scored at all: `exact` says which it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.aws.clients import RegionClients
from onboarding.pages.picker.base import AwsResource, Candidate, Picker
from onboarding.pages.picker.query import Wanted

A_PAGE = 20
FEW = 30  # each of them costs some calls of its own
MANY = 400  # scored together, a hundred a call


@dataclass(frozen=True, kw_only=True)
class PickerPage:
    """A page of offers. `total` exist, `matching` of them match the search; `exact`: all were put in order."""

    offers: tuple[Candidate, ...] = ()
    total: int = 0
    matching: int = 0
    page: int = 1
    advice: str = ""
    exact: bool = True

    @property
    def useless(self) -> bool:
        """Whether there are some, and none of them can be used."""
        whole = self.exact and self.matching == self.total and self.page == 1
        return whole and bool(self.offers) and not any(offer.usable for offer in self.offers)

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.matching // A_PAGE))


def fill(picker: Picker, door: RegionClients, asked: Wanted) -> PickerPage:
    """The page that was asked for; the last one if there are fewer. Raises what the calls raise."""
    wanted = picker.ready(door, asked)
    everything = picker.found(door, wanted)
    found = sorted((each for each in everything if each.matches(wanted.q)), key=_by_name)
    page = min(wanted.page, max(1, -(-len(found) // A_PAGE)))
    return PickerPage(
        offers=tuple(_page(picker, door, wanted, found, page)),
        total=len(everything),
        matching=len(found),
        page=page,
        advice=picker.advice(door, wanted) if found else "",
        exact=len(found) <= (FEW if picker.looks else MANY),
    )


def _page(
    picker: Picker, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource], page: int
) -> list[Candidate]:
    cut = slice((page - 1) * A_PAGE, page * A_PAGE)
    if len(found) > MANY:
        return _closer(picker, door, wanted, picker.offers(door, wanted, found[cut]))
    offers = picker.offers(door, wanted, found)
    if len(found) <= FEW:
        return _closer(picker, door, wanted, offers)[cut]
    return _closer(picker, door, wanted, sorted(offers, key=_by_verdict)[cut])


def _closer(picker: Picker, door: RegionClients, wanted: Wanted, offers: Sequence[Candidate]) -> list[Candidate]:
    return sorted(picker.closer(door, wanted, offers), key=_by_verdict)


def _by_name(found: AwsResource) -> tuple[bool, str, str]:
    return not found.near, found.name.lower(), found.id


def _by_verdict(offer: Candidate) -> int:
    return offer.verdict
