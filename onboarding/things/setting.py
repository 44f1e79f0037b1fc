"""Settings of something that exists, and what was there before us: the two abstract kinds under the setting
things.

An old value must be on record before the change, or a crash between the two would lose it. So a step first
yields a Before, which the inventory remembers in its id, and then the change, which holds the old value as
a field and puts it back on undo.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

NOTHING = "none"


@dataclass(frozen=True, kw_only=True)
class Setting(Thing):
    """`value` wanted for `name` of `target` (an AWS id). `old` is put back by remove; "" means that nothing
    is to be put back (the target is ours and goes away as a whole). Values: value. A value that differs
    counts as gone: not in force.
    """

    idempotency = Idempotency.SET

    target: str = ""
    name: str = ""
    value: str = ""
    old: str = ""

    @classmethod
    @abstractmethod
    def read(cls, door: RegionClients, target: str, name: str) -> str:
        """The value in force; "" when the target is not there."""

    @abstractmethod
    def put(self, door: RegionClients, value: str) -> None:
        """Set it. Raises ClientError as AWS answers."""

    @property
    def aws_id(self) -> str:
        """What stands for the setting in the inventory."""
        return f"{self.target}/{self.name}"

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.aws_id] if self.read(door, self.target, self.name) == self.value else []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        self.put(door, self.value)
        return self._seen(self.value)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing._seen(cls.read(door, thing.target, thing.name)) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        if self.old and self.old != self.value and self.read(door, self.target, self.name):
            self.put(door, self.old)

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.aws_id, aws_status=self.value, values={"value": self.value, "old": self.old})

    def describe(self) -> str:
        return f"{self.name}: {self.value}"

    def _seen(self, value: str) -> Observation:
        values = {"value": value, "old": self.old}
        if value == self.value:
            said = f"{self.words} {self.name} of {self.target} is {value}."
            return Observation(id=self.aws_id, aws_status=value, sentence=said, values=values)
        said = f"{self.words} {self.name} of {self.target} is {value or 'gone'}; {self.value} is wanted."
        return Observation(id=self.aws_id, state=State.GONE, aws_status=value, sentence=said, values=values)


@dataclass(frozen=True, kw_only=True)
class PreviousValue(Thing):
    """What stood at `name` of `target` before us; looked up once and kept in the inventory's id. Values:
    value ("" = none).
    """

    idempotency = Idempotency.READ
    compare = False

    target: str = ""
    name: str = ""

    @abstractmethod
    def look(self, door: RegionClients) -> str:
        """The value now; "" for nothing."""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        return self._remembered(self.look(door) or NOTHING)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing._remembered(aws_id) for thing, aws_id in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        return self._remembered(NOTHING)

    def _remembered(self, aws_id: str) -> Observation:
        value = "" if aws_id == NOTHING else aws_id
        said = f"Before this run, {self.name or self.words} of {self.target} was {value or 'not there'}."
        return Observation(id=aws_id, sentence=said, values={"value": value})
