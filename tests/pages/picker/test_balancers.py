"""Load balancers, target groups and endpoint services of an account: which fit, which do not, and why."""

from __future__ import annotations

from tests.pages.picker import build
from tests.pages.picker.conftest import FITS, REFUSED, WARNED, Shop, why


def test_a_load_balancer_as_the_rules_want_it_fits_and_says_what_the_run_would_change(shop: Shop) -> None:
    vpc, arn = _good(shop)

    offer = shop.offers("load_balancer", vpc=vpc, port="443", protocol="TCP")[arn]

    assert offer.verdict is FITS, why(offer)
    assert "1 of 1 targets healthy" in offer.found.facts
    assert "the run turns that off" in offer.notes[0]


def test_what_a_load_balancer_lacks_is_warned_of(shop: Shop) -> None:
    vpc = build.vpc(shop)
    zones = build.zone_ids(shop)
    arn = build.balancer(shop, "bare", build.subnets(shop, vpc, zones[:2]))

    offer = shop.offers("load_balancer", vpc=vpc, port="443")[arn]

    assert offer.verdict is WARNED
    for said in (
        f"It is not in {', '.join(zones[2:])}",
        "no security group, and none can be added later",
        "Cross-zone load balancing is off",
        "Deletion protection is off",
        "It has no listener on port 443",
    ):
        assert said in why(offer)


def test_a_load_balancer_without_a_healthy_target_is_warned_of(shop: Shop) -> None:
    vpc = build.vpc(shop)
    arn = build.balancer(shop, "idle", build.subnets(shop, vpc, build.zone_ids(shop)))
    build.listener(shop, arn, build.targets(shop, vpc, "idle"))

    assert "None of its 0 targets on port 443 is healthy now." in why(
        shop.offers("load_balancer", vpc=vpc, port="443")[arn]
    )


def test_load_balancers_of_another_type_network_service_or_protocol_are_refused(shop: Shop) -> None:
    vpc, other, zones = build.vpc(shop), build.vpc(shop), build.zone_ids(shop)
    here, there = build.subnets(shop, vpc, zones[:2]), build.subnets(shop, other, zones[:2])
    application = build.balancer(shop, "app", here, "application")
    strange = build.balancer(shop, "strange", there)
    held, udp = build.balancer(shop, "held", here), build.balancer(shop, "udp", here)
    service = build.service(shop, held)
    build.listener(shop, udp, build.targets(shop, vpc, "udp", protocol="UDP"), protocol="UDP")

    offers = shop.offers("load_balancer", vpc=vpc, port="443", protocol="TCP")

    assert "is of type application" in why(offers[application])
    assert f"is in {other}, not in {vpc}" in why(offers[strange])
    assert f"already in the endpoint service {service}" in why(offers[held])
    assert "already has a UDP listener, and the product wants TCP" in why(offers[udp])
    assert {offers[arn].verdict for arn in (application, strange, held, udp)} == {REFUSED}
    with_service = shop.offers("load_balancer", vpc=vpc, service=service)[held]
    assert with_service.usable
    assert f"The endpoint service {service} holds it" in with_service.notes[0]


def test_an_application_load_balancer_of_the_network_fits_as_a_target(shop: Shop) -> None:
    vpc, other, zones = build.vpc(shop), build.vpc(shop), build.zone_ids(shop)
    here, there = build.subnets(shop, vpc, zones[:2]), build.subnets(shop, other, zones[:2])
    good, strange = build.balancer(shop, "app", here, "application"), build.balancer(shop, "far", there, "application")
    network = build.balancer(shop, "net", here)

    offers = shop.offers("alb", vpc=vpc)

    assert offers[good].verdict is FITS
    assert f"is in {other}, not in {vpc}" in why(offers[strange])
    assert "net is of type network; the target must be an application load balancer" in why(offers[network])


