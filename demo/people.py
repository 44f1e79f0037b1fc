"""The demo's people and how they sign in. They exist only in the demo's throw-away database."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "onboarding-demo"  # noqa: S105 - shown on the terminal, worthless elsewhere


class Person(NamedTuple):
    """Somebody who can sign in. `role` is the word that people read."""

    email: str
    role: str


SELLER = "Example Analytics"
OTHER_SELLER = "Other Software"
PEOPLE = (
    Person("engineer@seller.example", f"engineer of {SELLER}"),
    Person("lead@seller.example", f"lead of {SELLER}"),
    Person("reviewer@marketplace.example", "Seller Operations reviewer"),
    Person("admin@platform.example", "platform admin"),
    Person("engineer@other.example", f"engineer of {OTHER_SELLER}, who must not see the others"),
)
