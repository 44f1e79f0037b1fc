"""What the tests of certificates and DNS records share: a zone, its records, and steps driven alone."""

from __future__ import annotations

from onboarding.aws.gate import passing
from onboarding.steps import by_slug
from tests.contract.driver import Driver
from tests.contract.world import World

HOME = "us-east-1"
SELLER, OTHER = "111111111111", "555555555555"
FRIENDLY, PRIVATE = "api.vpce.example.com", "api.example.com"
NAMES = {
    "profile": "both",
    "friendly_dns_name": FRIENDLY,
    "private_dns_name": PRIVATE,
    "marketplace_product_id": "prod-abc123def4567",
}
STEPS = ("access", "certificate_request", "validation", "certificate")


def hosted(world: World, account: str = SELLER, name: str = "example.com") -> str:
    """A public hosted zone; the first one of a name is the live one."""
    made = world.process.client("route53", account).create_hosted_zone(Name=name, CallerReference=f"{account}{name}")
    world.later(100)
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def standing(world: World, zone_id: str, kind: str, account: str = SELLER) -> dict[str, list[str]]:
    """name -> values of the zone's records of a type."""
    found = world.process.client("route53", account).list_resource_record_sets(HostedZoneId=zone_id)
    return {
        one["Name"]: [record["Value"] for record in one["ResourceRecords"]]
        for one in found["ResourceRecordSets"]
        if one["Type"] == kind
    }


def walk(driver: Driver, *slugs: str) -> None:
    """These steps alone, in order."""
    with passing(driver.gate):
        for slug in slugs or STEPS:
            step = by_slug()[slug]
            driver.step(step, HOME if step.scope == "region" else "")
