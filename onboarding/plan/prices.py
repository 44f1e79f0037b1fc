"""What a plan's things cost a month, by list prices that administrators keep: an estimate, with its date and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from onboarding.models import Price, PriceUnit
from onboarding.plan.rows import Row, Sign
from onboarding.things import kinds

HOURS = 730  # of a month, as AWS reckons


@dataclass(frozen=True)
class Note:
    """A price that depends on use: named, not counted."""

    words: str
    usd: str


@dataclass(frozen=True)
class Cost:
    """The estimate. `of` holds US dollars a month by a row's place in the list; `unknown` what has no price.

    `total` is None without any price; `oldest` is the date of the oldest price used, `sources` where they are from.
    """

    of: Mapping[int, Decimal]
    total: Decimal | None
    unknown: Sequence[str]
    notes: Sequence[Note]
    oldest: date | None
    sources: Sequence[str]


def cost(rows: Sequence[Row]) -> Cost:
    """The monthly cost of what these rows create. One query."""
    listed = _listed(Price.objects.all())
    made = [(place, row) for place, row in enumerate(rows) if row.sign is Sign.CREATE]
    found = {place: (row, [_nearest(listed, key, row.region) for key in keys(row)]) for place, row in made}
    used = [price for _, prices in found.values() for price in prices if price is not None]
    counted = [price for price in used if price.unit != PriceUnit.USE]
    of = {place: _month(prices) for place, (_, prices) in found.items() if any(prices)}
    return Cost(
        of={place: usd for place, usd in of.items() if usd},
        total=sum(of.values(), Decimal(0)) if listed else None,
        unknown=sorted({name for row, prices in found.values() if (name := _lacks(row, prices))}) if listed else (),
        notes=list(dict.fromkeys(Note(p.words, f"{p.usd.normalize():f}") for p in used if p.unit == PriceUnit.USE)),
        oldest=min((price.as_of for price in counted), default=None),
        sources=sorted({price.source for price in counted}),
    )


def dollars(usd: Decimal | None) -> str:
    """ "$45", "$0.64", "$0"; "not known" for None."""
    if usd is None:
        return "not known"
    return f"${usd:,.0f}" if usd >= 10 or not usd else f"${usd:,.2f}"


def keys(row: Row) -> list[tuple[str, str]]:
    """The (service, unit) whose prices make up a row's: its kind's, and its type's."""
    kind = _type(row)
    services = [row.kind, f"{row.kind}:{kind}"] if kind else [row.kind]
    return [(service, unit) for service in services for unit in PriceUnit.values]


def _type(row: Row) -> str:
    """The type of a kind that has several, each with its price."""
    return str(row.values.get(kinds()[row.kind].priced_by, ""))


Listed = Mapping[tuple[str, str], Mapping[str, Price]]


def _listed(prices: Iterable[Price]) -> Listed:
    found: dict[tuple[str, str], dict[str, Price]] = {}
    for price in prices:
        found.setdefault((price.service, price.unit), {})[price.region] = price
    return found


def _nearest(listed: Listed, key: tuple[str, str], region: str) -> Price | None:
    here = listed.get(key, {})
    return here.get(region) or here.get("")


def _month(prices: Iterable[Price | None]) -> Decimal:
    hours = {PriceUnit.HOUR: HOURS, PriceUnit.MONTH: 1, PriceUnit.USE: 0}
    return sum((price.usd * hours[PriceUnit(price.unit)] for price in prices if price), Decimal(0))


def _lacks(row: Row, prices: Iterable[Price | None]) -> str:
    """The type that has no price of its own; a kind that nothing is charged for has none either, and that is right."""
    kind = _type(row)
    priced = {price.service for price in prices if price}
    return kind if kind and f"{row.kind}:{kind}" not in priced else ""
