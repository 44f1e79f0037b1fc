"""What a seller's platform team made before anybody knew of us: all that a product needs, and things that look alike
and do not serve it. Plain boto3, as they would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from sellers.models import User
from tests import products
from tests.factories import Tenant
from tests.pages.picker import build
from tests.pages.picker.conftest import Shop
from tests.sandbox_process import SandboxProcess

REGION, PORT = "us-east-1", 8443


@dataclass(frozen=True)
class Platform:
    """What the team made: ids and ARNs. Those called `other` look alike and do not serve this product."""

    vpc: str
    subnets: list[str]
    instances: list[str]
    group: str
    balancer: str
    listener: str
    service: str
    certificate: str
    other_vpc: str
    other_subnet: str
    other_instance: str
    other_balancer: str
    other_service: str
    other_certificate: str

    def pieces(self) -> list[str]:
        """What the product is to use."""
        chosen = [self.vpc, *self.subnets, *self.instances, self.balancer, self.service, self.certificate]
        return [*chosen, self.group, self.listener]


def shop_of(world: SandboxProcess, engineer: User) -> Shop:
    """The seller's account, its roles connected: the service's and the buyer test account's."""
    seller = engineer.memberships.get().seller
    row = products.connect(world, seller, products.SELLER, "onboarding")
    products.connect(world, seller, products.BUYER, "onboarding-test")
    return Shop(world, Tenant(seller, engineer, engineer, None), row, Client())  # type: ignore[arg-type]


def platform(shop: Shop) -> Platform:
    """Everything that a product needs in two zones, and beside each piece one that cannot be used."""
    zones = build.zone_ids(shop)[:2]
    vpc, other_vpc = build.vpc(shop, name="analytics"), build.vpc(shop, "10.40.0.0/16", name="legacy")
    subnets = build.subnets(shop, vpc, zones)
    [other_subnet] = build.subnets(shop, other_vpc, zones[:1], "10.40.{}.0/24")
    inside = build.group(shop, vpc, "inside", PORT)
    instances = [build.instance(shop, subnet, inside, PORT) for subnet in subnets]
    balancer, other_balancer = build.balancer(shop, "analytics", subnets), build.balancer(shop, "reports", subnets)
    group = build.targets(shop, vpc, "analytics", PORT)
    certificate = issued(shop, [products.FRIENDLY, f"*.{products.FRIENDLY}", products.PRIVATE])
    made = shop.aws("elbv2").create_listener(
        LoadBalancerArn=balancer,
        Protocol="TLS",
        Port=443,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    for one in instances:
        build.healthy(shop, group, one)
    return Platform(
        vpc=vpc,
        subnets=subnets,
        instances=instances,
        group=group,
        balancer=balancer,
        listener=made["Listeners"][0]["ListenerArn"],
        service=build.service(shop, balancer),
        certificate=certificate,
        other_vpc=other_vpc,
        other_subnet=other_subnet,
        other_instance=build.instance(shop, other_subnet, build.group(shop, other_vpc, "old")),
        other_balancer=other_balancer,
        other_service=build.service(shop, other_balancer),
        other_certificate=issued(shop, [products.PRIVATE]),
    )


def issued(shop: Shop, names: list[str]) -> str:
    """A certificate for the names, validated in the zone of example.com as ACM asks for it."""
    acm, route53 = shop.aws("acm"), shop.aws("route53")
    asked = acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=names, ValidationMethod="DNS")
    arn = str(asked["CertificateArn"])

    def records() -> list[dict[str, Any] | None]:
        found = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
        return [option.get("ResourceRecord") for option in found]

    build.until(lambda: str(all(records())), "True")
    values = {record["Name"]: record["Value"] for record in records() if record}
    sets = [
        {"Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": value}]}
        for name, value in values.items()
    ]
    changes = [{"Action": "UPSERT", "ResourceRecordSet": each} for each in sets]
    [zone] = route53.list_hosted_zones()["HostedZones"]
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})
    build.until(lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"], "ISSUED")
    return arn
