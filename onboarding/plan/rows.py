"""The rows of a plan: what a run would create, reuse, change or delete, thing by thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Sign(StrEnum):
    """What happens to a thing."""

    CREATE = "create"
    REUSE = "reuse"  # it exists already: ours from an earlier run, or the seller's, who chose it
    CHANGE = "change"  # a setting of something that exists
    DELETE = "delete"
    BY_HAND = "by_hand"  # a person makes it; we look at it


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing in one region ("" for the product).

    `commands` are its AWS CLI equivalents, with shell variables for ids that AWS has yet to give; `warnings` are
    sentences; `values` what the row is about, for cost and display.
    """

    slug: str
    region: str
    sign: Sign
    kind: str
    words: str
    name: str
    aws_id: str = ""
    guide: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    values: dict[str, object] = field(default_factory=dict)
