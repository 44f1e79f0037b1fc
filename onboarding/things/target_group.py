"""A target group (S18): where the load balancer sends connections, and how it asks whether a target is
well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.grants import CREATE_ACTION, REQUEST, RESOURCE, TARGET_GROUP, Grant
from onboarding.things.hcl import Body
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer


@dataclass(frozen=True, kw_only=True)
class TargetGroup(Thing):
    """TCP to `port` of targets of `target_type` ("instance", "ip", "alb"); `health_protocol` TCP, HTTP or
    HTTPS, with `health_path` for the last two. The id is its ARN. Values: port, protocol, vpc_id,
    target_type, load_balancer_arns.
    """

    kind = "target_group"
    words = "target group"
    idempotency = Idempotency.NAME
    duplicate_codes = ("DuplicateTargetGroupName",)
    makes = ("elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:AddTags", "ec2:DescribeVpcs")
    reads = ("elasticloadbalancing:DescribeTargetGroups",)
    removes = ("elasticloadbalancing:DeleteTargetGroup",)
    grants = (
        Grant("elasticloadbalancing:CreateTargetGroup", REQUEST, (TARGET_GROUP,)),
        Grant("elasticloadbalancing:AddTags", CREATE_ACTION, (TARGET_GROUP,)),
        Grant("elasticloadbalancing:DeleteTargetGroup", RESOURCE, (TARGET_GROUP,)),
    )
    id_path = "TargetGroups[0].TargetGroupArn"
    named = ("tg", 32)
    terraform_type = "aws_lb_target_group"
    terraform_id = "arn"

    vpc_id: str = ""
    port: int = 0
    target_type: str = "instance"
    health_protocol: str = "TCP"
    health_path: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return sorted(_described(door, Names=[mark.name(*self.named)]))

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        path: dict[str, Any] = {} if self.health_protocol == "TCP" else {"HealthCheckPath": self.health_path or "/"}
        made = door.elbv2.create_target_group(
            Name=mark.name(*self.named),
            Protocol="TCP",
            Port=self.port,
            VpcId=self.vpc_id,
            TargetType=cast("Literal['instance', 'ip', 'alb']", self.target_type),
            HealthCheckProtocol=cast("Literal['TCP', 'HTTP', 'HTTPS']", self.health_protocol),
            HealthCheckIntervalSeconds=10,  # the shortest that every network load balancer accepts
            HealthyThresholdCount=3,
            UnhealthyThresholdCount=3,
            Tags=mark.pairs(),
            **path,
        )
        return _seen(made["TargetGroups"][0])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found: dict[str, Any] = {}
        for aws_id in {aws_id for _, aws_id in wanted}:
            found |= _described(door, TargetGroupArns=[aws_id])
        return [_seen(found[arn]) if arn in found else missing(arn, "Target group") for _, arn in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.elbv2.delete_target_group(TargetGroupArn=aws_id)
        except ClientError as error:
            if code_of(error) != "TargetGroupNotFound":
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield seen.sentence
        elif self.vpc_id and seen.values["vpc_id"] != self.vpc_id:
            yield f"Target group {seen.id} is in {seen.values['vpc_id']}, not in {self.vpc_id}."
        elif seen.values["target_type"] != self.target_type:
            yield (
                f"Target group {seen.id} takes targets of type {seen.values['target_type']}, "
                f"and yours are of type {self.target_type}. Choose targets of its type, or another "
                "listener port."
            )

    def predict(self, place: Place) -> Observation:
        values = {"port": self.port, "protocol": "TCP", "vpc_id": self.vpc_id, "target_type": self.target_type}
        return Observation(id=self.chosen_or_new(place), values={**values, "load_balancer_arns": []})

    def terraform(self, plan: Writer) -> list[Block]:
        check = {
            "protocol": self.health_protocol,
            "path": None if self.health_protocol == "TCP" else self.health_path or "/",
            "interval": 10,
            "healthy_threshold": 3,
            "unhealthy_threshold": 3,
        }
        body = {
            "name": plan.name(*self.named),
            "protocol": "TCP",
            "port": self.port,
            "vpc_id": plan.ref(self.vpc_id),
            "target_type": self.target_type,
            "tags": plan.tags,
            "health_check": Body(check),
        }
        return [Block(body)]


def _described(door: RegionClients, **chosen: Any) -> dict[str, Any]:
    try:
        return {tg["TargetGroupArn"]: tg for tg in door.elbv2.describe_target_groups(**chosen)["TargetGroups"]}
    except ClientError as error:
        if code_of(error) != "TargetGroupNotFound":
            raise
        return {}


def _seen(group: Any) -> Observation:
    return Observation(
        id=group["TargetGroupArn"],
        sentence=f"Target group {group['TargetGroupName']} exists.",
        values={
            "port": group.get("Port", 0),
            "protocol": group.get("Protocol", ""),
            "vpc_id": group.get("VpcId", ""),
            "target_type": group.get("TargetType", ""),
            "load_balancer_arns": group.get("LoadBalancerArns", []),
        },
    )
