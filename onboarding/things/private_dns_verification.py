"""AWS's look for the TXT record of a private DNS name (Q9): it looks only when asked, and once for each asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.grants import ENDPOINT_SERVICE, RESOURCE, Grant
from onboarding.things.hcl import Expr
from onboarding.things.private_dns_name import proof_of
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer

VERIFIED, LOOKING, FAILED = "verified", "pendingVerification", "failed"


@dataclass(frozen=True, kw_only=True)
class PrivateDnsVerification(Thing):
    """A look at `name` for service `service_id`. `turn` counts the looks: another number asks AWS to look again.

    Ready when AWS has ended looking, whatever it found. Values: state ("verified", "failed").
    """

    kind = "private_dns_verification"
    words = "verification of the private DNS name"
    idempotency = Idempotency.SET
    makes = ("ec2:StartVpcEndpointServicePrivateDnsVerification",)
    reads = ("ec2:DescribeVpcEndpointServiceConfigurations",)
    removes = ("ec2:DescribeVpcEndpointServiceConfigurations",)
    grants = (Grant("ec2:StartVpcEndpointServicePrivateDnsVerification", RESOURCE, (ENDPOINT_SERVICE,)),)
    terraform_type = "aws_vpc_endpoint_service_private_dns_verification"

    service_id: str = ""
    name: str = ""
    turn: int = 0

    @property
    def aws_id(self) -> str:
        """What stands for the look."""
        return f"{self.service_id}/verification"

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.aws_id] if proof_of(door, self.service_id).get("state") == VERIFIED else []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        door.ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=self.service_id)
        return self._seen({"name": self.name, "state": LOOKING})

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing._seen(proof_of(door, thing.service_id)) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """A look leaves nothing behind: what it found goes with the name."""

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.aws_id)

    def describe(self) -> str:
        return self.name

    def terraform(self, plan: Writer) -> list[Block]:
        """AWS finds the record only when it stands."""
        stands = [Expr(address) for address in plan.beside("record")]
        return [Block({"service_id": plan.ref(self.service_id), "depends_on": stands or None})]

    def _seen(self, facts: Mapping[str, str]) -> Observation:
        if facts.get("name") != self.name:
            return missing(self.aws_id, "Verification")
        state = facts["state"]
        values = {"state": state}
        if state == LOOKING:
            said = f"AWS looks for the TXT record of {self.name}."
            return Observation(id=self.aws_id, state=State.PENDING, aws_status=state, sentence=said, values=values)
        if state not in (VERIFIED, FAILED):
            said = f"AWS gives the state {state or 'nothing'} for the private DNS name {self.name}."
            return Observation(id=self.aws_id, state=State.WRONG, aws_status=state, sentence=said, values=values)
        said = f"AWS has looked for the TXT record of {self.name}: {state}."
        return Observation(id=self.aws_id, aws_status=state, sentence=said, values=values)
