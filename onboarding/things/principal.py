"""One entry of an endpoint service's allow list (S23, S24, S46): a set, so adding it twice is the same as
once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, Thing, missing
from onboarding.things.grants import ENDPOINT_SERVICE, RESOURCE, Grant
from onboarding.things.setting import PreviousValue
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer

_GONE = ("InvalidVpcEndpointServiceId.NotFound", "InvalidVpcEndpointService.NotFound")


@dataclass(frozen=True, kw_only=True)
class Principal(Thing):
    """`principal` (`arn:aws:iam::<account>:root`, or a role or user) may see `service_id`.

    Taking one off does not cut its connections.
    """

    kind = "principal"
    words = "allowed principal"
    idempotency = Idempotency.SET
    makes = ("ec2:ModifyVpcEndpointServicePermissions",)
    reads = ("ec2:DescribeVpcEndpointServicePermissions",)
    removes = ("ec2:ModifyVpcEndpointServicePermissions",)
    converges = True
    batch_size = 50
    grants = (Grant("ec2:ModifyVpcEndpointServicePermissions", RESOURCE, (ENDPOINT_SERVICE,)),)
    terraform_type = "aws_vpc_endpoint_service_allowed_principal"

    service_id: str = ""
    principal: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.principal] if self.principal in allowed(door, self.service_id) else []

    @property
    def within(self) -> str:
        """Its endpoint service."""
        return self.service_id

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        return self.make_together(door, [self])[0]

    @classmethod
    def make_together(cls, door: RegionClients, things: Sequence[Self]) -> list[Observation]:
        """One ModifyVpcEndpointServicePermissions for several principals (S24)."""
        door.ec2.modify_vpc_endpoint_service_permissions(
            ServiceId=things[0].service_id, AddAllowedPrincipals=[thing.principal for thing in things]
        )
        return [thing._seen() for thing in things]

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        lists = {service_id: allowed(door, service_id) for service_id in {thing.service_id for thing, _ in wanted}}
        return [
            thing._seen() if thing.principal in lists[thing.service_id] else missing(aws_id, "Allowed principal")
            for thing, aws_id in wanted
        ]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        if self.principal not in allowed(door, self.service_id):
            return
        door.ec2.modify_vpc_endpoint_service_permissions(
            ServiceId=self.service_id, RemoveAllowedPrincipals=[self.principal]
        )

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.principal)

    def describe(self) -> str:
        return self.principal

    def standing(self, aws_id: str) -> Mapping[str, Any]:
        return {"DescribeVpcEndpointServicePermissions": {"AllowedPrincipals": [{"Principal": aws_id}]}}

    def terraform(self, plan: Writer) -> list[Block]:
        body = {"vpc_endpoint_service_id": plan.ref(self.service_id), "principal_arn": self.principal}
        return [Block(body)]

    def _seen(self) -> Observation:
        return Observation(id=self.principal, sentence=f"{self.principal} is on the allow list.")


@dataclass(frozen=True, kw_only=True)
class PrincipalBefore(PreviousValue):
    """Whether `name` (a principal) was on the allow list of the adopted service `target` before us:
    "allowed" or "".
    """

    kind = "principal_before"
    words = "earlier allow-list entry"
    reads = ("ec2:DescribeVpcEndpointServicePermissions",)

    def look(self, door: RegionClients) -> str:
        return "allowed" if self.name in allowed(door, self.target) else ""


def allowed(door: RegionClients, service_id: str) -> set[str]:
    """Every principal on a service's allow list; none when the service is gone."""
    try:
        pages = door.ec2.get_paginator("describe_vpc_endpoint_service_permissions").paginate(ServiceId=service_id)
        return {entry["Principal"] for page in pages for entry in page["AllowedPrincipals"]}
    except ClientError as error:
        if code_of(error) not in _GONE:
            raise
        return set()
