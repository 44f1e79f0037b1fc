"""Where a thing's outputs are predicted, for a plan that asks AWS nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from onboarding.aws import cli
from onboarding.things.variables import Variables

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec


@dataclass(frozen=True)
class Place:
    """One step's Region. `zones` are its (id, name) pairs; `zone_of` holds the zone's name of each subnet."""

    slug: str
    region: str
    account: str
    zones: Sequence[tuple[str, str]]
    names: Variables
    zone_of: dict[str, str] = field(default_factory=dict)

    def new_id(self, kind: str, key: str) -> str:
        """The variable for the ID that AWS will give."""
        return self.names.of(kind, key, self.slug, self.region)

    def read(self, words: str, service: str, operation: str, query: str, **params: Any) -> str:
        """The variable for a value that a call reads."""
        line = cli.command(service, operation, params, self.region, self.names.lookups, query)
        return self.names.read(words, self.region, line)


class Known(Protocol):
    """What a plan knows of a Region before its first run."""

    @property
    def spec(self) -> OnboardSpec:
        """The product's spec."""

    @property
    def region(self) -> str:
        """The Region."""

    def recorded(self, kind: str, key: str) -> bool:
        """Whether an earlier run has recorded this thing for the same step."""

    def looked(self, kind: str) -> bool:
        """Whether a check has looked at the Region's things of this kind."""
