"""What a picker is: a list of what exists in an account, each scored by the rules of its thing.

The rules are those of `onboarding.things`: `check` looks, `judge` says why one cannot serve, as when the engine adopts
it. A picker adds what only the choice among several needs, and the warnings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import partial
from typing import Any, ClassVar, TypeVar

from botocore.exceptions import ClientError

from onboarding.aws.clients import RegionClients
from onboarding.aws.errors import ErrorClass, read
from onboarding.engine.context import side_by_side
from onboarding.pages.common.states import Mark
from onboarding.pages.picker.query import Wanted
from onboarding.things.base import Observation, State, Thing
from onboarding.things.zones import NO_MARK, Zones

T = TypeVar("T")
BATCH = 100  # ids in one filter: EC2 takes 200 values


class Verdict(IntEnum):
    """How something fits, best first."""

    FITS = 0
    WARNED = 1
    REFUSED = 2


MARKS = {
    Verdict.FITS: Mark("Fits", "s-done", "circle-check"),
    Verdict.WARNED: Mark("Fits with a warning", "s-you", "user-exclamation"),
    Verdict.REFUSED: Mark("Cannot be used", "s-fail", "circle-x"),
}


@dataclass(frozen=True, kw_only=True)
class AwsResource:
    """One that exists: `id` is the value of the choice, `facts` what tells it apart, `raw` AWS's own words.

    `near`: it stands where the rest of the product does, so it is judged and shown first where there are many.
    """

    id: str
    name: str = ""
    facts: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    near: bool = True
    raw: Any = field(default=None, repr=False)

    def matches(self, q: str) -> bool:
        """Whether the search is part of its id, its name, a fact, or a tag written `key=value`."""
        texts = (self.id, self.name, *self.facts, *(f"{key}={value}" for key, value in self.tags.items()))
        return any(q.lower() in text.lower() for text in texts)

    @property
    def shown_tags(self) -> list[str]:
        """The tags as people read them, without the name and AWS's own."""
        return [f"{k}={v}" for k, v in sorted(self.tags.items()) if k != "Name" and not k.startswith("aws:")]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One with its score. `notes` say what the run would do with it; they do not count against it."""

    found: AwsResource
    seen: Observation | None = None
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Refused for any refusal, warned for any warning."""
        return Verdict.REFUSED if self.refusals else Verdict.WARNED if self.warnings else Verdict.FITS

    @property
    def usable(self) -> bool:
        """Whether it may be chosen."""
        return self.verdict is not Verdict.REFUSED

    @property
    def mark(self) -> Mark:
        """The verdict's word, icon and css_class."""
        return MARKS[self.verdict]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, as sentences; an ARN that has a name beside it is told by its name."""
        told = self.refusals or self.warnings or ("Every rule holds.",)
        short = self.found.name if self.found.id.startswith("arn:") else ""
        return tuple(said.replace(self.found.id, short) for said in told) if short else told

    def but(
        self,
        *,
        refusals: Sequence[str] = (),
        warnings: Sequence[str] = (),
        notes: Sequence[str] = (),
        facts: Sequence[str] = (),
    ) -> Candidate:
        """The same offer with more said of it; each fact and sentence once."""
        return replace(
            self,
            found=replace(self.found, facts=tuple(dict.fromkeys((*self.found.facts, *facts)))),
            refusals=tuple(dict.fromkeys((*self.refusals, *refusals))),
            warnings=tuple(dict.fromkeys((*self.warnings, *warnings))),
            notes=tuple(dict.fromkeys((*self.notes, *notes))),
        )


class Picker(ABC):
    """A kind of resource to pick. `context` are the names of a query that it reads, `reads` the IAM actions it takes in
    the account of `role`; onboarding.permissions.picker_reads holds them for the policies.

    `look` asks AWS about one alone: it is called only for as many as are shown.
    """

    kind: ClassVar[str]
    role: ClassVar[str] = "service"
    words: ClassVar[str]
    plural: ClassVar[str]
    many: ClassVar[bool] = False  # checkboxes instead of radios
    guide: ClassVar[tuple[str, ...]] = ()
    context: ClassVar[tuple[str, ...]] = ()
    reads: ClassVar[tuple[str, ...]] = ()
    searched: ClassVar[str] = "name, id or tag"
    everywhere: ClassVar[bool] = False  # the account has it, and no Region
    nothing: ClassVar[str]  # what to do when the account has none
    looks: ClassVar[bool] = False  # whether `look` asks anything

    def ready(self, door: RegionClients, wanted: Wanted) -> Wanted:
        """The request with what is asked of AWS once for all of the page."""
        return wanted

    @abstractmethod
    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        """All of the account's region. Reads only."""

    @abstractmethod
    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        """Their scores as far as calls for many at once tell, in order."""

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        """The score with what only calls for this one tell."""
        return offer

    def advice(self, door: RegionClients, wanted: Wanted) -> str:
        """A sentence about the choice as a whole; "" for none."""
        return ""

    def closer(self, door: RegionClients, wanted: Wanted, offers: Sequence[Candidate]) -> list[Candidate]:
        """The offers after a look at each that may still be chosen, side by side."""
        open_ones = [offer for offer in offers if offer.usable] if self.looks else []
        answers = side_by_side([partial(self.look, door, wanted, offer) for offer in open_ones]) if open_ones else []
        told = {o.found.id: _told(o, answer) for o, answer in zip(open_ones, answers, strict=True)}
        return [told.get(offer.found.id, offer) for offer in offers]


