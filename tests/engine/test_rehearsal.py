"""The buyer connection test through the real engine: refused, allowed, connected, and nothing left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from pytest_django import Settings

from onboarding.engine import commands
from onboarding.engine.verify import verify
from onboarding.models import Evidence, Item, Resource, Run
from onboarding.permissions.policy import policy
from onboarding.steps import checklist
from sellers.models import Product
from sellers.spec_writer import spec_of
from tests import engine_driver, products
from tests.engine.actions import HOME, again, up
from tests.engine.closing_proxy import closing_proxy
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
TESTER = f"arn:aws:iam::{products.BUYER}:role/onboarding-test"
Build = Callable[..., Product]


@pytest.fixture
def build(fast: SandboxProcess) -> Build:
    """`build(region choices, **product facts)`: a product whose buyer test account is connected."""

    def made(regions: dict[str, Any] | None = None, **facts: Any) -> Product:
        data = products.spec(regions or {HOME: {}}, **facts)
        data["connections"]["buyer_test"] = TESTER
        product = products.product(fast, data)
        products.connect(fast, product.seller, products.BUYER, "onboarding-test")
        return product

    return made


def rested(product: Product, **options: Any) -> Run:
    """Provisioned to rest, evidence growing old with everything else."""
    run = commands.provision(product, None, **options).run
    engine_driver.rest()
    return Run.objects.get(pk=run.pk)


def older(seconds: float) -> None:
    """Evidence does not travel with the engine's own rows."""
    Evidence.objects.update(at=F("at") - timedelta(seconds=seconds))


def item(region: str = HOME) -> Item:
    return Item.objects.get(slug="rehearsal", region=region)


def outcomes(region: str = HOME) -> dict[str, str]:
    """Check -> newest outcome of the buyer connection test's evidence."""
    rows = Evidence.objects.filter(item__slug="rehearsal", item__region=region).order_by("id")
    return dict(rows.values_list("check_name", "outcome"))


def facts(check: str) -> dict[str, Any]:
    found: dict[str, Any] = Evidence.objects.filter(item__slug="rehearsal", check_name=check).latest("id").facts
    return found


def left(sandbox: SandboxProcess, region: str = HOME) -> list[str]:
    """What a rehearsal made and is still there, in both accounts."""
    buyer = sandbox.client("ec2", products.BUYER, region)
    found = [e["VpcEndpointId"] for e in buyer.describe_vpc_endpoints()["VpcEndpoints"] if e["State"] != "deleting"]
    groups = buyer.describe_security_groups()["SecurityGroups"]
    found += [group["GroupId"] for group in groups if group["GroupName"] != "default"]
    seller = sandbox.client("ec2", products.SELLER, region)
    for service in seller.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"]:
        listed = seller.describe_vpc_endpoint_service_permissions(ServiceId=service["ServiceId"])
        found += [e["Principal"] for e in listed["AllowedPrincipals"] if products.BUYER in e["Principal"]]
    return found


def changes(sandbox: SandboxProcess) -> list[str]:
    """Every mutating call of both roles so far."""
    roles = ("onboarding/", "onboarding-test/")
    return [c["action"] for c in sandbox.get("calls?mutating=true") if any(f"role/{r}" in c["caller"] for r in roles)]


def test_a_rehearsal_passes_and_leaves_nothing(fast: SandboxProcess, build: Build) -> None:
    run = rested(build())

    assert run.state == "done", engine_driver.picture()
    seen = outcomes()
    assert set(seen.values()) == {"pass"}
    zones = {f"connected.{HOME}{letter}" for letter in "abc"}
    assert {"refused", "found", "endpoint", "connected.regional", "verdict", "clean_up", "outcome"} <= set(seen)
    assert zones <= set(seen)
    assert facts("refused")["code"] == "InvalidServiceName"
    assert facts("found")["listed"] is True
    states = [state for _, state in facts("endpoint")["states"]]
    assert states[0] == "created"
    assert states[-1] == "available"
    assert len(facts("endpoint")["addresses"]) == 3
    assert left(fast) == []
    assert not Resource.objects.filter(item__slug="rehearsal").exclude(state="gone").exists()


