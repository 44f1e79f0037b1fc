"""A small engine for tests: drives the steps' generators against the simulated world, without a database or a worker.

It keeps one row a thing, so that a second drive answers from them, as the engine's inventory does.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings

from onboarding import probe
from onboarding.aws.clients import RegionClients
from onboarding.aws.errors import ErrorClass, read
from onboarding.aws.gate import Call, passing
from onboarding.checklist.run import run
from onboarding.checklist.side_by_side import caught
from onboarding.checklist.step import (
    Answer,
    CheckResult,
    Context,
    NeedsAction,
    PastResult,
    Scope,
    Step,
    Wait,
    WaitingFor,
    dump,
    restore,
)
from onboarding.dns.resolver import Resolver
from onboarding.steps import checklist
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from sellers.spec import OnboardSpec

POOL = ThreadPoolExecutor(max_workers=16)
PAUSES = (10.0, 10.0, 20.0, 20.0, *[30.0] * 56)  # seconds of the world between looks, which grow as the engine's


class Gate:
    """Lets every call through and keeps it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def before(self, call: Call) -> None:
        """Nothing stands in the way."""

    def after(self, call: Call) -> None:
        """Keep it."""
        self.calls.append(call)

    @property
    def changes(self) -> list[str]:
        """The operations that changed the account."""
        return [call.operation for call in self.calls if call.mutating]


@dataclass
class Row:
    """What the driver remembers of a thing."""

    thing: Thing
    seen: Observation
    region: str
    slug: str


