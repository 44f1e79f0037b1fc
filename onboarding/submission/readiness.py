"""Readiness: each line of the guide that a submission answers, judged by stored evidence (S22, S26-S29, S39-S49).

Input is plain data, so that the step and the pages reach the same judgement: `known` has an entry for every item of the
product that applies, by (slug, region), with the newest evidence of each of its checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from onboarding.checklist.results import DRIFT, FRESH, Outcome, PastResult
from onboarding.checklist.words import counted
from onboarding.submission.lines import LINES, OWN, Line, Source

RENEW = "Cancel the run if it's open, then start a new run."  # an open run looks at nothing twice
ONE_LOOK = timedelta(seconds=60)  # evidence of one look at an item; an older check was not made again


class ReadinessState(StrEnum):
    """How a line stands, best first. Stale, missing and failed ones keep a submission back."""

    PASS = "pass"  # noqa: S105 - the word, not a secret
    ATTESTED = "attested"
    WARN = "warn"
    SKIPPED = "skipped"
    STALE = "stale"
    MISSING = "missing"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one item: its evidence and, if it was skipped, why."""

    past: Sequence[PastResult] = ()
    skipped: bool = False
    why: str = ""


Everything = Mapping[tuple[str, str], Known]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A line in one region ("" for the product): `slug` and `at` name the item that the judgement comes from."""

    region: str
    outcome: ReadinessState
    sentence: str
    blocks: bool
    slug: str
    at: str = ""
    age: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line with its cells; its own outcome is that of its worst cell."""

    line: Line
    cells: tuple[Cell, ...]

    @property
    def code(self) -> str:
        """The guide's line: S27."""
        return self.line.code

    @property
    def words(self) -> str:
        """The line in words."""
        return self.line.words

    @property
    def worst(self) -> Cell:
        """The cell that says how the line stands: the first of the worst."""
        return max(self.cells, key=_badness)

    @property
    def outcome(self) -> ReadinessState:
        """How the line stands."""
        return self.worst.outcome

    @property
    def blocks(self) -> bool:
        """Whether it keeps the submission back."""
        return any(cell.blocks for cell in self.cells)

    @property
    def age(self) -> timedelta | None:
        """The age of its oldest evidence; None if some is missing."""
        ages = [cell.age for cell in self.cells]
        return None if None in ages else max((age for age in ages if age is not None), default=None)

    @property
    def sentence(self) -> str:
        """The worst cell's sentence, with its region where there are several."""
        cell = self.worst
        if cell.outcome is ReadinessState.PASS and len(self.cells) > 1:
            return f"In order in {len(self.cells)} of {len(self.cells)} regions."
        return f"{cell.region}: {cell.sentence}" if cell.region and len(self.cells) > 1 else cell.sentence


def rows(known: Everything) -> list[Row]:
    """Every line of the guide that a submission answers, in the order of the mail and the two checklists."""
    return [Row(line=line, cells=tuple(_cells(line, known))) for line in LINES]


def open_lines(rows: Iterable[Row]) -> list[Row]:
    """The lines that keep the submission back."""
    return [row for row in rows if row.blocks]


def _cells(line: Line, known: Everything) -> list[Cell]:
    found: dict[str, Cell] = {}
    for source in line.sources:
        for cell in _of(line, source, known):
            there = found.get(cell.region)
            if there is None or _badness(cell) > _badness(there):
                found[cell.region] = cell
    whole = found.pop("", None)
    cells = [found[region] for region in sorted(found)]
    return [whole, *cells] if whole and (not cells or _badness(whole) > 0) else cells or [_missing(line, OWN, "", "")]


def _of(line: Line, source: Source, known: Everything) -> list[Cell]:
    if source.slug == OWN:
        return _own(line, source, known)
    places = [region for slug, region in known if slug == source.slug]
    return [_judged(line, source, region, known[source.slug, region]) for region in places]


def _own(line: Line, source: Source, known: Everything) -> list[Cell]:
    """What the submission's own look at AWS said of a line: its checks are called S27.us-east-1, or S28."""
    past = known.get((OWN, ""), Known()).past
    mine = {one.check.partition(".")[2]: one for one in past if one.check.split(".")[0] == line.code}
    regions = sorted({region for _, region in known} - {""})  # without those that were taken off the product
    return [
        _cell(region, OWN, "", [mine[region]]) if region in mine else _missing(line, OWN, region, "")
        for region in (regions if source.each and regions else [""])
    ]


def _judged(line: Line, source: Source, region: str, item: Known) -> Cell:
    if item.skipped:
        return _skipped(line, source, region, item.why)
    latest = _named(item.past, source.checks) if source.checks else _latest(item.past)
    if not latest:
        return _missing(line, source.slug, region, region)
    refused = [one for one in latest if one.check in source.refuses]
    if refused:
        return Cell(
            region=region,
            outcome=ReadinessState.FAIL,
            sentence=refused[0].sentence,
            blocks=True,
            slug=source.slug,
            at=region,
            age=refused[0].age,
        )
    return _cell(region, source.slug, region, latest)


def _cell(region: str, slug: str, at: str, latest: Sequence[PastResult]) -> Cell:
    """The worst of one look, or its last word if all is well; stale if it is older than seven days."""
    last = max(enumerate(latest), key=lambda pair: (_WORST[pair[1].outcome], pair[0]))[1]
    outcome, sentence = ReadinessState(str(last.outcome)), last.sentence
    age = min(one.age for one in latest)
    if outcome is not ReadinessState.FAIL and age > FRESH:
        outcome = ReadinessState.STALE
        sentence = f"The evidence is {counted(age.days, 'day')} old; {FRESH.days} are allowed. {RENEW}"
    blocks = outcome in (ReadinessState.FAIL, ReadinessState.STALE)
    return Cell(region=region, outcome=outcome, sentence=sentence, blocks=blocks, slug=slug, at=at, age=age)


def _missing(line: Line, slug: str, region: str, at: str) -> Cell:
    said = "Nothing was read from AWS yet." if slug == OWN else "There is no evidence yet. Run its item."
    return Cell(region=region, outcome=ReadinessState.MISSING, sentence=said, blocks=True, slug=slug, at=at)


def _skipped(line: Line, source: Source, region: str, why: str) -> Cell:
    said = f"Skipped: {why}" if why else "Skipped."
    if not source.may_skip:
        said = f"{said} The submission needs it: retry its item."
    return Cell(
        region=region,
        outcome=ReadinessState.SKIPPED,
        sentence=said,
        blocks=not source.may_skip,
        slug=source.slug,
        at=region,
    )


def _named(past: Sequence[PastResult], checks: Sequence[str]) -> list[PastResult]:
    """The evidence of the first of these checks that has some, and of a drift that was seen."""
    found = {one.check: one for one in past}
    first = next((found[check] for check in checks if check in found), None)
    drifts = [one for one in past if one.check.endswith(DRIFT)]
    return [*([first] if first else []), *drifts]


def _latest(past: Sequence[PastResult]) -> list[PastResult]:
    """The evidence of the newest look: what an older look saw and a newer one did not is over."""
    newest = max((one.at for one in past), default=None)
    return [one for one in past if newest is not None and newest - one.at <= ONE_LOOK]


_WORST = {Outcome.PASS: 0, Outcome.ATTESTED: 1, Outcome.WARN: 2, Outcome.FAIL: 3}
_ORDER = {standing: place for place, standing in enumerate(ReadinessState)}


def _badness(cell: Cell) -> int:
    return _ORDER[cell.outcome] + (len(_ORDER) if cell.blocks else 0)
