"""A listener (S18, Q5): TCP passed through, or TLS ended at the load balancer with an ACM certificate of
its own account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.grants import BALANCER, CREATE_ACTION, LISTENER, RESOURCE, Grant
from onboarding.things.hcl import Body
from onboarding.things.setting import PreviousValue
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Known, Place
    from onboarding.things.terraform import Writer

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@dataclass(frozen=True, kw_only=True)
class Listener(Thing):
    """`protocol` (TCP or TLS) on `port`, forwarding to `target_group_arn`; TLS takes exactly one
    `certificate_arn`.

    The id is its ARN. Values: port, protocol, target_group_arns, certificate_arns.
    """

    kind = "listener"
    words = "listener"
    idempotency = Idempotency.NAME
    duplicate_codes = ("DuplicateListener",)
    makes = ("elasticloadbalancing:CreateListener", "elasticloadbalancing:AddTags")
    reads = ("elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags")
    removes = ("elasticloadbalancing:DeleteListener",)
    grants = (
        Grant("elasticloadbalancing:CreateListener", RESOURCE, (BALANCER,)),
        Grant("elasticloadbalancing:AddTags", CREATE_ACTION, (LISTENER,)),
        Grant("elasticloadbalancing:DeleteListener", RESOURCE, (LISTENER,)),
    )
    id_path = "Listeners[0].ListenerArn"
    terraform_type = "aws_lb_listener"
    terraform_id = "arn"

    load_balancer_arn: str = ""
    port: int = 0
    protocol: str = "TCP"
    target_group_arn: str = ""
    certificate_arn: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        arns = [item["ListenerArn"] for item in listeners(door, self.load_balancer_arn) if item["Port"] == self.port]
        if not arns:
            return []
        described = door.elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]
        wanted = {"Key": "plc:item", "Value": mark.item}
        return [found["ResourceArn"] for found in described if wanted in found["Tags"]]

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        secure: dict[str, Any] = {}
        if self.protocol == "TLS":
            secure = {"Certificates": [{"CertificateArn": self.certificate_arn}], "SslPolicy": TLS_POLICY}
        made = door.elbv2.create_listener(
            LoadBalancerArn=self.load_balancer_arn,
            Protocol=cast("Literal['TCP', 'TLS']", self.protocol),
            Port=self.port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.target_group_arn}],
            Tags=mark.pairs(),
            **secure,
        )
        return _seen(made["Listeners"][0])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found: dict[str, Any] = {}
        for arn in {aws_id for _, aws_id in wanted}:
            try:
                found[arn] = door.elbv2.describe_listeners(ListenerArns=[arn])["Listeners"][0]
            except ClientError as error:
                if code_of(error) not in ("ListenerNotFound", "LoadBalancerNotFound"):
                    raise
        return [_seen(found[arn]) if arn in found else missing(arn, "Listener") for _, arn in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.elbv2.delete_listener(ListenerArn=aws_id)
        except ClientError as error:
            if code_of(error) != "ListenerNotFound":
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield seen.sentence
        elif seen.values["protocol"] != self.protocol:
            yield (
                f"Port {self.port} of the load balancer already has a {seen.values['protocol']} "
                "listener, and the product "
                f"wants {self.protocol}. Change the product's protocol or port, or remove that listener."
            )

    def predict(self, place: Place) -> Observation:
        certificates = [self.certificate_arn] if self.certificate_arn else []
        values = {"port": self.port, "protocol": self.protocol, "target_group_arns": [self.target_group_arn]}
        return Observation(id=self.chosen_or_new(place), values={**values, "certificate_arns": certificates})

    def describe(self) -> str:
        return f"{self.protocol} {self.port}"

    def warnings(self, known: Known) -> Iterator[str]:
        if known.spec.regions[known.region].load_balancer.arn and not known.looked(ListenerBefore.kind):
            yield (
                "If the load balancer has one on this port, the run takes it with its target group, makes neither, and "
                "adds the targets that it lacks. Check now looks."
            )

    def terraform(self, plan: Writer) -> list[Block]:
        tls = self.protocol == "TLS"
        body = {
            "load_balancer_arn": plan.ref(self.load_balancer_arn),
            "protocol": self.protocol,
            "port": self.port,
            "ssl_policy": TLS_POLICY if tls else None,
            "certificate_arn": plan.ref(self.certificate_arn) if tls else None,
            "tags": plan.tags,
            "default_action": Body({"type": "forward", "target_group_arn": plan.ref(self.target_group_arn)}),
        }
        return [Block(body)]


@dataclass(frozen=True, kw_only=True)
class ListenerBefore(PreviousValue):
    """The listener that an adopted load balancer (`target`, its ARN) had on port `name` before us: value
    its ARN and that of its target group with a space between, or "".
    """

    kind = "listener_before"
    words = "earlier listener"
    reads = ("elasticloadbalancing:DescribeListeners",)

    def look(self, door: RegionClients) -> str:
        for item in listeners(door, self.target):
            if str(item["Port"]) == self.name:
                return " ".join([item["ListenerArn"], *_seen(item).values["target_group_arns"]])
        return ""


def listeners(door: RegionClients, load_balancer_arn: str) -> list[Any]:
    """All listeners of a load balancer; none when it is gone."""
    try:
        pages = door.elbv2.get_paginator("describe_listeners").paginate(LoadBalancerArn=load_balancer_arn)
        return [item for page in pages for item in page["Listeners"]]
    except ClientError as error:
        if code_of(error) not in ("LoadBalancerNotFound", "ListenerNotFound"):
            raise
        return []


def _seen(listener: Any) -> Observation:
    actions = listener.get("DefaultActions", [])
    groups = {action["TargetGroupArn"] for action in actions if action.get("TargetGroupArn")}
    groups |= {g["TargetGroupArn"] for a in actions for g in a.get("ForwardConfig", {}).get("TargetGroups", [])}
    return Observation(
        id=listener["ListenerArn"],
        sentence=f"The listener answers {listener['Protocol']} on port {listener['Port']}.",
        values={
            "port": listener["Port"],
            "protocol": listener["Protocol"],
            "target_group_arns": sorted(groups),
            "certificate_arns": [c["CertificateArn"] for c in listener.get("Certificates", [])],
        },
    )
