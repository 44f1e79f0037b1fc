"""The simulated world as these tests need it: slow enough that waits are seen, moved on by hand."""

from __future__ import annotations

from typing import Any

from onboarding.aws.clients import RegionClients, new_session
from onboarding.aws.sessions import Role, door
from tests.sandbox_process import SandboxProcess

SELLER, BUYER = "111111111111", "222222222222"
ANY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
EXTERNAL_ID = "0123456789abcdef0123456789abcdef"


class World:
    """One account's doors, and time."""

    def __init__(self, process: SandboxProcess) -> None:
        self.process = process
        process.post("speed", {"speed": 1})
        self._keys = process.post("admin", {"account_id": SELLER})

    def later(self, seconds: float) -> None:
        """Let simulated seconds pass."""
        self.process.post("advance", {"seconds": seconds})

    def admin(self, region: str = "us-east-1") -> RegionClients:
        """The door of a person who may do all in the seller's account."""
        return RegionClients(new_session(**self._keys), SELLER, region, "admin")

    def role(self, policy: dict[str, Any], account: str = SELLER, name: str = "onboarding") -> str:
        """A role of this policy that the hub may assume with EXTERNAL_ID; gives its ARN."""
        hub = self.process.client("sts").get_caller_identity()["Arn"]
        values = {
            "account_id": account,
            "role_name": name,
            "principal": hub,
            "external_id": EXTERNAL_ID,
            "policies": [policy],
        }
        return str(self.process.post("roles", values)["arn"])

    def doors(self, arn: str, **others: str) -> Any:
        """`doors(role, region)` as a context has it; `others` are the ARNs of roles besides service."""

        def open_door(role: str, region: str) -> RegionClients:
            name = Role(arn=others.get(role, arn), external_id=EXTERNAL_ID, purpose="plc-test")
            return door(name, region or "us-east-1")

        return open_door

    def inventory(self, account: str = SELLER) -> Any:
        """Everything that exists in the account."""
        return self.process.get(f"inventory?account={account}")