def test_a_tls_listener_is_tried_under_the_private_name(fast: SandboxProcess, build: Build) -> None:
    fast.client("route53", products.SELLER).create_hosted_zone(Name="example.com", CallerReference="1")
    fast.post("advance", {"seconds": 300})
    listener = {"protocol": "TLS", "port": 443, "target_port": 8443}

    run = rested(build(private_dns_name="api.example.com", listener=listener))

    assert run.state == "done", engine_driver.picture()
    assert set(outcomes().values()) == {"pass"}
    assert facts("connected.regional")["server_name"] == "api.example.com"
    assert facts("connected.regional")["names"] == ["api.example.com"]
    assert left(fast) == []


def test_a_second_run_uses_the_evidence_and_makes_no_mutating_call(fast: SandboxProcess, build: Build) -> None:
    product = build()
    rested(product)
    before = changes(fast)
    assert "CreateVpcEndpoint" in before

    assert rested(product).state == "done", engine_driver.picture()

    assert changes(fast) == before
    assert "Tested on" in item().message


def test_evidence_of_eight_days_ago_is_rehearsed_anew(fast: SandboxProcess, build: Build) -> None:
    product = build()
    rested(product)
    older(8 * 86_400)
    before = changes(fast)

    assert rested(product).state == "done", engine_driver.picture()

    assert changes(fast)[len(before) :].count("CreateVpcEndpoint") == 1
    assert left(fast) == []


def test_regions_are_rehearsed_each_with_its_own_endpoint(fast: SandboxProcess, build: Build) -> None:
    run = rested(build({HOME: {}, "us-west-1": {}}))

    assert run.state == "done", engine_driver.picture()
    for region in (HOME, "us-west-1"):
        assert outcomes(region)["verdict"] == "pass"
        assert left(fast, region) == []


def test_a_closed_way_fails_after_its_patience_with_everything_taken_away(
    fast: SandboxProcess, build: Build, settings: Settings
) -> None:
    with closing_proxy(settings.PROBE_PROXY) as proxy:
        settings.PROBE_PROXY = proxy.url

        rested(build())

        assert item().state == "failed"
        assert "cannot be reached" in item().message
        seen = outcomes()
        assert (seen["refused"], seen["endpoint"], seen["connected.regional"]) == ("pass", "pass", "fail")
        assert (seen["verdict"], seen["clean_up"]) == ("fail", "pass")
        assert left(fast) == []

        proxy.closed = None
        mended = again("rehearsal")

        assert mended.state == "done", engine_driver.picture()
        assert outcomes()["refused"] == "pass"
        assert changes(fast).count("CreateVpcEndpoint") == 2
        assert left(fast) == []


def test_an_endpoint_that_answers_late_is_waited_for(fast: SandboxProcess, build: Build, settings: Settings) -> None:
    with closing_proxy(settings.PROBE_PROXY) as proxy:
        settings.PROBE_PROXY = proxy.url

        def told(_seconds: float) -> None:
            if Evidence.objects.filter(check_name="connected.regional", outcome="warn").exists():
                proxy.closed = None

        product = build()
        commands.provision(product, None)
        engine_driver.rest(told=told)

    assert item().state == "done", engine_driver.picture()
    assert outcomes()["connected.regional"] == "pass"
    assert changes(fast).count("CreateVpcEndpoint") == 1


def test_a_refused_endpoint_leaves_nothing_behind(fast: SandboxProcess, build: Build) -> None:
    fault = {"action": "CreateVpcEndpoint", "code": "VpcEndpointLimitExceeded", "status": 400, "times": None}
    fast.post("faults", fault)

    rested(build())

    assert item().state == "failed"
    assert left(fast) == []


def test_a_list_for_everybody_cannot_show_the_refusal(fast: SandboxProcess, build: Build) -> None:
    product = build()
    up(product, until="buyers")
    seller = fast.client("ec2", products.SELLER, HOME)
    service = Resource.objects.get(kind="endpoint_service").aws_id
    seller.modify_vpc_endpoint_service_permissions(ServiceId=service, AddAllowedPrincipals=["*"])

    run = rested(product)

    assert run.state == "done", engine_driver.picture()
    assert (outcomes()["refused"], outcomes()["verdict"], outcomes()["outcome"]) == ("warn", "warn", "warn")
    assert "holds *" in item().message
    assert left(fast) == []


