"""Going live: Seller Operations confirm, then the buyer connection test runs again in every Region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pytest_django import Settings

from onboarding.engine import commands
from onboarding.engine.signals import Blocked
from onboarding.models import Evidence, Item, Resource
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, again, up
from tests.engine.closing_proxy import closing_proxy
from tests.engine.test_rehearsal import TESTER, changes, left
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
FRIENDLY = "api.vpce.example.com"
NAMES = {"profile": "marketplace", "friendly_dns_name": FRIENDLY, "marketplace_product_id": "prod-abcdefghijkl2"}
OTHERS = ("certificate_request", "validation", "certificate", "name_servers", "delegation", "submission")
REGIONS = (HOME, "us-west-1")


def waiting(
    sandbox: SandboxProcess,
    tester: bool = True,
    regions: Sequence[str] = REGIONS,
    others: Sequence[str] = OTHERS,
    **names: Any,
) -> Product:
    """A product that waits for Seller Operations; what is not of this test is skipped."""
    data = products.spec({region: {} for region in regions}, **NAMES, **names)
    if tester:
        data["connections"]["buyer_test"] = TESTER
    product = products.product(sandbox, data)
    products.connect(sandbox, product.seller, products.BUYER, "onboarding-test")
    commands.provision(product, None)
    for item in Item.objects.filter(slug__in=others):
        commands.skip(item, None, "Not of this test.")
    engine_driver.rest()
    return product


def zone_of_the_seller(sandbox: SandboxProcess) -> str:
    """The hosted zone example.com, made if there is none."""
    route53 = sandbox.client("route53", products.SELLER)
    held = route53.list_hosted_zones()["HostedZones"]
    made = held[0] if held else route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]
    sandbox.post("advance", {"seconds": 300})
    return str(made["Id"])


def override(sandbox: SandboxProcess) -> None:
    """The friendly name is delegated to Marketplace, and takes the place of the services' own names."""
    servers = sandbox.post("marketplace_zone", {"name": FRIENDLY})["servers"]
    route53 = sandbox.client("route53", products.SELLER)
    zone = zone_of_the_seller(sandbox)
    wanted = {"Name": FRIENDLY, "Type": "NS", "TTL": 60, "ResourceRecords": [{"Value": one} for one in servers]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    sandbox.post("advance", {"seconds": 300})
    ids = list(Resource.objects.filter(kind="endpoint_service").values_list("aws_id", flat=True))
    sandbox.post("marketplace_live", {"name": FRIENDLY, "services": ids})


def item() -> Item:
    return Item.objects.get(slug="go_live")


def confirm(word: str = "yes") -> None:
    commands.answer(item(), None, {"confirmed": word})
    engine_driver.rest()


def outcomes() -> dict[str, str]:
    rows = Evidence.objects.filter(item__slug="go_live").order_by("id")
    return dict(rows.values_list("check_name", "outcome"))


def endpoints(sandbox: SandboxProcess) -> int:
    return changes(sandbox).count("CreateVpcEndpoint")


def test_it_waits_for_seller_operations_and_then_rehearses_everywhere(fast: SandboxProcess) -> None:
    waiting(fast)
    assert (item().state, item().waiting_for) == ("waiting", "marketplace"), engine_driver.picture()
    assert endpoints(fast) == 2
    override(fast)

    confirm()

    assert item().state == "done", engine_driver.picture()
    seen = outcomes()
    assert seen.pop("confirmed") == "attested"
    assert set(seen.values()) == {"pass"}
    for region in REGIONS:
        assert {f"{stage}.{region}" for stage in ("refused", "names", "verdict", "clean_up")} <= set(seen)
        assert left(fast, region) == []
    assert endpoints(fast) == 4
    made: Any = item().outputs
    assert made["before"][HOME]["owner"] == products.SELLER
    assert made["before"][HOME]["service_name"].startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")
    assert all(name.endswith(".amazonaws.com") for name in made["before"][HOME]["names"])
    assert made["after"][HOME]["names"]
    assert all(name.endswith(FRIENDLY) for name in made["after"][HOME]["names"])
    assert f"connected.{HOME}a.{HOME}" in seen


def test_in_tls_it_shakes_hands_under_the_endpoints_own_and_the_private_name(fast: SandboxProcess) -> None:
    zone_of_the_seller(fast)
    waiting(
        fast,
        regions=(HOME,),
        others=("name_servers", "delegation", "submission"),
        private_dns_name="api.example.com",
        listener={"protocol": "TLS", "port": 443, "target_port": 8443},
    )
    override(fast)

    confirm()

    assert item().state == "done", engine_driver.picture()
    rows = Evidence.objects.filter(item=item())
    regional = rows.get(check_name=f"connected.regional.{HOME}").facts
    assert regional["server_name"] == regional["target"]
    assert regional["target"].endswith(f".{FRIENDLY}")
    private = rows.get(check_name=f"connected.regional.private.{HOME}").facts
    assert (private["target"], private["server_name"]) == (regional["target"], "api.example.com")
    assert f"*.{FRIENDLY}" in private["names"]


def test_names_that_have_not_changed_are_a_warning_while_a_buyer_connects(fast: SandboxProcess) -> None:
    waiting(fast)

    confirm("The product is live since this morning.")

    assert item().state == "done", engine_driver.picture()
    assert outcomes()[f"names.{HOME}"] == "warn"
    assert f"still have AWS's own names. A buyer connects; ask Seller Operations when {FRIENDLY}" in item().message


def test_a_closed_way_fails_it_and_the_confirmation_stays(fast: SandboxProcess, settings: Settings) -> None:
    waiting(fast, regions=(HOME,))
    with closing_proxy(settings.PROBE_PROXY) as proxy:
        settings.PROBE_PROXY = proxy.url
        confirm()
        assert item().state == "failed"
        assert left(fast) == []
        proxy.closed = None
        again("go_live", region="")

    assert item().state == "done", engine_driver.picture()
    assert item().given()["confirmed"] == "yes"
    assert left(fast) == []


def test_a_second_run_of_a_live_product_makes_no_mutating_call(fast: SandboxProcess) -> None:
    product = waiting(fast)
    confirm()
    before = changes(fast)

    assert up(product).state == "done", engine_driver.picture()

    assert changes(fast) == before


def test_without_a_buyer_test_account_both_rehearsals_are_attested(fast: SandboxProcess) -> None:
    waiting(fast, tester=False)
    for region in REGIONS:
        asked = Item.objects.get(slug="rehearsal", region=region)
        assert (asked.state, asked.waiting_for) == ("waiting", "you"), engine_driver.picture()
        commands.answer(asked, None, {"attest": "psql connects from account 999999999999"})
    engine_driver.rest()
    confirm()
    assert "No buyer test account is connected" in item().message

    commands.answer(item(), None, {"attest": "psql connects under the new name"})
    engine_driver.rest()

    assert item().state == "done", engine_driver.picture()
    assert {outcomes()[f"verdict.{region}"] for region in REGIONS} == {"attested"}
    assert endpoints(fast) == 0


@pytest.mark.parametrize("word", ["no", "It is not live yet.", "soon", ""])
def test_what_is_no_confirmation_is_refused(fast: SandboxProcess, word: str) -> None:
    product = products.product(fast, products.spec({HOME: {}}, **NAMES))
    commands.provision(product, None)

    with pytest.raises(Blocked, match="Seller Operations"):
        commands.answer(item(), None, {"confirmed": word})
