"""What a look at each kind of thing will show, as far as it can be said without asking AWS: one entry for each kind.

Ids that AWS gives later are shell variables (plan.variables). What an account holds is not guessed: an earlier value is
taken to be absent, so that the plan shows the change, which a run leaves out where it finds it made already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding.aws import cli
from onboarding.plan.variables import Variables
from onboarding.things.base import Observation, Thing
from onboarding.things.discovery import UNKNOWN
from onboarding.things.setting import NOTHING
from sellers import formats

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


Foreseen = Callable[[Any, Place], Observation]


def foresee(thing: Thing, place: Place) -> Observation:
    """What a look at the thing will show when it is there. Raises KeyError for a kind that has no entry here."""
    return FORESEEN[thing.kind](thing, place)


def _zones(thing: Any, place: Place) -> Observation:
    ids, names = [i for i, _ in place.zones], [n for _, n in place.zones]
    return Observation(id=place.region, values={"ids": ids, "names": names})


def _vpc(thing: Any, place: Place) -> Observation:
    aws_id, cidr = place.id(thing), thing.cidr
    if not cidr:
        cidr = place.read("vpc cidr", "ec2", "DescribeVpcs", "Vpcs[0].CidrBlock", VpcIds=[aws_id])
    return Observation(id=aws_id, values={"cidr": cidr, "owner": place.account, "is_default": False})


def _subnet(thing: Any, place: Place) -> Observation:
    aws_id, names = place.id(thing), dict(place.zones)
    # Of a chosen subnet the zone is not known; subnets of one choice stand in zones of their own.
    zone = thing.zone_id or f"zone-of-{aws_id}"
    place.zone_of[aws_id] = names.get(zone, zone)
    values = {"vpc_id": thing.vpc_id, "zone_id": zone, "zone_name": place.zone_of[aws_id], "cidr": thing.cidr}
    return Observation(id=aws_id, values={**values, "free": 0})


def _group(thing: Any, place: Place) -> Observation:
    return Observation(id=place.id(thing), values={"vpc_id": thing.vpc_id, "name": ""})


def _image(thing: Any, place: Place) -> Observation:
    aws_id = thing.given or place.read(
        "image",
        "ec2",
        "DescribeImages",
        "sort_by(Images,&CreationDate)[-1].ImageId",
        Owners=["amazon"],
        Filters=[
            {"Name": "name", "Values": [f"al2023-ami-2023.*-{thing.architecture}"]},
            {"Name": "state", "Values": ["available"]},
        ],
    )
    return Observation(id=aws_id, values={"name": "", "architecture": thing.architecture})


def _instance(thing: Any, place: Place) -> Observation:
    zone = place.zone_of.get(thing.subnet_id, "")
    values = {"private_ip": "", "vpc_id": thing.vpc_id, "subnet_id": thing.subnet_id, "zone_name": zone}
    return Observation(id=place.id(thing), values={**values, "placeholder": thing.placeholder})


def _alb(thing: Any, place: Place) -> Observation:
    return Observation(id=thing.given, values={"type": "application", "vpc_id": thing.vpc_id, "zone_names": []})


def _balancer(thing: Any, place: Place) -> Observation:
    zones = [place.zone_of.get(subnet, "") for subnet in thing.subnet_ids] or [name for _, name in place.zones]
    values = {
        "name": "",
        "dns_name": "",
        "type": "network",
        "scheme": "internal",
        "vpc_id": thing.vpc_id,
        "zone_names": zones,
        "subnet_ids": list(thing.subnet_ids),
        "group_ids": list(thing.group_ids),
        "enforce": "",
    }
    return Observation(id=place.id(thing), values=values)


def _target_group(thing: Any, place: Place) -> Observation:
    values = {"port": thing.port, "protocol": "TCP", "vpc_id": thing.vpc_id, "target_type": thing.target_type}
    return Observation(id=place.id(thing), values={**values, "load_balancer_arns": []})


def _listener(thing: Any, place: Place) -> Observation:
    certificates = [thing.certificate_arn] if thing.certificate_arn else []
    values = {"port": thing.port, "protocol": thing.protocol, "target_group_arns": [thing.target_group_arn]}
    return Observation(id=place.id(thing), values={**values, "certificate_arns": certificates})


def _service(thing: Any, place: Place) -> Observation:
    aws_id = place.id(thing)
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
        "acceptance_required": thing.acceptance_required,
        "load_balancer_arns": [thing.load_balancer_arn],
        "gateway_arns": [],
        "supported_regions": list(thing.supported_regions),
        "private_dns_name": "",
    }
    return Observation(id=aws_id, values=values)


def _certificate(thing: Any, place: Place) -> Observation:
    """ACM names one record for each base name: the same one in every region of an account."""
    arn = f"arn:{formats.partition_of(place.region)}:acm:{place.region}:{place.account}:certificate/"
    aws_id = thing.given or arn + place.id(thing)
    bases = dict.fromkeys(name.removeprefix("*.") for name in thing.names)
    records = [_validation(thing, aws_id, base, place) for base in bases]
    values = {
        "status": "",
        "names": list(thing.names),
        "records": records,
        "not_after": "",
        "in_use_by": [],
        "failure_reason": "",
        "imported": False,
    }
    return Observation(id=aws_id, values=values)


def _validation(thing: Any, arn: str, base: str, place: Place) -> Mapping[str, Any]:
    whose = "acm" if thing.key == thing.kind else f"acm {thing.key}"
    label = _of_record(f"{whose} {base} label", "Name", "cut -d. -f1", arn, base, place)
    value = _of_record(f"{whose} {base} value", "Value", "sed 's/[.]$//'", arn, base, place)
    return {"type": "CNAME", "name": f"{label}.{base}", "values": [value], "ttl": 300}


def _of_record(words: str, part: str, cut: str, arn: str, base: str, place: Place) -> str:
    query = f"Certificate.DomainValidationOptions[?DomainName=='{base}']|[0].ResourceRecord.{part}"
    known, params = place.names.lookups, {"CertificateArn": arn}
    line = cli.command("acm", "DescribeCertificate", params, place.region, known, query)
    return place.names.read(words, "", f"{line} | {cut}")


def _zone(thing: Any, place: Place) -> Observation:
    aws_id = place.read(
        f"zone {thing.apex}", "route53", "ListHostedZonesByName", "HostedZones[0].Id", DNSName=thing.apex, MaxItems="1"
    )
    return Observation(id=aws_id, values={"zone": thing.apex, "servers": []})


def _record(thing: Any, place: Place) -> Observation:
    return Observation(id=thing.aws_id, values={"found": list(thing.values), "ttl": thing.ttl})


def _setting(thing: Any, place: Place) -> Observation:
    return Observation(id=thing.aws_id, aws_status=thing.value, values={"value": thing.value, "old": thing.old})


def _plain(thing: Any, place: Place) -> Observation:
    return Observation(id=thing.aws_id)


def _principal(thing: Any, place: Place) -> Observation:
    return Observation(id=thing.principal)


def _absent(thing: Any, place: Place) -> Observation:
    return Observation(id=NOTHING, values={"value": ""})


def _before(value: str) -> Foreseen:
    return lambda thing, place: Observation(id=value, values={"value": value})


def _discovery(thing: Any, place: Place) -> Observation:
    values = {
        "found": True,
        "code": "",
        "owner": place.account,
        "service_name": thing.service_name,
        "zone_ids": [],
        "base_names": [],
        "private_dns_name": "",
        "acceptance_required": True,
    }
    return Observation(id=thing.service_name, values=values)


def _buyer_network(thing: Any, place: Place) -> Observation:
    chosen: list[Any] = [{"Name": "vpc-id", "Values": [thing.vpc_id]}]
    asked = chosen if thing.vpc_id else [{"Name": "is-default", "Values": ["true"]}]
    vpc = thing.vpc_id or place.read("buyer vpc", "ec2", "DescribeVpcs", "Vpcs[0].VpcId", Filters=asked)
    cidr = place.read("buyer cidr", "ec2", "DescribeVpcs", "Vpcs[0].CidrBlock", Filters=asked)
    subnets = list(thing.subnet_ids) or [
        place.read(
            "buyer subnet",
            "ec2",
            "DescribeSubnets",
            "Subnets[0].SubnetId",
            Filters=[{"Name": "vpc-id", "Values": [vpc]}],
        )
    ]
    values = {"account": place.account, "vpc_id": vpc, "cidrs": [cidr], "subnet_ids": subnets}
    return Observation(id=vpc, values={**values, "zone_ids": [], "zone_names": []})


def _endpoint(thing: Any, place: Place) -> Observation:
    values = {"vpc_id": thing.vpc_id, "subnet_ids": list(thing.subnet_ids), "interface_ids": [], "names": []}
    return Observation(id=place.id(thing), values={**values, "created": ""})


FORESEEN: dict[str, Foreseen] = {
    "zones": _zones,
    "vpc": _vpc,
    "vpc_attribute": _setting,
    "vpc_attribute_before": _absent,
    "subnet": _subnet,
    "security_group": _group,
    "security_rule": _plain,
    "instance_offer": lambda thing, place: Observation(id=thing.instance_type, values={"zone_ids": Everywhere()}),
    "image": _image,
    "instance": _instance,
    "alb": _alb,
    "load_balancer": _balancer,
    "load_balancer_attribute": _setting,
    "load_balancer_attribute_before": _absent,
    "privatelink_rules": _setting,
    "privatelink_rules_before": _before("on"),
    "target_group": _target_group,
    "target": _plain,
    "target_before": _absent,
    "listener": _listener,
    "listener_before": _absent,
    "endpoint_service": _service,
    "service_setting": _setting,
    "service_setting_before": _absent,
    "principal": _principal,
    "principal_before": _absent,
    "certificate": _certificate,
    "zone": _zone,
    "record": _record,
    "record_before": lambda thing, place: Observation(id=NOTHING, values={"there": False}),
    "private_dns_name": _setting,
    "private_dns_name_before": _absent,
    "private_dns_verification": _plain,
    "trial_principal": _principal,
    "trial_principal_before": _absent,
    "refusal": _before(UNKNOWN),
    "discovery": _discovery,
    "buyer_network": _buyer_network,
    "endpoint_group": _group,
    "endpoint_rule": _plain,
    "endpoint": _endpoint,
    "connection": _plain,
}
