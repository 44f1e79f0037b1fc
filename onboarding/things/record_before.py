"""What stood at a record's name before us (S21, S22): nothing, the same, or something that is not overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from onboarding.things.record import listed, values_of

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

NOTHING, SAME = "none", "there"


@dataclass(frozen=True, kw_only=True)
class RecordBefore(Thing):
    """`type`, `name` and `values` are those that we want in zone `zone_id`. Looked up once, before our change.

    The id is "none" or "there". Values: there (the same stood there before us, so it is not ours). Wrong when something
    else stands there.
    """

    kind = "record_before"
    words = "earlier DNS record"
    idempotency = Idempotency.READ
    compare = False
    reads = ("route53:ListResourceRecordSets",)

    role: str = "dns"
    zone_id: str = ""
    type: str = ""
    name: str = ""
    values: tuple[str, ...] = ()

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        standing = listed(door, self.zone_id, self.name)
        rivals = [found for found in standing if "CNAME" in (self.type, found["Type"]) or found["Type"] == self.type]
        others = [found for found in rivals if not self._same(found)]
        if others:
            return Observation(id=NOTHING, state=State.WRONG, sentence=self._why(others[0]))
        return self._remembered(SAME if rivals else NOTHING)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing._remembered(aws_id) for thing, aws_id in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        return self._remembered(NOTHING)

    def _same(self, found: Any) -> bool:
        return bool(found["Type"] == self.type) and sorted(values_of(found)) == sorted(self.values)

    def _why(self, other: Any) -> str:
        return (
            f"Zone {self.zone_id} already has a {other['Type']} record {self.name} with "
            f"{', '.join(values_of(other)) or 'no value'}, and {', '.join(self.values)} ({self.type}) is wanted. "
            "Nothing that exists is overwritten: remove that record if nobody needs it, then retry this step."
        )

    def _remembered(self, aws_id: str) -> Observation:
        there = aws_id == SAME
        said = f"Before this run, {self.type} {self.name} was {'there as it is wanted' if there else 'not there'}."
        return Observation(id=aws_id, sentence=said, values={"there": there})
