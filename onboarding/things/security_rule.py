"""One ingress rule of a security group (S18, S20). Its id is what it says, so a repeated make is the same
rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, Thing, missing
from onboarding.things.grants import GROUP, RESOURCE, Grant
from onboarding.things.terraform import Block
from onboarding.things.variables import ANY

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer


@dataclass(frozen=True, kw_only=True)
class SecurityRule(Thing):
    """TCP to `from_port`..`to_port` of `group_id`, from `cidr` or from the members of `source_group_id`
    (one of the two).
    """

    kind = "security_rule"
    words = "security group rule"
    idempotency = Idempotency.SET
    duplicate_codes = ("InvalidPermission.Duplicate",)
    makes = ("ec2:AuthorizeSecurityGroupIngress",)
    reads = ("ec2:DescribeSecurityGroupRules",)
    removes = ("ec2:RevokeSecurityGroupIngress",)
    grants = (
        Grant("ec2:AuthorizeSecurityGroupIngress", RESOURCE, (GROUP,)),
        Grant("ec2:RevokeSecurityGroupIngress", RESOURCE, (GROUP,)),
    )
    terraform_type = "aws_vpc_security_group_ingress_rule"

    group_id: str = ""
    from_port: int = 0
    to_port: int = 0
    cidr: str = ""
    source_group_id: str = ""

    @property
    def aws_id(self) -> str:
        """What stands for the rule: group, ports and source."""
        return f"{self.group_id}/tcp/{self.from_port}-{self.to_port}/{self.source_group_id or self.cidr}"

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.aws_id] if self.aws_id in _there(door, [self.group_id]) else []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        try:
            door.ec2.authorize_security_group_ingress(GroupId=self.group_id, IpPermissions=[self._permission()])
        except ClientError as error:
            if code_of(error) not in self.duplicate_codes:
                raise
        return self._seen()

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        there = _there(door, sorted({thing.group_id for thing, _ in wanted}))
        return [thing._seen() if thing.aws_id in there else missing(aws_id, "Rule") for thing, aws_id in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.ec2.revoke_security_group_ingress(GroupId=self.group_id, IpPermissions=[self._permission()])
        except ClientError as error:
            if code_of(error) not in ("InvalidPermission.NotFound", "InvalidGroup.NotFound", "InvalidGroupId.NotFound"):
                raise

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.aws_id)

    def describe(self) -> str:
        if self.source_group_id:
            source = ANY.sub("the load balancer's security group", self.source_group_id)
        else:
            source = ANY.sub("the VPC's range", self.cidr)
        return f"TCP {self.from_port} from {source}"

    def terraform(self, plan: Writer) -> list[Block]:
        body = {
            "security_group_id": plan.ref(self.group_id),
            "ip_protocol": "tcp",
            "from_port": self.from_port,
            "to_port": self.to_port,
            "cidr_ipv4": plan.ref(self.cidr) or None,
            "referenced_security_group_id": plan.ref(self.source_group_id) or None,
        }
        return [Block(body)]

    def _seen(self) -> Observation:
        source = self.source_group_id or self.cidr
        return Observation(id=self.aws_id, sentence=f"{self.group_id} lets {source} in on port {self.from_port}.")

    def _permission(self) -> Any:
        source: dict[str, Any] = (
            {"UserIdGroupPairs": [{"GroupId": self.source_group_id}]}
            if self.source_group_id
            else {"IpRanges": [{"CidrIp": self.cidr}]}
        )
        return {"IpProtocol": "tcp", "FromPort": self.from_port, "ToPort": self.to_port, **source}


def _there(door: RegionClients, group_ids: list[str]) -> set[str]:
    """The ids of all TCP ingress rules of these groups; a group that is gone has none."""
    pages = door.ec2.get_paginator("describe_security_group_rules").paginate(
        Filters=[{"Name": "group-id", "Values": group_ids}]
    )
    return {
        f"{rule['GroupId']}/tcp/{rule['FromPort']}-{rule['ToPort']}/"
        + (rule.get("ReferencedGroupInfo", {}).get("GroupId") or rule.get("CidrIpv4", ""))
        for page in pages
        for rule in page["SecurityGroupRules"]
        if rule.get("IpProtocol") == "tcp" and not rule.get("IsEgress")
    }
