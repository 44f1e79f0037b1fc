"""A buyer's connection that the provider accepted (S35, S36): the provider's half of an
endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.grants import ENDPOINT_SERVICE, RESOURCE, Grant
from onboarding.things.unsuccessful import surface

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

ACCEPTED, WAITING = ("pending", "available"), "pendingacceptance"
ENDED = ("rejected", "deleting", "deleted")
_DONE = ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound", "InvalidState")


@dataclass(frozen=True, kw_only=True)
class Connection(Thing):
    """`endpoint_id` of the account `owner` may use `service_id`. One that the service accepts by itself is left alone.

    Removal rejects it, which cuts it: taking its account off the allow list would not. Values: state.
    """

    kind = "connection"
    words = "accepted connection"
    idempotency = Idempotency.SET
    makes = ("ec2:AcceptVpcEndpointConnections",)
    reads = ("ec2:DescribeVpcEndpointConnections",)
    removes = ("ec2:RejectVpcEndpointConnections",)
    converges = True
    temporary = True
    any_order = True  # to reject one whose endpoint is leaving is to do nothing
    grants = (
        Grant("ec2:AcceptVpcEndpointConnections", RESOURCE, (ENDPOINT_SERVICE,)),
        Grant("ec2:RejectVpcEndpointConnections", RESOURCE, (ENDPOINT_SERVICE,)),
    )

    service_id: str = ""
    endpoint_id: str = ""
    owner: str = ""

    @property
    def aws_id(self) -> str:
        """What stands for the acceptance in the inventory."""
        return f"{self.service_id}/{self.endpoint_id}"

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return [self.aws_id] if self._state(door).lower() in ACCEPTED else []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        state = self._state(door)
        if state.lower() not in ACCEPTED:
            answer = door.ec2.accept_vpc_endpoint_connections(
                ServiceId=self.service_id, VpcEndpointIds=[self.endpoint_id]
            )
            surface(answer, "AcceptVpcEndpointConnections")
            state = "pending"
        return self._seen(state)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing._seen(thing._state(door)) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        if self._state(door).lower() in (*ACCEPTED, WAITING):
            answer = door.ec2.reject_vpc_endpoint_connections(
                ServiceId=self.service_id, VpcEndpointIds=[self.endpoint_id]
            )
            surface(answer, "RejectVpcEndpointConnections", fine=_DONE)

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.aws_id)

    def standing(self, aws_id: str) -> Mapping[str, Any]:
        found = {"VpcEndpointId": self.endpoint_id, "VpcEndpointState": "available"}
        return {"DescribeVpcEndpointConnections": {"VpcEndpointConnections": [found]}}

    def _state(self, door: RegionClients) -> str:
        """AWS's word for the connection; "" when the service has none of that endpoint. AWS has no filter by id."""
        wanted: list[Any] = [{"Name": "service-id", "Values": [self.service_id]}]
        wanted += [{"Name": "vpc-endpoint-owner", "Values": [self.owner]}] if self.owner else []
        pages = door.ec2.get_paginator("describe_vpc_endpoint_connections").paginate(Filters=wanted)
        found = (entry for page in pages for entry in page["VpcEndpointConnections"])
        return next((entry["VpcEndpointState"] for entry in found if entry["VpcEndpointId"] == self.endpoint_id), "")

    def _seen(self, word: str) -> Observation:
        state = word.lower()
        if not word or state in ENDED:
            left = missing(self.aws_id, "Connection")
            return (
                left
                if not word
                else Observation(id=left.id, state=State.GONE, aws_status=word, sentence=self._said(word))
            )
        found = State.READY if state in ACCEPTED else State.PENDING if state == WAITING else State.WRONG
        return Observation(
            id=self.aws_id, state=found, aws_status=word, sentence=self._said(word), values={"state": word}
        )

    def _said(self, word: str) -> str:
        return f"The connection of {self.endpoint_id} to {self.service_id} is {word}."
