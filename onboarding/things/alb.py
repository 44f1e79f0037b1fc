"""An existing application load balancer as the target (S17): it is looked at and never made or removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing
from onboarding.things.load_balancer import by_arn

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place


@dataclass(frozen=True, kw_only=True)
class Alb(Thing):
    """The load balancer `given` (its ARN), which must stand in `vpc_id`. Values: type, vpc_id, zone_names."""

    kind = "alb"
    words = "application load balancer"
    idempotency = Idempotency.READ
    reads = ("elasticloadbalancing:DescribeLoadBalancers",)

    vpc_id: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        return self.check(door, [(self, self.given)])[0]

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found = by_arn(door, [aws_id for _, aws_id in wanted])
        return [
            from_state(
                arn,
                alb["State"]["Code"],
                ready=["active", "active_impaired"],
                pending=["provisioning"],
                words="Load balancer",
                values={
                    "type": alb["Type"],
                    "vpc_id": alb["VpcId"],
                    "zone_names": [zone["ZoneName"] for zone in alb.get("AvailabilityZones", [])],
                },
            )
            if (alb := found.get(arn))
            else missing(arn, "Load balancer")
            for _, arn in wanted
        ]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield seen.sentence
        elif seen.values["type"] != "application":
            yield (f"{seen.id} is of type {seen.values['type']}; the target must be an application load balancer.")
        elif seen.values["vpc_id"] != self.vpc_id:
            yield (
                f"The application load balancer is in {seen.values['vpc_id']}, not in {self.vpc_id}. "
                "Choose one of that VPC."
            )

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.given, values={"type": "application", "vpc_id": self.vpc_id, "zone_names": []})
