"""One target's registration in a target group (S17, S18). Whether it is well is the reach step's question,
not this one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, Thing, missing
from onboarding.things.grants import RESOURCE, TARGET_GROUP, Grant
from onboarding.things.hcl import Expr
from onboarding.things.setting import PreviousValue
from onboarding.things.terraform import Block
from onboarding.things.variables import ANY

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer

_GONE = ("TargetGroupNotFound", "InvalidTarget")


@dataclass(frozen=True, kw_only=True)
class Target(Thing):
    """`target_id` (instance id, IP address or ALB's ARN) on `port`. Values: health (AWS's word), reason."""

    kind = "target"
    words = "target registration"
    idempotency = Idempotency.SET
    makes = ("elasticloadbalancing:RegisterTargets", "ec2:DescribeInstances", "ec2:DescribeVpcs")
    reads = ("elasticloadbalancing:DescribeTargetHealth",)
    removes = ("elasticloadbalancing:DeregisterTargets",)
    converges = True
    batch_size = 100
    grants = (
        Grant("elasticloadbalancing:RegisterTargets", RESOURCE, (TARGET_GROUP,)),
        Grant("elasticloadbalancing:DeregisterTargets", RESOURCE, (TARGET_GROUP,)),
    )
    terraform_type = "aws_lb_target_group_attachment"

    target_group_arn: str = ""
    target_id: str = ""
    port: int = 0

    @property
    def aws_id(self) -> str:
        """What stands for the registration within its target group."""
        return f"{self.target_id}:{self.port}"

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.aws_id] if self.aws_id in registered(door, self.target_group_arn) else []

    @property
    def within(self) -> str:
        """Its target group."""
        return self.target_group_arn

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        return self.make_together(door, [self])[0]

    @classmethod
    def make_together(cls, door: RegionClients, things: Sequence[Self]) -> list[Observation]:
        """One RegisterTargets for all of a target group."""
        targets: Any = [{"Id": thing.target_id, "Port": thing.port} for thing in things]
        door.elbv2.register_targets(TargetGroupArn=things[0].target_group_arn, Targets=targets)
        return [thing._seen({"State": "initial"}) for thing in things]

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        groups = {thing.target_group_arn for thing, _ in wanted}
        health = {arn: registered(door, arn) for arn in groups}
        return [
            thing._seen(found)
            if (found := health[thing.target_group_arn].get(thing.aws_id))
            else missing(aws_id, "Target")
            for thing, aws_id in wanted
        ]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.elbv2.deregister_targets(
                TargetGroupArn=self.target_group_arn, Targets=[{"Id": self.target_id, "Port": self.port}]
            )
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.aws_id)

    def describe(self) -> str:
        return f"{ANY.sub('the instance', self.target_id)}:{self.port}"

    def terraform(self, plan: Writer) -> list[Block]:
        each = {"for_each": Expr(plan.whole(self.target_id))} if plan.each else {}
        target = Expr("each.value.id") if plan.each else plan.ref(self.target_id)
        body = {"target_group_arn": plan.ref(self.target_group_arn), "target_id": target, "port": self.port}
        return [Block({**each, **body})]

    def _seen(self, health: Any) -> Observation:
        word = health["State"]
        values = {"health": word, "reason": health.get("Reason", "")}
        return Observation(
            id=self.aws_id, aws_status=word, sentence=f"Target {self.aws_id} is registered ({word}).", values=values
        )


@dataclass(frozen=True, kw_only=True)
class TargetBefore(PreviousValue):
    """Whether `name` (`id:port`) was registered in the adopted target group `target` before us: value
    "registered" or "".
    """

    kind = "target_before"
    words = "earlier registration"
    reads = ("elasticloadbalancing:DescribeTargetHealth",)

    def look(self, door: RegionClients) -> str:
        return "registered" if self.name in registered(door, self.target) else ""


def registered(door: RegionClients, target_group_arn: str) -> dict[str, Any]:
    """`id:port` -> TargetHealth of what is registered; a draining target counts as taken out, a missing
    group is empty.
    """
    try:
        found = door.elbv2.describe_target_health(TargetGroupArn=target_group_arn)["TargetHealthDescriptions"]
    except ClientError as error:
        if code_of(error) not in _GONE:
            raise
        return {}
    return {
        f"{entry['Target']['Id']}:{entry['Target'].get('Port', '')}": entry["TargetHealth"]
        for entry in found
        if entry["TargetHealth"].get("State") != "draining"
        and entry["TargetHealth"].get("Reason") != "Target.NotRegistered"
    }
