"""What a thing says of itself as Terraform, and what it may ask the plan for while it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Block:
    """One resource block. `type` and `name` are those of the thing's own address if they are ""."""

    body: Mapping[str, Any]
    type: str = ""
    name: str = ""


@dataclass(frozen=True)
class Lookup:
    """One data block. References to `variable` become references to its `attribute`."""

    type: str
    name: str
    body: Mapping[str, Any]
    variable: str = ""
    attribute: str = ""


class Writer(Protocol):
    """The plan that a thing is written for."""

    @property
    def id(self) -> str:
        """The thing's ID, or the variable for it."""

    @property
    def address(self) -> str:
        """Where its block stands: `aws_vpc.vpc_us_east_1`."""

    @property
    def region(self) -> str:
        """The Region in which it's created."""

    @property
    def exists(self) -> bool:
        """Whether a run has created it already."""

    @property
    def each(self) -> bool:
        """Whether it stands for one in each Availability Zone."""

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""

    def name(self, kind: str, limit: int = 32) -> str:
        """Its name in AWS."""

    def ref(self, value: Any) -> Any:
        """The value with IDs as references."""

    def whole(self, variable: str) -> str:
        """The block that an ID belongs to, without the attribute."""

    def outputs(self, aws_id: str) -> Mapping[str, Any]:
        """The predicted values of another thing."""

    def things(self, kind: str) -> Sequence[Any]:
        """All things of a kind."""

    def beside(self, kind: str) -> Sequence[str]:
        """The addresses of the things of a kind that the same step asked for."""


def name_of(variable: str) -> str:
    """A variable's name as Terraform writes names."""
    return variable.lstrip("$").lower()
