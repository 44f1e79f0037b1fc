"""An EC2 instance behind the load balancer (S17). RunInstances takes the mark's token and tags in the same
call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.grants import CREATE_ACTION, GROUP, INSTANCE, NONE, REQUEST, RESOURCE, SUBNET, Grant
from onboarding.things.hcl import Body, Expr
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Known, Place
    from onboarding.things.terraform import Writer

_ENDING = ("shutting-down", "terminated", "not found")
_GRADES = {
    "pending": State.PENDING,
    "running": State.READY,
    "shutting-down": State.PENDING,
    "terminated": State.GONE,
    "stopping": State.WRONG,
    "stopped": State.WRONG,
}


@dataclass(frozen=True, kw_only=True)
class Instance(Thing):
    """One instance in `subnet_id`. `placeholder` says that `user_data` is our responder, not the seller's
    software; `vpc_id` is where a given one must be. Values: private_ip, vpc_id, subnet_id, zone_name,
    placeholder.
    """

    kind = "instance"
    words = "instance"
    idempotency = Idempotency.TOKEN
    makes = ("ec2:RunInstances", "ec2:CreateTags")
    reads = ("ec2:DescribeInstances",)
    removes = ("ec2:TerminateInstances",)
    gone_at_once = False
    grants = (
        Grant("ec2:RunInstances", REQUEST, INSTANCE),
        Grant("ec2:RunInstances", RESOURCE, (SUBNET, GROUP)),
        Grant("ec2:RunInstances", NONE, ("ec2::image/*",)),
        Grant("ec2:CreateTags", CREATE_ACTION, INSTANCE),
        Grant("ec2:TerminateInstances", RESOURCE, INSTANCE[:1]),
    )
    tag_type = "instance"
    priced_by = "instance_type"
    id_path = "Instances[0].InstanceId"
    terraform_type = "aws_instance"
    terraform_id = "id"

    image_id: str = ""
    instance_type: str = ""
    vpc_id: str = ""
    subnet_id: str = ""
    group_ids: tuple[str, ...] = ()
    user_data: str = ""
    profile: str = ""
    placeholder: bool = False

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        pages = door.ec2.get_paginator("describe_instances").paginate(
            Filters=[
                {"Name": "tag:plc:item", "Values": [mark.item]},
                {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]},
            ]
        )
        found = [i for page in pages for r in page["Reservations"] for i in r["Instances"]]
        return [i["InstanceId"] for i in sorted(found, key=lambda i: (i["LaunchTime"], i["InstanceId"]))]

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        more: dict[str, Any] = {"UserData": self.user_data} if self.user_data else {}
        if self.profile:
            more["IamInstanceProfile"] = {"Name": self.profile}
        made = door.ec2.run_instances(
            ImageId=self.image_id,
            InstanceType=self.instance_type,  # type: ignore[arg-type]  # the stubs list the types of their day
            SubnetId=self.subnet_id,
            SecurityGroupIds=list(self.group_ids),
            MinCount=1,
            MaxCount=1,
            MetadataOptions={"HttpTokens": "required"},
            ClientToken=mark.token,
            TagSpecifications=[*mark.ec2("instance"), *_beside(mark)],
            **more,
        )
        return self._seen(made["Instances"][0])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        pages = door.ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "instance-id", "Values": [aws_id for _, aws_id in wanted]}]
        )
        found = {i["InstanceId"]: i for page in pages for r in page["Reservations"] for i in r["Instances"]}
        return [thing._seen(found[i]) if i in found else missing(i, "Instance") for thing, i in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        # Looked at first: it takes a while to end, and a repeated call would only be noise in the account's log.
        if type(self).check(door, [(self, aws_id)])[0].aws_status in _ENDING:
            return
        try:
            door.ec2.terminate_instances(InstanceIds=[aws_id])
        except ClientError as error:
            if code_of(error) != "InvalidInstanceID.NotFound":
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield f"{seen.sentence} Start it, or choose a running one."
        elif self.vpc_id and seen.values["vpc_id"] != self.vpc_id:
            yield (
                f"Instance {seen.id} is in {seen.values['vpc_id']}, not in {self.vpc_id}. Choose instances of that VPC."
            )

    def predict(self, place: Place) -> Observation:
        zone = place.zone_of.get(self.subnet_id, "")
        values = {"private_ip": "", "vpc_id": self.vpc_id, "subnet_id": self.subnet_id, "zone_name": zone}
        return Observation(id=self.chosen_or_new(place), values={**values, "placeholder": self.placeholder})

    def warnings(self, known: Known) -> Iterator[str]:
        if not known.recorded("instance_offer", self.instance_type):
            yield f"A zone in which AWS does not offer {self.instance_type} gets no target."

    def terraform(self, plan: Writer) -> list[Block]:
        body: dict[str, Any] = {"for_each": Expr(plan.whole(self.subnet_id))} if plan.each else {}
        body |= {
            "ami": plan.ref(self.image_id),
            "instance_type": self.instance_type,
            "subnet_id": Expr("each.value.id") if plan.each else plan.ref(self.subnet_id),
            "vpc_security_group_ids": plan.ref(self.group_ids),
            "iam_instance_profile": self.profile or None,
            "user_data": self.user_data or None,
            "tags": plan.tags,
            "metadata_options": Body({"http_tokens": "required"}),
        }
        return [Block(body)]

    def _seen(self, instance: Any) -> Observation:
        state = instance["State"]["Name"]
        reason = instance.get("StateReason", {})
        why = (
            f" AWS says {reason['Code']}: {reason.get('Message', '')}"
            if reason.get("Code") and state != "running"
            else ""
        )
        return Observation(
            id=instance["InstanceId"],
            state=_GRADES.get(state, State.WRONG),
            aws_status=state,
            sentence=f"Instance {instance['InstanceId']} is {state}.{why}",
            values={
                "private_ip": instance.get("PrivateIpAddress", ""),
                "vpc_id": instance.get("VpcId", self.vpc_id),
                "subnet_id": instance.get("SubnetId", self.subnet_id),
                "zone_name": instance.get("Placement", {}).get("AvailabilityZone", ""),
                "placeholder": self.placeholder,
            },
        )


def _beside(mark: Ownership) -> list[Any]:
    """Tags for what comes with the instance: all but `plc:item`, by which the instance alone is found
    again.
    """
    pairs = [pair for pair in mark.pairs() if pair["Key"] != "plc:item"]
    return [{"ResourceType": kind, "Tags": pairs} for kind in ("volume", "network-interface")]
