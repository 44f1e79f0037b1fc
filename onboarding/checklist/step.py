"""What a step is: one line of the checklist, said in words, needs, things and a verification.

`things` is a generator: it yields the things that the step needs and gets back what was seen of each, so that a
subnet can
name its VPC; what it returns is what later steps read as `ctx[Step]`. The engine runs it again from the start after
every wait or crash and answers from its inventory, so it must not depend on anything but the context.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from onboarding.checklist.results import (
    CheckResult,
    Email,
    NeedsAction,
    Outcome,
    PastResult,
    SubmissionVersion,
    Wait,
    WaitingFor,
)
from onboarding.things.base import Observation, Thing

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.dns.resolver import Resolver
    from onboarding.things.variables import Variables
    from sellers.spec import OnboardSpec, RegionChoices

__all__ = [
    "Answer",
    "Build",
    "CheckResult",
    "Context",
    "Email",
    "Input",
    "M",
    "NeedsAction",
    "Outcome",
    "PastResult",
    "Scope",
    "Step",
    "SubmissionVersion",
    "Wait",
    "WaitingFor",
    "dump",
    "each",
    "one",
    "restore",
]

M = TypeVar("M")
Build = Generator[Sequence[Thing], Sequence[Observation], M]


class Scope(StrEnum):
    """Over what an item of this step stands. An account item and a product item have no region."""

    ACCOUNT = "account"
    PRODUCT = "product"
    REGION = "region"


@dataclass(frozen=True, kw_only=True)
class Input:
    """One value that a person supplies: the field of the region's choice that it fills, and how it is read."""

    field: str
    words: str
    parse: Callable[[str], str]
    many: bool = False
    required: bool = True
    output: str = ""  # the field of the step's outputs that has its value, where that has another name


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person (or Marketplace) supplied for an item: values by field, and who said so."""

    values: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Context:
    """All that a step may know: the product's facts, this item's region, what earlier steps made, and the door to AWS.

    `doors` gives the door of a role ("service", "certificates", "dns", "buyer_test") in a region
    ("" = the home region).
    """

    product_id: str
    owner: str
    spec: OnboardSpec
    region: str
    outputs: Mapping[tuple[str, str], Any]
    answer: Answer
    doors: Callable[[str, str], RegionClients]
    probe: Callable[[str, int, str], Any] | None  # None: no probe proxy is configured, a person attests instead
    side_by_side: Callable[[Sequence[Callable[[], Any]]], list[Any]]
    evidence: Callable[[str, str], Sequence[PastResult]]  # (slug, region) -> the latest of each check of that item
    dns: Resolver
    now: datetime
    skipped: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (slug, region) -> the reason given
    writes: bool = True  # False: a verification, which looks and changes nothing

    def __getitem__(self, step: type[Step[M]]) -> M:
        """What that step made, for this item's region (or for the product, if it stands over the product).

        Raises Wrong if it was skipped, so that nothing is there to read.
        """
        region = self.region if step.scope is Scope.REGION else ""
        if (step.slug, region) not in self.outputs:
            where = f" in {region}" if region else ""
            raise NeedsAction(
                f"“{step.title}”{where} was skipped, and this step reads what it makes.",
                "Retry that step instead of skipping it, or skip this one too.",
            )
        return cast("M", self.outputs[step.slug, region])

    def everywhere(self, step: type[Step[M]]) -> dict[str, M]:
        """What a region step made in every region: region -> Made."""
        return {region: cast("M", outputs) for (slug, region), outputs in self.outputs.items() if slug == step.slug}

    @property
    def choices(self) -> RegionChoices:
        """What the seller chose for this region."""
        return self.spec.regions[self.region]

    def door(self, role: str = "service") -> RegionClients:
        """The door to this item's region under one of the product's roles."""
        return self.doors(role, self.region)


class Step(ABC, Generic[M]):
    """One checklist item. `choice` names the part of the region's choices that a person may set to existing or manual;
    `inputs` are the IDs that a manual one waits for. A class is never instantiated with state: one instance serves all.
    """

    slug: ClassVar[str]  # stored in Item.slug and named in specs: never changed without a data migration
    title: ClassVar[str]  # noun, as in the matrix: "Load balancer"
    doing: ClassVar[str]  # what happens while it works: "Building the network load balancer"
    guide: ClassVar[tuple[str, ...]]
    scope: ClassVar[Scope] = Scope.REGION
    needs: ClassVar[tuple[type[Step[Any]], ...]] = ()
    role: ClassVar[str] = "service"
    choice: ClassVar[str] = ""
    inputs: ClassVar[tuple[Input, ...]] = ()
    manual_outputs: ClassVar[type[Step[Any]] | None] = None  # the step that creates what `choice` names, if another
    inputs_changed_by: ClassVar[tuple[str, ...]] = ()  # a retry may change the product's fields that begin so
    kinds: ClassVar[
        tuple[type[Thing], ...]
    ] = ()  # the things it may yield: policy, preflight and plan are made of these
    calls: ClassVar[tuple[str, ...]] = ()  # IAM actions of its own reads, beside those of its things
    rerun_when_ready: ClassVar[bool] = (
        False  # asked for its things again once they are ready: what it hands on tells of them
    )
    give_up_after: ClassVar[timedelta | None] = timedelta(minutes=30)
    outputs: ClassVar[type[Any]]

    def applies(self, spec: OnboardSpec) -> bool:
        """Whether a product with these facts has this item; one that does not apply counts as met."""
        return True

    @abstractmethod
    def things(self, ctx: Context) -> Build[M]:
        """Yield what is needed, batch by batch (a batch is made side by side); return what later steps may read."""

    def check(self, ctx: Context, outputs: M) -> Sequence[CheckResult]:
        """Verify the item and give the evidence. Raise NotYet to wait and Wrong when a person must act."""
        return ()

    def summary(self, ctx: Context, outputs: M, proofs: Sequence[CheckResult]) -> str:
        """The finished item's sentence; "" for the warnings of its proofs, or the last one's."""
        return ""

    def outbox(self, ctx: Context, outputs: M) -> Sequence[Email | SubmissionVersion]:
        """What is written and mailed in the moment in which the item is done, and once."""
        return ()

    def after_reads(self, ctx: Context, last: M | None, names: Variables) -> Build[M | None]:
        """For the plan, which reads nothing: what the step yields after its first read of AWS, and its outputs. `last`
        is what it handed on before. Unless a step says otherwise, nothing more is created and `last` still holds.
        """
        yield from each([])
        return last

    def planned(self, outputs: M | None, names: Variables) -> M | None:
        """For the plan: its outputs, with a variable for what somebody has yet to say."""
        return outputs


def one(thing: Thing) -> Build[Observation]:
    """`vpc = yield from one(Vpc(...))`: one thing, and what was seen of it."""
    seen = yield [thing]
    return seen[0]


def each(things: Sequence[Thing]) -> Build[Sequence[Observation]]:
    """`subnets = yield from each([...])`: independent things, made side by side, seen in the same order."""
    if not things:
        return []
    seen = yield list(things)
    return seen


def dump(outputs: Any) -> dict[str, Any]:
    """A step's Made as JSON-native data."""
    return dataclasses.asdict(outputs)


def restore(cls: type[M], data: Mapping[str, Any]) -> M:
    """A step's Made from `dump`'s data; lists become tuples again, fields this version lost are left out."""
    known = {f.name for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known})
