"""A setting of an adopted endpoint service (S19): acceptance, and further regions. The old value is kept
and put back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.things.endpoint_service import configurations, regions
from onboarding.things.grants import ENDPOINT_SERVICE, RESOURCE, Grant
from onboarding.things.setting import PreviousValue, Setting

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients

ACCEPTANCE, REGIONS = "acceptance", "supported regions"
HOME_ONLY = "home only"


@dataclass(frozen=True, kw_only=True)
class ServiceSetting(Setting):
    """`target` is the service's id; ACCEPTANCE is "true" or "false", REGIONS is a list with commas, or
    HOME_ONLY.
    """

    kind = "service_setting"
    words = "Endpoint service setting"
    makes = ("ec2:ModifyVpcEndpointServiceConfiguration",)
    reads = ("ec2:DescribeVpcEndpointServiceConfigurations",)
    removes = ("ec2:ModifyVpcEndpointServiceConfiguration",)
    grants = (Grant("ec2:ModifyVpcEndpointServiceConfiguration", RESOURCE, (ENDPOINT_SERVICE,)),)

    @classmethod
    def read(cls, door: RegionClients, target: str, name: str) -> str:
        for service in configurations(door, "service-id", [target]):
            if name == ACCEPTANCE:
                return str(service["AcceptanceRequired"]).lower()
            return ",".join(regions(service)) or HOME_ONLY
        return ""

    def put(self, door: RegionClients, value: str) -> None:
        if self.name == ACCEPTANCE:
            door.ec2.modify_vpc_endpoint_service_configuration(
                ServiceId=self.target, AcceptanceRequired=value == "true"
            )
            return
        have, want = _listed(self.read(door, self.target, self.name)), _listed(value)
        if add := sorted(want - have):
            door.ec2.modify_vpc_endpoint_service_configuration(ServiceId=self.target, AddSupportedRegions=add)
        if drop := sorted(have - want):
            door.ec2.modify_vpc_endpoint_service_configuration(ServiceId=self.target, RemoveSupportedRegions=drop)


@dataclass(frozen=True, kw_only=True)
class ServiceSettingBefore(PreviousValue):
    """The setting of an adopted endpoint service, before we changed it."""

    kind = "service_setting_before"
    words = "earlier endpoint service setting"
    reads = ("ec2:DescribeVpcEndpointServiceConfigurations",)

    def look(self, door: RegionClients) -> str:
        return ServiceSetting.read(door, self.target, self.name)


def _listed(value: str) -> set[str]:
    return set() if value in ("", HOME_ONLY) else set(value.split(","))