def judged(door: RegionClients, found: Sequence[AwsResource], things: Sequence[Thing]) -> list[Candidate]:
    """One offer for each of `found`, scored by the thing that stands for it, as the engine does when it adopts one."""
    if not found:
        return []
    cls, pairs = type(things[0]), [(thing, each.id) for thing, each in zip(things, found, strict=True)]
    looks = [s for start in range(0, len(pairs), BATCH) for s in cls.check(door, pairs[start : start + BATCH])]
    return [score(each, thing, seen) for each, thing, seen in zip(found, things, looks, strict=True)]


def score(found: AwsResource, thing: Thing, seen: Observation) -> Candidate:
    """The offer that follows from one look at one thing."""
    broken = [seen.sentence] if seen.state in (State.GONE, State.WRONG) else []
    refusals = tuple(dict.fromkeys([*broken, *thing.judge(seen)]))
    return Candidate(found=found, seen=seen, refusals=refusals, warnings=seen.warnings)


def allowed(job: Callable[[], T]) -> tuple[T | None, str]:
    """What an additional read gives, and ""; or None and a sentence, if the role may not do it."""
    try:
        return job(), ""
    except ClientError as error:
        trouble = read(error)
        if trouble.kind is not ErrorClass.PERMISSION:
            raise
        return None, f"The role may not do {trouble.action}, so this was not looked at."


def _told(offer: Candidate, answer: Any) -> Candidate:
    if isinstance(answer, Candidate):
        return answer
    trouble = read(answer) if isinstance(answer, ClientError) else None
    if trouble and trouble.kind is ErrorClass.PERMISSION:
        return offer.but(warnings=[f"The role may not do {trouble.action}, so not all rules were looked at."])
    if trouble and trouble.kind is ErrorClass.NOT_FOUND:
        return offer.but(refusals=["It was deleted a moment ago."])
    raise answer


def zones_of(door: RegionClients) -> dict[str, str]:
    """Zone name -> zone id of the door's region, in the order of the ids; names are this account's."""
    values = Zones().make(door, NO_MARK).values
    return dict(zip(values["names"], values["ids"], strict=True))


def tags_of(raw: Mapping[str, Any]) -> dict[str, str]:
    """AWS's list of Key and Value as a mapping."""
    return {tag["Key"]: tag.get("Value", "") for tag in raw.get("Tags", [])}


def left_out(covered: Sequence[str], zones: Sequence[str], what: str) -> Iterator[str]:
    """The warning that some of the region's zones are not covered."""
    if left := sorted(set(zones) - set(covered)):
        yield f"{what} {', '.join(left)}: buyers there cannot place an endpoint."
