"""One thing of each kind, ready to be made: its prerequisites are built through things themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.things.alb import Alb
from onboarding.things.base import Observation, State, Thing
from onboarding.things.buyer_network import BuyerNetwork
from onboarding.things.certificate import Certificate
from onboarding.things.connection import Connection
from onboarding.things.discovery import Discovery, Refusal
from onboarding.things.endpoint import Endpoint
from onboarding.things.endpoint_group import EndpointGroup, EndpointRule
from onboarding.things.endpoint_service import EndpointService
from onboarding.things.image import Image
from onboarding.things.instance import Instance
from onboarding.things.instance_offer import InstanceOffer
from onboarding.things.listener import Listener, ListenerBefore
from onboarding.things.load_balancer import NetworkLoadBalancer
from onboarding.things.load_balancer_attribute import CROSS_ZONE, LoadBalancerAttribute, LoadBalancerAttributeBefore
from onboarding.things.principal import Principal, PrincipalBefore
from onboarding.things.private_dns_name import NAME, PrivateDnsName, PrivateDnsNameBefore
from onboarding.things.private_dns_verification import PrivateDnsVerification
from onboarding.things.privatelink_rules import PrivateLinkRules, PrivateLinkRulesBefore
from onboarding.things.record import Record
from onboarding.things.record_before import RecordBefore
from onboarding.things.responder import user_data
from onboarding.things.security_group import SecurityGroup
from onboarding.things.security_rule import SecurityRule
from onboarding.things.service_setting import ACCEPTANCE, ServiceSetting, ServiceSettingBefore
from onboarding.things.subnet import Subnet
from onboarding.things.target import Target, TargetBefore
from onboarding.things.target_group import TargetGroup
from onboarding.things.trial_principal import TrialPrincipal, TrialPrincipalBefore
from onboarding.things.vpc import Vpc
from onboarding.things.vpc_attribute import HOSTNAMES, VpcAttribute, VpcAttributeBefore
from onboarding.things.zone import Zone
from onboarding.things.zones import Zones
from tests.contract.driver import mark_for

BUYER = "arn:aws:iam::333333333333:root"
TRIES = 60


@dataclass
class Bench:
    """Where a thing is tried. `stand` makes a prerequisite once and gives what was seen of it when it was ready."""

    door: RegionClients
    later: Callable[[float], None]
    product: str = field(default_factory=lambda: str(uuid.uuid4()))
    stood: dict[str, Observation] = field(default_factory=dict)

    def mark(self, thing: Thing, key: str = "") -> Any:
        """The thing's mark, as the engine makes it."""
        return mark_for(f"{self.product}/{self.door.region}/test/{thing.kind}-{key or thing.key}/g1", thing.kind)

    def stand(self, thing: Thing) -> Observation:
        """Make it, wait until it is ready."""
        name = f"{thing.kind}/{thing.key}"
        if name not in self.stood:
            made = thing.make(self.door, self.mark(thing))
            self.stood[name] = self.wait(thing, made.id, State.READY)
        return self.stood[name]

    def wait(self, thing: Thing, aws_id: str, state: State) -> Observation:
        """Look until the state is there, while time passes."""
        for _ in range(TRIES):
            seen = type(thing).check(self.door, [(thing, aws_id)])[0]
            if seen.state is state:
                return seen
            self.later(10)
        raise AssertionError(f"{thing.kind} {aws_id} is {seen.state}, not {state}: {seen.sentence}")

    @property
    def vpc_id(self) -> str:
        return self.stand(Vpc(key="vpc", cidr="10.20.0.0/16")).id

    @property
    def subnet_id(self) -> str:
        zone = self.stand(Zones(key="zones")).values["ids"][0]
        return self.stand(Subnet(key="subnet", vpc_id=self.vpc_id, cidr="10.20.0.0/20", zone_id=zone)).id

    @property
    def group_id(self) -> str:
        return self.stand(SecurityGroup(key="group", vpc_id=self.vpc_id, description="Test")).id

    @property
    def instance_id(self) -> str:
        return self.stand(instance(self)).id

    @property
    def balancer_arn(self) -> str:
        return self.stand(balancer(self)).id

    @property
    def target_group_arn(self) -> str:
        return self.stand(target_group(self)).id

    @property
    def service_id(self) -> str:
        return self.stand(service(self)).id


