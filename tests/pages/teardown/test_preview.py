"""The teardown's preview: only what we made, the last first; what was there before stays and says why."""

from __future__ import annotations

from typing import Any

from onboarding.models import Resource
from onboarding.pages.teardown.preview import takedown
from tests import factories
from tests.factories import Tenant


def thing(tenant: Tenant, slug: str, region: str, kind: str, **fields: Any) -> Resource:
    row = {"aws_id": f"{kind}-0abc1234", "state": "exists", "account": "111111111111", "logical_key": kind, **fields}
    item = factories.item(tenant.product, slug, region)
    return Resource.objects.create(
        seller=tenant.seller, product=tenant.product, item=item, kind=kind, region=region, **row
    )


def filled(tenant: Tenant) -> None:
    factories.started(tenant.product)
    thing(tenant, "network", "us-east-1", "vpc")
    thing(tenant, "network", "us-east-1", "subnet", batch=1)
    thing(tenant, "network", "us-east-1", "zones", managed=False)
    thing(tenant, "network", "us-east-1", "security_group", batch=2, state="gone")
    thing(tenant, "load_balancer", "us-east-1", "load_balancer")
    thing(tenant, "targets", "us-east-1", "instance", aws_id="", state="intended", create_attempts=1)
    thing(tenant, "listener", "us-east-1", "target_group", aws_id="", state="intended")
    thing(tenant, "network", "eu-west-1", "vpc", aws_id="vpc-0given12", managed=False, state="adopted")
    thing(
        tenant,
        "network",
        "eu-west-1",
        "vpc_attribute",
        aws_id="vpc-0given12/dns",
        params={"old": "false", "value": "true"},
    )
    thing(tenant, "network", "us-east-1", "vpc_attribute", aws_id="vpc-0abc1234/dns", params={"value": "true"})


def shown(tenant: Tenant, region: str = "") -> list[tuple[str, list[str]]]:
    return [(group.title, [goes.aws_id for goes in group.things]) for group in takedown(tenant.product, region).goes]


def test_what_stands_highest_goes_first_and_the_last_made_before_the_first(own: Tenant) -> None:
    filled(own)
    assert shown(own, "us-east-1") == [
        ("Load balancer in us-east-1", ["load_balancer-0abc1234"]),
        ("Targets in us-east-1", ["looked for first"]),
        ("Network in us-east-1", ["subnet-0abc1234", "vpc-0abc1234"]),
    ]


def test_adopted_things_stay_and_their_settings_are_put_back(own: Tenant) -> None:
    filled(own)
    board = takedown(own.product, "eu-west-1")
    assert [(stays.aws_id, "existed before" in stays.why) for stays in board.stays] == [("vpc-0given12", True)]
    assert [(goes.aws_id, goes.back) for group in board.goes for goes in group.things] == [
        ("vpc-0given12/dns", "false")
    ]
    assert board.count == 0, "a setting that is put back is not deleted"


def test_the_whole_product_is_all_its_regions(own: Tenant) -> None:
    filled(own)
    board = takedown(own.product)
    assert board.regions == ["eu-west-1", "us-east-1"]
    assert board.count == 4
    assert takedown(own.product, "nowhere").goes == []


def test_records_go_from_a_zone_that_stays_and_entries_go_with_their_service(own: Tenant) -> None:
    factories.started(own.product)
    record = {"zone_id": "Z0EXAMPLE", "type": "CNAME", "name": "_a.api.example.com", "values": ["_b.acm.aws"]}
    aws_id = "Z0EXAMPLE/CNAME/_a.api.example.com"
    thing(own, "network", "us-east-1", "record", aws_id=aws_id, params=record)
    thing(own, "network", "us-east-1", "zone", aws_id="Z0EXAMPLE", managed=False)
    thing(own, "endpoint_service", "us-east-1", "endpoint_service", aws_id="vpce-svc-0ours12")
    for service in ("vpce-svc-0ours12", "vpce-svc-0given1"):
        entry = {"service_id": service, "principal": "arn:aws:iam::222222222222:root"}
        thing(
            own, "buyers", "us-east-1", "principal", aws_id=f"{service}/222222222222", params=entry, logical_key=service
        )
    board = takedown(own.product)
    assert {goes.aws_id for group in board.goes for goes in group.things} == {
        aws_id,
        "vpce-svc-0ours12",
        "vpce-svc-0given1/222222222222",
    }
    assert board.count == 3
    assert [stays.aws_id for stays in board.stays] == []
