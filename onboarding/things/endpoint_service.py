"""An endpoint service over the load balancer (S19, S41). botocore adds no client token here, so the mark's
is always sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing
from onboarding.things.grants import CREATE_ACTION, ENDPOINT_SERVICE, NONE, REQUEST, RESOURCE, Grant
from onboarding.things.terraform import Block
from onboarding.things.unsuccessful import surface

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer
    from onboarding.things.variables import Variables

_LEAVING = ("deleting", "deleted")
_GONE = ("InvalidVpcEndpointServiceId.NotFound", "InvalidVpcEndpointService.NotFound")


@dataclass(frozen=True, kw_only=True)
class EndpointService(Thing):
    """Holds `load_balancer_arn`; `supported_regions` are further regions of buyers, the home region left
    out.

    Values: name (com.amazonaws.vpce....), zone_ids, zone_names, acceptance_required, load_balancer_arns,
    supported_regions, private_dns_name.
    """

    kind = "endpoint_service"
    words = "endpoint service"
    idempotency = Idempotency.TOKEN
    makes = (
        "ec2:CreateVpcEndpointServiceConfiguration",
        "ec2:CreateTags",
        "elasticloadbalancing:DescribeLoadBalancers",
    )
    reads = ("ec2:DescribeVpcEndpointServiceConfigurations",)
    removes = ("ec2:DeleteVpcEndpointServiceConfigurations",)
    gone_at_once = False
    grants = (
        Grant("ec2:CreateVpcEndpointServiceConfiguration", REQUEST, (ENDPOINT_SERVICE,)),
        Grant("ec2:CreateTags", CREATE_ACTION, (ENDPOINT_SERVICE,)),
        Grant("ec2:DeleteVpcEndpointServiceConfigurations", RESOURCE, (ENDPOINT_SERVICE,)),
        Grant("vpce:AllowMultiRegion", NONE, (ENDPOINT_SERVICE,)),
    )
    tag_type = "vpc-endpoint-service"
    id_path = "ServiceConfiguration.ServiceId"
    terraform_type = "aws_vpc_endpoint_service"
    terraform_id = "id"

    load_balancer_arn: str = ""
    acceptance_required: bool = True
    supported_regions: tuple[str, ...] = ()

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return sorted(
            service["ServiceId"]
            for service in configurations(door, "tag:plc:item", [mark.item])
            if service["ServiceState"].lower() not in _LEAVING
        )

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        more: dict[str, Any] = {"SupportedRegions": list(self.supported_regions)} if self.supported_regions else {}
        made = door.ec2.create_vpc_endpoint_service_configuration(
            NetworkLoadBalancerArns=[self.load_balancer_arn],
            AcceptanceRequired=self.acceptance_required,
            ClientToken=mark.token,
            TagSpecifications=mark.ec2("vpc-endpoint-service"),
            **more,
        )
        return _seen(made["ServiceConfiguration"])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found = {s["ServiceId"]: s for s in configurations(door, "service-id", [aws_id for _, aws_id in wanted])}
        return [_seen(found[i]) if i in found else missing(i, "Endpoint service") for _, i in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        # Looked at first: a policy that asks for our tag refuses the deletion of a service that is gone already.
        found = configurations(door, "service-id", [aws_id])
        if not any(service["ServiceState"].lower() not in _LEAVING for service in found):
            return
        answer = door.ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[aws_id])
        surface(answer, "DeleteVpcEndpointServiceConfigurations", fine=_GONE)

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield seen.sentence
            return
        if self.load_balancer_arn not in seen.values["load_balancer_arns"]:
            yield (
                f"Endpoint service {seen.id} does not hold the load balancer {self.load_balancer_arn}. "
                "Choose the load balancer that it holds, or add this one to it."
            )
        if seen.values["gateway_arns"]:
            yield (
                f"Endpoint service {seen.id} holds a gateway load balancer, and buyers' interface "
                "endpoints need a network one."
            )

    def predict(self, place: Place) -> Observation:
        aws_id = self.chosen_or_new(place)
        name = place.read(
            "service name",
            "ec2",
            "DescribeVpcEndpointServiceConfigurations",
            "ServiceConfigurations[0].ServiceName",
            ServiceIds=[aws_id],
        )
        values = {
            "name": name,
            "zone_ids": [zone for zone, _ in place.zones],
            "zone_names": [n for _, n in place.zones],
            "acceptance_required": self.acceptance_required,
            "load_balancer_arns": [self.load_balancer_arn],
            "gateway_arns": [],
            "supported_regions": list(self.supported_regions),
            "private_dns_name": "",
        }
        return Observation(id=aws_id, values=values)

    def terraform(self, plan: Writer) -> list[Block]:
        named = (one.value for one in plan.things("private_dns_name") if one.target == plan.id)
        body = {
            "network_load_balancer_arns": plan.ref([self.load_balancer_arn]),
            "acceptance_required": self.acceptance_required,
            "supported_regions": list(self.supported_regions) or None,
            "private_dns_name": next(named, None),
            "tags": plan.tags,
        }
        return [Block(body)]

    def terraform_values(self, address: str, names: Variables, region: str) -> dict[str, str]:
        proof = f"{address}.private_dns_name_configuration[0]"
        parts = (("txt label", "name"), ("txt value", "value"))
        return {names.named(words, region): f"{proof}.{part}" for words, part in parts}


def configurations(door: RegionClients, name: str = "", values: Sequence[str] = ()) -> list[Any]:
    """The account's endpoint services in the door's region, filtered by one name if given. A filter never
    raises NotFound.
    """
    filters: list[Any] = [{"Name": name, "Values": list(values)}] if name else []
    pages = door.ec2.get_paginator("describe_vpc_endpoint_service_configurations").paginate(Filters=filters)
    return [service for page in pages for service in page["ServiceConfigurations"]]


def _seen(service: Any) -> Observation:
    state = service["ServiceState"]
    values = {
        "name": service["ServiceName"],
        "zone_ids": sorted(service.get("AvailabilityZoneIds", [])),
        "zone_names": sorted(service.get("AvailabilityZones", [])),
        "acceptance_required": service.get("AcceptanceRequired", False),
        "load_balancer_arns": service.get("NetworkLoadBalancerArns", []),
        "gateway_arns": service.get("GatewayLoadBalancerArns", []),
        "supported_regions": regions(service),
        "private_dns_name": service.get("PrivateDnsName", ""),
    }
    if state.lower() == "deleted":
        return Observation(id=service["ServiceId"], state=State.GONE, aws_status=state, values=values)
    return from_state(
        service["ServiceId"],
        state,
        ready=["available"],
        pending=["pending", "deleting"],
        words="Endpoint service",
        values=values,
        warnings=()
        if values["acceptance_required"]
        else ("Connections are accepted without asking: the allow list alone decides who gets in.",),
    )


def regions(service: Any) -> list[str]:
    """The further regions that a service is offered in, without those being closed."""
    home = service["ServiceName"].split(".vpce.")[-1].split(".")[0]
    open_in = ("available", "pending")
    found = service.get("SupportedRegions", [])
    return sorted(
        r["Region"] for r in found if r.get("ServiceState", "Available").lower() in open_in and r["Region"] != home
    )
