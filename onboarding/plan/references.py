"""What a plan's Terraform blocks refer to each other by, and what a thing asks for while its block is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.things import hcl
from onboarding.things.base import Ownership
from onboarding.things.hcl import Expr
from onboarding.things.terraform import Writer, name_of
from onboarding.things.variables import ANY


@dataclass
class References:
    """The references of the blocks of `things`, some of a walk's: `of` maps an id or a variable to an expression.

    `asked` are the values that nothing here makes or looks up: input variables, by name.
    """

    walk: DryRun
    of: dict[str, str] = field(default_factory=dict)
    addresses: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)

    @classmethod
    def to(cls, walk: DryRun, things: Iterable[Yielded]) -> References:
        """Those of the things, and of what is looked up for them."""
        found = cls(walk)
        for one in things:
            found._made(one)
        for one in walk.yielded:
            found._read(one)
        return found

    def value(self, value: Any) -> Any:
        """A value with its ids as references; lists member by member."""
        if isinstance(value, (list, tuple)):
            return self.members(value)
        if not isinstance(value, str):
            return value
        if value in self.of:
            return Expr(self.of[value])
        if ANY.fullmatch(value):
            return Expr(self._input(value))
        return Expr(self._template(value)) if ANY.search(value) else value

    def members(self, values: Any) -> Any:
        """A list; of one that stands for one in each zone, all of them."""
        if len(values) == 1 and values[0] in self.walk.for_each and values[0] in self.of:
            whole, _, attribute = self.of[values[0]].rpartition(".")
            return Expr(f"[for one in {whole} : one.{attribute}]")
        return [self.value(value) for value in values if value]

    def address(self, one: Yielded) -> str:
        """Where the thing's block stands: `aws_vpc.vpc_us_east_1`. The same name for two is numbered."""
        if one.key not in self.addresses:
            kind = one.thing.terraform_type
            key = one.thing.key if one.thing.kind != "record" else f"{one.region} {one.thing.key}"
            name = re.sub(r"[^a-z0-9]+", "_", f"{ANY.sub('', key)} {one.where}".lower()).strip("_")
            name, taken = (name if name[:1].isalpha() else f"x_{name}"), set(self.addresses.values())
            numbers = (f"{kind}.{name}{f'_{n}' if n else ''}" for n in range(len(taken) + 1))
            self.addresses[one.key] = next(found for found in numbers if found not in taken)
        return self.addresses[one.key]

    def _made(self, one: Yielded) -> None:
        thing, address = one.thing, self.address(one)
        if thing.terraform_id:
            self.of[one.seen.id] = f"{address}.{thing.terraform_id}"
        for name, expression in thing.terraform_values(address, self.walk.names, one.region).items():
            self.of[f"${name}"] = expression

    def _read(self, one: Yielded) -> None:
        found = one.thing.terraform_lookup(one.seen)
        if found is not None and found.variable:
            self.of[found.variable] = f"data.{found.type}.{found.name}.{found.attribute}"

    def _template(self, value: str) -> str:
        """A string with variables in it."""
        parts = re.split(rf"({ANY.pattern.replace('(', '(?:', 1)})", value)
        told = (f"${{{self._input(p)}}}" if n % 2 else hcl.text(p)[1:-1] for n, p in enumerate(parts))
        return f'"{"".join(told)}"'

    def _input(self, variable: str) -> str:
        """The expression of a variable; one that nothing here gives is asked for."""
        if variable not in self.of:
            self.asked[name_of(variable)] = None
        return self.of.get(variable, f"var.{name_of(variable)}")


@dataclass(frozen=True)
class Planned(Writer):
    """A thing to be written, with its mark."""

    one: Yielded
    refs: References
    mark: Ownership

    @property
    def id(self) -> str:
        return self.one.seen.id

    @property
    def address(self) -> str:
        return self.refs.address(self.one)

    @property
    def region(self) -> str:
        return self.one.where

    @property
    def exists(self) -> bool:
        return self.one.row is not None

    @property
    def each(self) -> bool:
        thing: Any = self.one.thing
        stands = getattr(thing, "subnet_id", "") or getattr(thing, "target_id", "")
        return self.id in self.refs.walk.for_each and (not stands or stands in self.refs.of)

    @property
    def tags(self) -> dict[str, str]:
        """Its tags; those of one that stands for several name none of them."""
        return {"Name": self.mark.label} if self.each else dict(self.mark.tags)

    def name(self, kind: str, limit: int = 32) -> str:
        return self.mark.name(kind, limit)

    def ref(self, value: Any) -> Any:
        return self.refs.value(value)

    def whole(self, variable: str) -> str:
        return self.refs.of[variable].rpartition(".")[0]

    def outputs(self, aws_id: str) -> Mapping[str, Any]:
        return next(other.seen.values for other in self.refs.walk.yielded if other.seen.id == aws_id)

    def things(self, kind: str) -> Sequence[Any]:
        return [other.thing for other in self.refs.walk.yielded if other.thing.kind == kind]

    def beside(self, kind: str) -> Sequence[str]:
        place = (self.one.slug, self.one.region, kind)
        return [
            self.refs.address(other)
            for other in self.refs.walk.yielded
            if (other.slug, other.region, other.thing.kind) == place
        ]