def instance(bench: Bench) -> Instance:
    """An instance with the placeholder."""
    return Instance(
        key="instance",
        image_id=bench.stand(Image(key="image")).id,
        instance_type="t3.micro",
        subnet_id=bench.subnet_id,
        group_ids=(bench.group_id,),
        user_data=user_data(8443, tls=False),
        placeholder=True,
    )


def balancer(bench: Bench) -> NetworkLoadBalancer:
    """A load balancer in one subnet."""
    return NetworkLoadBalancer(key="nlb", subnet_ids=(bench.subnet_id,), group_ids=(bench.group_id,))


def target_group(bench: Bench) -> TargetGroup:
    """A target group that asks over HTTP."""
    return TargetGroup(key="tg", vpc_id=bench.vpc_id, port=8443, health_protocol="HTTP", health_path="/health")


def service(bench: Bench) -> EndpointService:
    """An endpoint service that asks before it accepts."""
    return EndpointService(key="service", load_balancer_arn=bench.balancer_arn, acceptance_required=True)


def _alb(bench: Bench) -> Alb:
    made = bench.door.elbv2.create_load_balancer(
        Name="test-alb", Type="application", Scheme="internal", Subnets=_two_subnets(bench)
    )
    bench.later(300)
    return Alb(key="alb", given=made["LoadBalancers"][0]["LoadBalancerArn"], vpc_id=bench.vpc_id)


def _two_subnets(bench: Bench) -> list[str]:
    zone = bench.stand(Zones(key="zones")).values["ids"][1]
    other = Subnet(key="other", vpc_id=bench.vpc_id, cidr="10.20.16.0/20", zone_id=zone)
    return [bench.subnet_id, bench.stand(other).id]


def _listener(bench: Bench) -> Listener:
    return Listener(
        key="listener",
        load_balancer_arn=bench.balancer_arn,
        port=443,
        protocol="TCP",
        target_group_arn=bench.target_group_arn,
    )


def _target(bench: Bench) -> Target:
    return Target(key="i", target_group_arn=bench.target_group_arn, target_id=bench.instance_id, port=8443)


def _endpoint(bench: Bench, key: str = "endpoint", acceptance: bool = False) -> Endpoint:
    """An endpoint of the owner's own account, which AWS allows too; it needs no acceptance unless told so."""
    made = EndpointService(key="service", load_balancer_arn=bench.balancer_arn, acceptance_required=acceptance)
    return Endpoint(
        key=key,
        service_name=bench.stand(made).values["name"],
        vpc_id=bench.vpc_id,
        subnet_ids=(bench.subnet_id,),
        group_ids=(bench.group_id,),
        expires="2030-01-01",
    )


def _connection(bench: Bench) -> Connection:
    waiting = _endpoint(bench, "waiting", acceptance=True)
    made = waiting.make(bench.door, bench.mark(waiting))
    return Connection(key="connection", service_id=bench.service_id, endpoint_id=made.id, owner=bench.door.account)


def _buyer_network(bench: Bench) -> BuyerNetwork:
    zone = bench.stand(Zones(key="zones")).values["ids"][0]
    return BuyerNetwork(key="network", vpc_id=bench.vpc_id, subnet_ids=(bench.subnet_id,), zone_ids=(zone,))


def _zone(bench: Bench) -> Zone:
    """A zone of the account; the world is told that its name servers are the live ones."""
    made = bench.door.route53.create_hosted_zone(Name="example.com.", CallerReference=bench.product)
    servers = tuple(sorted(host.rstrip(".") for host in made["DelegationSet"]["NameServers"]))
    return Zone(key="zone", name="_x.api.example.com", apex="example.com", servers=servers)


def _record(bench: Bench) -> Record:
    """A proof of a private name, with letters that need their quotes."""
    zone_id = bench.stand(_zone(bench)).id
    return Record(key="txt", zone_id=zone_id, type="TXT", name="_l.api.example.com", values=('vpce:"aB\\\\c',))


def _record_before(bench: Bench) -> RecordBefore:
    record = _record(bench)
    return RecordBefore(key="txt", zone_id=record.zone_id, type="TXT", name=record.name, values=record.values)


def _private_name(bench: Bench) -> PrivateDnsName:
    return PrivateDnsName(key=NAME, target=bench.service_id, value="api.example.com", old="none")