def test_a_gateway_load_balancer_is_refused_and_does_not_break_the_list(shop: Shop) -> None:
    vpc = build.vpc(shop)
    subnets = build.subnets(shop, vpc, build.zone_ids(shop)[:1])
    elbv2 = shop.aws("elbv2")
    arn = elbv2.create_load_balancer(Name="gate", Type="gateway", Subnets=subnets)["LoadBalancers"][0][
        "LoadBalancerArn"
    ]

    assert "is of type gateway" in why(shop.offers("load_balancer")[arn])


def test_target_groups_are_judged_by_network_protocol_port_and_load_balancer(shop: Shop) -> None:
    vpc, other = build.vpc(shop), build.vpc(shop)
    arn = build.balancer(shop, "ours", build.subnets(shop, vpc, build.zone_ids(shop)[:2]))
    taken_by = build.balancer(shop, "theirs", build.subnets(shop, vpc, build.zone_ids(shop)[:2], "10.20.1{}.0/24"))
    good, port, proxy, taken = (
        build.targets(shop, vpc, "good"),
        build.targets(shop, vpc, "port", 9000),
        build.targets(shop, vpc, "proxy"),
        build.targets(shop, vpc, "taken"),
    )
    strange, web = build.targets(shop, other, "strange"), build.targets(shop, vpc, "web", protocol="HTTP")
    shop.aws("elbv2").modify_target_group_attributes(
        TargetGroupArn=proxy, Attributes=[{"Key": "proxy_protocol_v2.enabled", "Value": "true"}]
    )
    build.listener(shop, taken_by, taken)

    offers = shop.offers("target_group", vpc=vpc, port="8443", balancer=arn, type="instance")

    assert offers[good].verdict is FITS
    assert "Its port is 9000, and yours is 8443" in why(offers[port])
    assert "proxy protocol v2" in why(offers[proxy])
    assert {offers[each].verdict for each in (port, proxy)} == {WARNED}
    assert f"is in {other}, not in {vpc}" in why(offers[strange])
    assert "It speaks HTTP" in why(offers[web])
    assert f"It is attached to {taken_by}" in why(offers[taken])
    assert {offers[each].verdict for each in (strange, web, taken)} == {REFUSED}
    addresses = shop.offers("target_group", vpc=vpc, type="ip")[good]
    assert "takes targets of type instance, and yours are of type ip" in why(addresses)


def test_a_service_over_the_load_balancer_fits_an_open_one_is_warned_of_another_is_refused(shop: Shop) -> None:
    vpc = build.vpc(shop)
    subnets = build.subnets(shop, vpc, build.zone_ids(shop)[:2])
    first, second = build.balancer(shop, "first", subnets), build.balancer(shop, "second", subnets)
    strict, lax = build.service(shop, first), build.service(shop, second, asks=False)
    ec2 = shop.aws("ec2")
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=lax, AddAllowedPrincipals=["*"])
    ec2.modify_vpc_endpoint_service_configuration(ServiceId=lax, PrivateDnsName="old.example.com")

    unbound = shop.offers("endpoint_service", names="api.example.com")
    bound = shop.offers("endpoint_service", balancer=first)

    assert unbound[strict].verdict is FITS
    assert unbound[lax].verdict is WARNED
    for said in ("accepted without asking", "Its allow list holds *", "Its private DNS name is old.example.com"):
        assert said in why(unbound[lax])
    assert bound[strict].verdict is FITS
    assert bound[lax].verdict is REFUSED
    assert f"does not hold the load balancer {first}" in why(bound[lax])


def _good(shop: Shop) -> tuple[str, str]:
    vpc = build.vpc(shop)
    subnets = build.subnets(shop, vpc, build.zone_ids(shop))
    group = build.group(shop, vpc, "good", 443)
    inside = build.group(shop, vpc, "inside", 8443)
    arn = build.balancer(shop, "good", subnets, SecurityGroups=[group])
    build.attributes(shop, arn, cross_zone="true", protected="true")
    targets = build.targets(shop, vpc, "good")
    build.listener(shop, arn, targets)
    build.healthy(shop, targets, build.instance(shop, subnets[0], inside, 8443))
    return vpc, arn