def side_by_side(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Results in order; an exception is a result, as the engine gives it."""

    futures = [POOL.submit(copy_context().run, caught, job) for job in jobs]
    return [future.result() for future in futures]


@dataclass
class Driver:
    """Drives a product. `doors` gives the door of a role in a region; `later` lets the world's time pass by seconds."""

    spec: OnboardSpec
    doors: Callable[[str, str], RegionClients]
    later: Callable[[float], None]
    proxy: str = ""
    owner: str = "seller-1"
    product_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    rows: dict[tuple[str, str, str, str], Row] = field(default_factory=dict)
    outputs: dict[tuple[str, str], Any] = field(default_factory=dict)
    proofs: dict[tuple[str, str], Sequence[CheckResult]] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    past: dict[tuple[str, str], dict[str, PastResult]] = field(default_factory=dict)
    dns: Resolver = field(default_factory=lambda: Resolver(settings.DNS_RESOLVERS))

    def up(self, until: str = "", again: bool = True) -> None:
        """Every step of the checklist that applies, in every region; with `again` also those that were done before.
        Raises Wrong and NotYet as the steps do.
        """
        with passing(self.gate):
            for step in checklist():
                if step.applies(self.spec):
                    for region in self.spec.regions if step.scope is Scope.REGION else [""]:
                        if again or (step.slug, region) not in self.proofs:
                            self.step(step, region)
                if step.slug == until:
                    return

    def on(self, until: str) -> None:
        """On to this step: what was done before is not looked at again."""
        self.up(until, again=False)

    def step(self, step: Step[Any], region: str) -> None:
        """One item, to its verification; what waits for AWS or DNS is looked at again when some time has passed."""
        for pause in PAUSES:
            try:
                self.proofs[step.slug, region] = self.once(step, region)
                self.keep(step.slug, region, self.proofs[step.slug, region])
                return
            except Wait as wait:
                self.keep(step.slug, region, wait.proofs)
                if wait.waiting_for not in (WaitingFor.AWS, WaitingFor.DNS):
                    raise
                last = wait
                self.later(pause)
        raise last

    def once(self, step: Step[Any], region: str) -> Sequence[CheckResult]:
        """One look at an item: its things exist, what it no longer wants is taken away, its check says so."""
        ctx = self.context(step, region)
        made, yielded = self.all_of(step, ctx, region)
        self.look(ctx, yielded)
        if step.rerun_when_ready:
            made, more = self.all_of(step, ctx, region)
            self.look(ctx, [row for row in more if not any(row is one for one in yielded)])
            made, yielded = self.all_of(step, ctx, region)
        self.drop(step, region, yielded)
        self.outputs[step.slug, region] = restore(step.outputs, dump(made))
        return step.check(ctx, made)

    def all_of(self, step: Step[Any], ctx: Context, region: str) -> tuple[Any, list[Row]]:
        """What the step hands on, and the rows of all that it yielded."""
        yielded: list[Row] = []

        def answer(batch: Sequence[Thing]) -> list[Observation]:
            rows = [self.ensure(step, region, thing) for thing in batch]
            yielded.extend(rows)
            return [row.seen for row in rows]

        return run(step.things(ctx), answer), yielded

    def drop(self, step: Step[Any], region: str, wanted: Sequence[Row]) -> None:
        """Take away what converges and was not yielded this time, last first."""
        mine = [key for key in self.rows if key[:2] == (step.slug, region)]
        for key in reversed(mine):
            row = self.rows[key]
            if row.thing.converges and not any(row is one for one in wanted):
                self.take(row)
                del self.rows[key]

    def keep(self, slug: str, region: str, proofs: Sequence[CheckResult]) -> None:
        """Evidence, as a later look reads it."""
        for proof in proofs:
            self.past.setdefault((slug, region), {})[proof.check] = PastResult(
                check=proof.check,
                outcome=proof.outcome,
                sentence=proof.sentence,
                facts=proof.facts,
                at=datetime.now(UTC),
                age=timedelta(),
                current=True,
            )

    def ensure(self, step: Step[Any], region: str, thing: Thing) -> Row:
        """The row of a thing, found or made."""
        assert isinstance(thing, step.kinds), f"{step.slug} yields {thing.kind}, which its kinds do not name"
        key = (step.slug, region, thing.kind, thing.key)
        if key not in self.rows:
            door = self.doors(thing.role or step.role, thing.region or region)
            self.rows[key] = Row(thing, self.first(thing, door, self.mark(key)), region, step.slug)
        row = self.rows[key]
        if row.thing != thing and thing.idempotency is Idempotency.SET:  # a setting is set again, as the engine does
            door = self.doors(thing.role or step.role, thing.region or region)
            row.thing, row.seen = thing, thing.make(door, self.mark(key))
        return row

    def first(self, thing: Thing, door: RegionClients, mark: Ownership) -> Observation:
        """Adopt, find or make."""
        if thing.given:
            seen = thing.check(door, [(thing, thing.given)])[0]
            reasons = list(thing.judge(seen))
            if reasons:
                raise NeedsAction(" ".join(reasons))
            return seen
        ids = thing.find(door, mark)
        if ids:
            return thing.check(door, [(thing, ids[0])])[0]
        made = thing.make(door, mark)
        if thing.idempotency is Idempotency.READ and made.state is State.WRONG:
            raise NeedsAction(made.sentence)
        return made

    def look(self, ctx: Context, rows: Sequence[Row]) -> None:
        """Check all until none is pending."""
        for row in rows:
            door = self.doors(row.thing.role or "service", row.thing.region or ctx.region)
            for pause in PAUSES:
                seen = type(row.thing).check(door, [(row.thing, row.seen.id)])[0]
                if seen.state is not State.PENDING:
                    break
                self.later(pause)
            if seen.state is not State.READY:
                raise NeedsAction(seen.sentence)
            row.seen = replace(seen, values={**row.seen.values, **seen.values})

    def down(self) -> None:
        """Remove what we made, last first; what is in use is tried again after a while."""
        with passing(self.gate):
            for key, row in reversed(list(self.rows.items())):
                if not row.thing.given and row.thing.idempotency is not Idempotency.READ:
                    self.take(row)
                del self.rows[key]

    def take(self, row: Row) -> None:
        """One thing, until it is gone."""
        door = self.doors(row.thing.role or self.role(row), row.thing.region or row.region)
        for pause in PAUSES:
            try:
                row.thing.remove(door, row.seen.id)
            except ClientError as error:
                if read(error).kind is not ErrorClass.DELETE_ORDER:
                    raise
                self.later(pause)
                continue
            if row.thing.gone_at_once:
                return
            if type(row.thing).check(door, [(row.thing, row.seen.id)])[0].state is State.GONE:
                return
            self.later(pause)
        raise AssertionError(f"{row.thing.kind} {row.seen.id} does not go away")

    def role(self, row: Row) -> str:
        """The connection of the step that yielded it."""
        return next(step.role for step in checklist() if step.slug == row.slug)

    def mark(self, key: tuple[str, str, str, str]) -> Ownership:
        """The same mark for the same thing of the same product, whatever the rows remember."""
        slug, region, kind, name = key
        return mark_for(f"{self.product_id}/{region or '-'}/{slug}/{name}/g1", kind, self.owner)

    def known(self, slug: str, region: str = "") -> list[PastResult]:
        """The newest evidence of each check of an item."""
        return list(self.past.get((slug, region), {}).values())

    def context(self, step: Step[Any], region: str) -> Context:
        """What a step is told."""
        return Context(
            product_id=self.product_id,
            owner=self.owner,
            spec=self.spec,
            region=region,
            outputs=self.outputs,
            answer=self.answers.get(step.slug, Answer()),
            doors=self.doors,
            probe=partial(probe.probe, self.proxy) if self.proxy else None,
            side_by_side=side_by_side,
            evidence=self.known,
            dns=self.dns.knowing_homes(),
            now=datetime.now(UTC),
        )


def mark_for(item: str, kind: str, owner: str = "seller-1") -> Ownership:
    """A mark as the engine makes them."""
    return Ownership(
        item=item,
        token=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}:{item}")),
        label="example analytics",
        tags={"plc:owner": owner, "plc:product": item.partition("/")[0], "plc:item": item, "Name": "example"},
    )