def _verification(bench: Bench) -> PrivateDnsVerification:
    bench.stand(_private_name(bench))
    return PrivateDnsVerification(key="verification", service_id=bench.service_id, name="api.example.com")


FACTORIES: dict[str, Callable[[Bench], Thing]] = {
    "vpc": lambda b: Vpc(key="new", cidr="10.30.0.0/16"),
    "vpc_attribute": lambda b: VpcAttribute(key=HOSTNAMES, target=b.vpc_id, name=HOSTNAMES, value="true", old="false"),
    "vpc_attribute_before": lambda b: VpcAttributeBefore(key=HOSTNAMES, target=b.vpc_id, name=HOSTNAMES),
    "zones": lambda b: Zones(key="zones"),
    "subnet": lambda b: Subnet(
        key="new", vpc_id=b.vpc_id, cidr="10.20.32.0/20", zone_id=b.stand(Zones(key="zones")).values["ids"][0]
    ),
    "security_group": lambda b: SecurityGroup(key="new", vpc_id=b.vpc_id, description="A test group"),
    "security_rule": lambda b: SecurityRule(
        key="in", group_id=b.group_id, from_port=443, to_port=443, cidr="10.20.0.0/16"
    ),
    "image": lambda b: Image(key="image"),
    "instance_offer": lambda b: InstanceOffer(key="t3.micro", instance_type="t3.micro"),
    "instance": instance,
    "load_balancer": balancer,
    "load_balancer_attribute": lambda b: LoadBalancerAttribute(
        key=CROSS_ZONE, target=b.balancer_arn, name=CROSS_ZONE, value="true", old="false"
    ),
    "load_balancer_attribute_before": lambda b: LoadBalancerAttributeBefore(
        key=CROSS_ZONE, target=b.balancer_arn, name=CROSS_ZONE
    ),
    "privatelink_rules": lambda b: PrivateLinkRules(
        key="rules", target=b.balancer_arn, value="off", old="on", group_ids=(b.group_id,)
    ),
    "privatelink_rules_before": lambda b: PrivateLinkRulesBefore(key="rules", target=b.balancer_arn),
    "alb": _alb,
    "target_group": target_group,
    "target": _target,
    "target_before": lambda b: TargetBefore(key="i", target=b.target_group_arn, name=f"{b.instance_id}:8443"),
    "listener": _listener,
    "listener_before": lambda b: ListenerBefore(key="listener", target=b.balancer_arn, name="443"),
    "endpoint_service": service,
    "service_setting": lambda b: ServiceSetting(
        key=ACCEPTANCE, target=b.service_id, name=ACCEPTANCE, value="false", old="true"
    ),
    "service_setting_before": lambda b: ServiceSettingBefore(key=ACCEPTANCE, target=b.service_id, name=ACCEPTANCE),
    "principal": lambda b: Principal(key=BUYER, service_id=b.service_id, principal=BUYER),
    "principal_before": lambda b: PrincipalBefore(key=BUYER, target=b.service_id, name=BUYER),
    "certificate": lambda b: Certificate(key="certificate", names=("api.vpce.example.com", "*.api.vpce.example.com")),
    "zone": _zone,
    "record": _record,
    "record_before": _record_before,
    "private_dns_name": _private_name,
    "private_dns_name_before": lambda b: PrivateDnsNameBefore(key=NAME, target=b.service_id),
    "private_dns_verification": _verification,
    "trial_principal": lambda b: TrialPrincipal(key=BUYER, service_id=b.service_id, principal=BUYER),
    "trial_principal_before": lambda b: TrialPrincipalBefore(key=BUYER, target=b.service_id, name=BUYER),
    "refusal": lambda b: Refusal(key="refusal", target="com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"),
    "discovery": lambda b: Discovery(key="found", service_name=b.stand(service(b)).values["name"]),
    "buyer_network": _buyer_network,
    "endpoint_group": lambda b: EndpointGroup(key="new", vpc_id=b.vpc_id, description="A test endpoint's group"),
    "endpoint_rule": lambda b: EndpointRule(
        key="in", group_id=b.group_id, from_port=443, to_port=443, cidr="10.20.0.0/16"
    ),
    "endpoint": _endpoint,
    "connection": _connection,
}
