"""The demo's people and how they sign in. They exist only in the demo's throw-away database."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "onboarding-demo"  # noqa: S105 - shown on the terminal, worthless elsewhere
SELLER = ("example-analytics", "Example Analytics")
OTHER_SELLER = ("other-software", "Other Software")


class Person(NamedTuple):
    """Somebody who can sign in. `seller` is a seller's name, or "" for the platform's own people."""

    email: str
    name: str
    role: str
    seller: str = ""

    @property
    def described(self) -> str:
        """Who this is, in words."""
        return f"{self.role} of {self.seller}" if self.seller else f"platform {self.role}"


PEOPLE = (
    Person("engineer@seller.example", "Mara Engel", "engineer", SELLER[1]),
    Person("lead@seller.example", "Lee Adeyemi", "lead", SELLER[1]),
    Person("reviewer@marketplace.example", "Rui Costa", "reviewer"),
    Person("admin@platform.example", "Ada Miller", "admin"),
    Person("engineer@other.example", "Oda Brandt", "lead", OTHER_SELLER[1]),
)
