"""The plan as people read it: by region and step, alike things in one line, with what was found beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from onboarding.checklist import guide
from onboarding.checklist.step import Outcome
from onboarding.models import Plan
from onboarding.pages.common.states import OUTCOMES, Mark
from onboarding.pages.common.times import span
from onboarding.plan.prices import Cost, dollars
from onboarding.plan.rows import Row, Sign
from onboarding.preflight.check import PARTS, findings_of
from onboarding.preflight.findings import Finding
from onboarding.steps import by_slug, checklist, place, title

SIGNS = {
    Sign.CREATE: ("+", "create", "plus"),
    Sign.REUSE: ("=", "reuse", "equal"),
    Sign.CHANGE: ("~", "change", "tilde"),
    Sign.DELETE: ("−", "delete", "minus"),
    Sign.BY_HAND: ("", "by hand", "user-exclamation"),
}
TITLES = {"permissions": "Permissions", "quotas": "Quotas", "hazards": "Hazards"}
FEW_NAMES = 3
NOT_CHECKED = {
    "permissions": "Each role is entered, the service role’s policy simulated, and each region asked by a dry run.",
    "quotas": "How much room there is for what the run makes.",
    "hazards": "Zone coverage by AZ id, cross-zone, security groups, clashes of names, and what you chose to reuse.",
}


@dataclass(frozen=True)
class Line:
    """Alike things of one step: sign with its word and icon, what they are, the first names, dollars a month."""

    sign: str
    word: str
    icon: str
    words: str
    names: Sequence[str]
    more: int
    month: str
    warnings: Sequence[str]


@dataclass(frozen=True)
class StepLines:
    """A step in a region: its lines, its usual time, its commands in order, and what was found about it."""

    key: str
    slug: str
    title: str
    guide: list[tuple[str, str]]
    takes: str
    commands: str
    lines: Sequence[Line]
    warnings: Sequence[str]


@dataclass(frozen=True)
class Group:
    """A region, or what stands over all of them."""

    region: str
    title: str
    counts: str
    steps: Sequence[StepLines]


@dataclass(frozen=True)
class Seen:
    """One finding: its mark, sentence, where it belongs, and what to copy."""

    mark: Mark
    sentence: str
    where: str
    copy: str
    guide: list[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """A card of findings: those to read, those that are fine, and how many stand beside the plan's rows."""

    key: str
    title: str
    told: Sequence[Seen]
    fine: Sequence[Seen]
    beside: int
    checked: bool
    empty: str

    @property
    def silent(self) -> bool:
        """Whether there is nothing to show yet: nobody has looked, and the plan itself tells nothing of it."""
        return not (self.checked or self.told or self.fine or self.beside)


def groups(plan: Plan, rows: Sequence[Row], price: Cost, chosen: str) -> list[Group]:
    """The plan by region, what stands over all regions last; only `chosen` of many regions."""
    numbered = list(enumerate(rows))
    regions = list(dict.fromkeys(row.region for row in rows if row.region and row.region in (chosen or row.region)))
    beside = _beside(plan)
    found = []
    for region in [*regions, ""]:
        here = [(place, row) for place, row in numbered if row.region == region]
        if here:
            name = region or "All regions"
            found.append(Group(region, name, _counts(row for _, row in here), _steps(plan, here, price, beside)))
    return found


def parts(plan: Plan, shown: Sequence[Group]) -> list[Part]:
    """The cards beside the plan. A hazard whose step is shown stands there already, and is only counted here."""
    steps = {(step.slug, group.region) for group in shown for step in group.steps}
    return [_part(plan, key, steps if key == "hazards" else set()) for key in PARTS]


def _part(plan: Plan, key: str, steps: set[tuple[str, str]]) -> Part:
    found = findings_of(plan, key)
    bad = [one for one in found if one.outcome is not Outcome.PASS]
    away = [one for one in bad if (one.slug, one.region) not in steps]
    return Part(
        key=key,
        title=TITLES[key],
        told=[_seen(one) for one in away],
        fine=[_seen(one) for one in found if one.outcome is Outcome.PASS],
        beside=len(bad) - len(away),
        checked=plan.checks is not None,
        empty=NOT_CHECKED[key],
    )


def _seen(one: Finding) -> Seen:
    where = place(one.slug, one.region) if one.slug in by_slug() and one.slug != "access" else one.region
    return Seen(OUTCOMES[one.outcome], one.sentence, where, one.copy, guide.lines(one.guide))


def _beside(plan: Plan) -> Mapping[tuple[str, str], list[str]]:
    """(slug, region) -> the sentences of hazards that stand beside their step."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in findings_of(plan, "hazards"):
        if one.outcome is not Outcome.PASS:
            found.setdefault((one.slug, one.region), []).append(one.sentence)
    return found


def _steps(
    plan: Plan, rows: Sequence[tuple[int, Row]], price: Cost, beside: Mapping[tuple[str, str], list[str]]
) -> list[StepLines]:
    present = {row.slug for _, row in rows}
    known = [step.slug for step in checklist() if step.slug in present]
    return [
        _step(plan, slug, [(n, row) for n, row in rows if row.slug == slug], price, beside)
        for slug in known + sorted(present - set(known))
    ]


def _step(
    plan: Plan, slug: str, rows: Sequence[tuple[int, Row]], price: Cost, beside: Mapping[tuple[str, str], list[str]]
) -> StepLines:
    step, region = by_slug().get(slug), rows[0][1].region
    alike: dict[tuple[Sign, str, str], list[tuple[int, Row]]] = {}
    for number, row in rows:
        alike.setdefault((row.sign, row.kind, row.words), []).append((number, row))
    return StepLines(
        key=f"{region or 'all'}-{slug}",
        slug=slug,
        title=title(slug),
        guide=guide.lines(step.guide if step else ()),
        takes=span(plan.expected[slug]) if slug in plan.expected else "",
        commands="\n".join(dict.fromkeys(command for _, row in rows for command in row.commands)),
        lines=[_line(these, price) for these in alike.values()],
        warnings=beside.get((slug, region), ()),
    )


def _line(rows: Sequence[tuple[int, Row]], price: Cost) -> Line:
    first = rows[0][1]
    names = list(dict.fromkeys(row.name or row.aws_id for _, row in rows if row.name or row.aws_id))
    month = sum((price.of.get(number, Decimal(0)) for number, _ in rows), Decimal(0))
    words = first.words[:1].upper() + first.words[1:]
    return Line(
        *SIGNS[first.sign],
        words=f"{words} × {len(rows)}" if len(rows) > 1 else words,
        names=names[:FEW_NAMES],
        more=max(len(names) - FEW_NAMES, 0),
        month=dollars(month) if month else "",
        warnings=list(dict.fromkeys(warning for _, row in rows for warning in row.warnings)),
    )


def _counts(rows: Iterable[Row]) -> str:
    """ "12 to create, 2 reused"."""
    words = {Sign.CREATE: "to create", Sign.REUSE: "reused", Sign.CHANGE: "to change", Sign.DELETE: "to delete"}
    signs = [row.sign for row in rows]
    parts = [f"{signs.count(sign)} {word}" for sign, word in words.items() if sign in signs]
    return ", ".join([*parts, *([f"{signs.count(Sign.BY_HAND)} by hand"] if Sign.BY_HAND in signs else [])])
