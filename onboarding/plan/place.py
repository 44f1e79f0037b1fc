"""Where a planned thing will stand: account, region, zones there, and variables for what AWS gives later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding.aws import cli
from onboarding.plan.variables import Variables
from onboarding.things.base import Seen, Thing

# Where AWS's answer holds the id of what was made (JMESPath), of every kind whose id AWS gives.
CREATED = {
    "vpc": "Vpc.VpcId",
    "subnet": "Subnet.SubnetId",
    "security_group": "GroupId",
    "instance": "Instances[0].InstanceId",
    "load_balancer": "LoadBalancers[0].LoadBalancerArn",
    "target_group": "TargetGroups[0].TargetGroupArn",
    "listener": "Listeners[0].ListenerArn",
    "endpoint_service": "ServiceConfiguration.ServiceId",
    "certificate": "CertificateArn",
    "endpoint_group": "GroupId",
    "endpoint": "VpcEndpoint.VpcEndpointId",
}


class Everywhere(tuple[str, ...]):
    """Zones of which every one counts as a member: where an instance type is offered, only AWS says."""

    def __contains__(self, zone: object) -> bool:
        return True


@dataclass(frozen=True)
class Place:
    """Where a thing is foreseen. `zones` are (id, name) of the region; `zone_of` the zone's name of each subnet."""

    slug: str
    region: str
    account: str
    zones: Sequence[tuple[str, str]]
    names: Variables
    zone_of: dict[str, str] = field(default_factory=dict)

    def id(self, thing: Thing) -> str:
        """The id: the chosen one, or the variable for the one that will be made."""
        return thing.given or self.names.of(thing, self.slug, self.region)

    def read(self, words: str, service: str, operation: str, query: str, **params: Any) -> str:
        """The variable for a value that a call reads."""
        line = cli.command(service, operation, params, self.region, self.names.lookups, query)
        return self.names.read(words, self.region, line)


Foreseen = Callable[[Any, Place], Seen]