def test_an_entry_of_the_test_account_that_was_there_stays(fast: SandboxProcess, build: Build) -> None:
    product = build()
    up(product, until="buyers")
    seller = fast.client("ec2", products.SELLER, HOME)
    service, root = Resource.objects.get(kind="endpoint_service").aws_id, f"arn:aws:iam::{products.BUYER}:root"
    seller.modify_vpc_endpoint_service_permissions(ServiceId=service, AddAllowedPrincipals=[root])

    run = rested(product)

    assert run.state == "done", engine_driver.picture()
    assert outcomes()["refused"] == "warn"
    assert "was on the allow list already" in item().message
    assert left(fast) == [root]


def test_without_a_default_vpc_it_asks_for_one(fast: SandboxProcess, build: Build) -> None:
    buyer = fast.client("ec2", products.BUYER, HOME)
    for vpc in buyer.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]:
        subnets = buyer.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
        for subnet in subnets:
            buyer.delete_subnet(SubnetId=subnet["SubnetId"])
        for gateway in buyer.describe_internet_gateways()["InternetGateways"]:
            buyer.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc["VpcId"])
        buyer.delete_vpc(VpcId=vpc["VpcId"])

    rested(build())

    assert item().state == "failed"
    assert "has no default VPC in eu-west-1. Set vpc_id and subnet_ids for the test in this Region." in item().message
    assert left(fast) == []


def test_without_a_probe_proxy_a_person_tries_the_endpoint(
    fast: SandboxProcess, build: Build, settings: Settings
) -> None:
    product = build()
    up(product, until="reach")
    settings.PROBE_PROXY = ""
    rested(product)
    for asked in Item.objects.filter(slug="reach"):
        commands.answer(asked, None, {"attest": "nc connects"})
    engine_driver.rest()
    assert (item().state, item().waiting_for) == ("waiting", "you")
    assert "try vpce-" in item().message
    assert [one for one in left(fast) if one.startswith("vpce-")]

    commands.answer(item(), None, {"attest": "nc connects from an instance"})
    engine_driver.rest()

    assert item().state == "done", engine_driver.picture()
    assert outcomes()["verdict"] == "attested"
    assert left(fast) == []


def test_a_cancelled_rehearsal_is_taken_away_and_the_next_run_rehearses(fast: SandboxProcess, build: Build) -> None:
    product = build()
    commands.provision(product, None)
    fast.post("settings", {"endpoint_seconds": 100_000})

    def told(seconds: float) -> None:
        if Resource.objects.filter(kind="connection", state="exists").exists():
            commands.cancel(Run.objects.get(product=product, state="open"), None)
            fast.post("settings", {"endpoint_seconds": 60})

    with suppress(Run.DoesNotExist):
        engine_driver.rest(told=told)
    engine_driver.rest()
    assert item().state == "cancelled"
    assert left(fast) == []

    assert rested(product).state == "done", engine_driver.picture()
    assert outcomes()["refused"] == "pass"
    assert left(fast) == []


def test_the_generated_policies_of_both_roles_are_enough(fast: SandboxProcess, build: Build) -> None:
    product = build()
    for account, name, role in (
        (products.SELLER, "onboarding", "service"),
        (products.BUYER, "onboarding-test", "buyer_test"),
    ):
        document = policy(checklist(), spec_of(product), owner=str(product.seller_id), role=role)
        products.connect(fast, product.seller, account, name, document)

    run = rested(product)

    assert run.state == "done", engine_driver.picture()
    assert left(fast) == []


def test_a_verification_looks_and_changes_nothing(fast: SandboxProcess, build: Build) -> None:
    product = build()
    rested(product)
    before = changes(fast)

    run = commands.verify(product, None)
    verify(run.pk)

    assert changes(fast) == before
    assert outcomes()["outcome"] == "pass"
    assert not Evidence.objects.filter(run_id=run.pk, outcome="fail").exists()
