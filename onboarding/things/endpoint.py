"""The endpoint of a rehearsal (S36, S49): an interface endpoint in the buyer test account, away again afterwards.

botocore adds no client token to CreateVpcEndpoint, so the mark's is always sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing
from onboarding.things.grants import CREATE_ACTION, ENDPOINT, GROUP, NETWORK, REQUEST, RESOURCE, Grant
from onboarding.things.unsuccessful import surface

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

EXPIRES = "plc:expires"
LEAVING = ("deleting", "deleted")
_PREFIX = "seen."
_GONE = ("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound")


@dataclass(frozen=True, kw_only=True)
class Endpoint(Thing):
    """To `service_name`, with an interface in each of `subnet_ids` behind `group_ids`. `expires` (a date) goes into a
    tag, for whoever tidies the account.

    While the provider has not accepted it, it is pending. Values: vpc_id, subnet_ids, interface_ids, names (AWS's DNS
    names, the regional one first), created, and `seen.<state>`, the time of the last look at each state.
    """

    kind = "endpoint"
    words = "test endpoint"
    idempotency = Idempotency.TOKEN
    makes = (
        "ec2:CreateVpcEndpoint",
        "ec2:CreateTags",
        "ec2:DescribeVpcs",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    )
    reads = ("ec2:DescribeVpcEndpoints", "ec2:DescribeNetworkInterfaces")
    removes = ("ec2:DeleteVpcEndpoints",)
    gone_at_once = False
    converges = True
    compare = False
    temporary = True
    grants = (
        Grant("ec2:CreateVpcEndpoint", REQUEST, (ENDPOINT,)),
        Grant("ec2:CreateVpcEndpoint", RESOURCE, (GROUP,)),
        Grant("ec2:CreateVpcEndpoint", RESOURCE, NETWORK),
        Grant("ec2:CreateTags", CREATE_ACTION, (ENDPOINT,)),
        Grant("ec2:DeleteVpcEndpoints", RESOURCE, (ENDPOINT,)),
    )
    tag_type = "vpc-endpoint"
    id_path = "VpcEndpoint.VpcEndpointId"

    role: str = "buyer_test"
    service_name: str = ""
    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    expires: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return sorted(
            endpoint["VpcEndpointId"]
            for endpoint in endpoints(door, "tag:plc:item", [mark.item])
            if endpoint["State"].lower() not in LEAVING
        )

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        tags = [*mark.pairs(), {"Key": EXPIRES, "Value": self.expires}]
        made = door.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=self.vpc_id,
            ServiceName=self.service_name,
            SubnetIds=list(self.subnet_ids),
            SecurityGroupIds=list(self.group_ids),
            PrivateDnsEnabled=False,  # cannot be on while the acceptance is pending
            ClientToken=mark.token,
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": tags}],
        )
        return _seen(made["VpcEndpoint"])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found = {e["VpcEndpointId"]: e for e in endpoints(door, "vpc-endpoint-id", [aws_id for _, aws_id in wanted])}
        return [_seen(found[i]) if i in found else missing(i, "Test endpoint") for _, i in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        surface(door.ec2.delete_vpc_endpoints(VpcEndpointIds=[aws_id]), "DeleteVpcEndpoints", fine=_GONE)

    def predict(self, place: Place) -> Observation:
        values = {"vpc_id": self.vpc_id, "subnet_ids": list(self.subnet_ids), "interface_ids": [], "names": []}
        return Observation(id=self.chosen_or_new(place), values={**values, "created": ""})


def endpoints(door: RegionClients, name: str, values: Sequence[str]) -> list[Any]:
    """The account's endpoints in the door's region that one filter lets through. A filter never raises NotFound."""
    pages = door.ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=[{"Name": name, "Values": list(values)}])
    return [endpoint for page in pages for endpoint in page["VpcEndpoints"]]


def addresses(door: RegionClients, interface_ids: Sequence[str]) -> list[str]:
    """The private IPs of an endpoint's network interfaces, sorted; those that are gone are left out."""
    if not interface_ids:
        return []
    pages = door.ec2.get_paginator("describe_network_interfaces").paginate(
        Filters=[{"Name": "network-interface-id", "Values": list(interface_ids)}]
    )
    return sorted(found["PrivateIpAddress"] for page in pages for found in page["NetworkInterfaces"])


def timeline(values: Mapping[str, Any]) -> list[list[str]]:
    """[time, state] in the order in which the states were seen, creation first."""
    seen = [[str(at), key.removeprefix(_PREFIX)] for key, at in values.items() if key.startswith(_PREFIX)]
    return [[str(values.get("created", "")), "created"], *sorted(seen)]


def _seen(endpoint: Any) -> Observation:
    state = endpoint["State"]
    values = {
        "vpc_id": endpoint.get("VpcId", ""),
        "subnet_ids": endpoint.get("SubnetIds", []),
        "interface_ids": endpoint.get("NetworkInterfaceIds", []),
        "names": [entry["DnsName"] for entry in endpoint.get("DnsEntries", [])],
        "created": endpoint["CreationTimestamp"].isoformat() if endpoint.get("CreationTimestamp") else "",
        f"{_PREFIX}{state}": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }
    if state.lower() == "deleted":
        return Observation(id=endpoint["VpcEndpointId"], state=State.GONE, aws_status=state, sentence="It is deleted.")
    why = endpoint.get("LastError", {}).get("Message", "") or endpoint.get("FailureReason", "")
    return from_state(
        endpoint["VpcEndpointId"],
        state,
        ready=["available"],
        pending=["pending", "pendingacceptance", "deleting"],
        words="Test endpoint",
        why=why,
        values=values,
    )
