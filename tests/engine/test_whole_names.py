"""Names through the whole checklist: what is wrong is a sentence with its cure, and after the cure it goes on."""

from __future__ import annotations

import pytest

from onboarding.engine import commands
from onboarding.models import Evidence
from sellers.spec import SpecErrors, load_data
from tests import engine_driver, products
from tests.engine import live
from tests.engine.actions import HOME, again
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = "444444444444"


def test_wrong_name_servers_are_told_each_with_its_cure_and_the_right_ones_go_on(fast: SandboxProcess) -> None:
    live.up(products.whole_product(fast, live.data()))
    right = live.asked_servers(fast)
    fast.post("dns_zone", {"name": "example.net"})
    fast.post("dns_record", {"name": "ns1.example.net", "type": "A", "values": ["10.0.0.53"]})
    fast.post("dns_server", {"host": right[0], "is": "silent"})

    for given, words in (
        ([right[0]] * 5, "is given 5 times. Give each name server once."),
        ([right[1], "ns1.example.net"], "ns1.example.net has the address 10.0.0.53, which"),
        (right, f"{right[0]} does not answer:"),
    ):
        asked = live.told("name_servers", servers=given)
        assert (asked.state, asked.waiting_for) == ("waiting", "marketplace"), engine_driver.picture()
        assert words in asked.message
        assert live.item("delegation").state == "todo"
    assert "Ask Marketplace whether it is the right server." in asked.message

    fast.post("dns_server", {"host": right[0], "is": ""})
    commands.check_now(live.item("name_servers"), None)
    engine_driver.rest()

    assert live.item("delegation").state == "done", engine_driver.picture()


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"friendly_dns_name": "example.com"}, "product.friendly_dns_name", "Enter a name below it, such as api.vpce."),
        (
            {"private_dns_name": f"x.{products.FRIENDLY}"},
            "product.private_dns_name",
            "Enter a private DNS name outside",
        ),
    ],
)
def test_names_that_cannot_be_are_refused_before_anything_runs(facts: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(SpecErrors) as errors:
        load_data(live.data(**facts))
    assert [(problem.field, words in problem.sentence) for problem in errors.value.problems] == [(field, True)]


def test_a_friendly_name_that_is_a_zone_of_its_own_already_is_told(fast: SandboxProcess) -> None:
    products.whole_product(fast, live.data())
    zone = products.zone(fast, products.FRIENDLY)
    _delegate(fast, zone)

    live.up(live.changed(live.data()))
    live.told("name_servers", servers=live.asked_servers(fast))

    failed = live.item("delegation")
    assert failed.state == "failed", engine_driver.picture()
    assert f"already has a NS record {products.FRIENDLY} with " in failed.message
    assert "Nothing that exists is overwritten: remove that record if nobody needs it, then retry" in failed.message
    assert live.item("submission").state == "todo"


def _delegate(sandbox: SandboxProcess, zone_id: str) -> None:
    """The seller's own zone of the friendly name, delegated from the zone above."""
    route53 = sandbox.client("route53", products.SELLER)
    servers = route53.get_hosted_zone(Id=zone_id)["DelegationSet"]["NameServers"]
    above = route53.list_hosted_zones_by_name(DNSName="example.com")["HostedZones"][0]["Id"].rpartition("/")[2]
    record = {
        "Name": products.FRIENDLY,
        "Type": "NS",
        "TTL": 60,
        "ResourceRecords": [{"Value": one} for one in servers],
    }
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=above, ChangeBatch=batch)
    sandbox.post("advance", {"seconds": 300})


def test_a_private_name_under_another_domain_is_told(fast: SandboxProcess) -> None:
    data = live.data(private_dns_name="api.example.org")
    data["connections"]["dns"] = data["connections"]["service"]
    products.zone(fast, "example.org", ELSEWHERE)
    live.up(products.whole_product(fast, data))

    for slug, region in (("validation", ""), ("private_dns", HOME)):
        failed = live.item(slug, region)
        assert failed.state == "failed", engine_driver.picture()
        assert f"Account {products.SELLER} has no public hosted zone example.org, in which" in failed.message
        assert "Connect the account that holds the live zone as the product's DNS connection" in failed.message
    assert live.item("certificate", HOME).state == "todo"

    own = products.zone(fast, "example.org")
    fast.post("dns_delegate", {"name": "example.org", "zone_id": own})
    fast.post("advance", {"seconds": 90_000})
    assert again("validation", "").state == "done", engine_driver.picture()
    assert again("private_dns").state == "done", engine_driver.picture()
    assert "api.example.org" in live.item("certificate", HOME).message


def test_seller_operations_read_that_the_private_name_is_under_another_domain(fast: SandboxProcess) -> None:
    products.zone(fast, "example.org")

    live.ready(fast, live.data(private_dns_name="api.example.org"))

    said = Evidence.objects.filter(check_name="S45").latest("id")
    assert said.outcome == "warn"
    assert said.sentence.startswith(f"api.example.org is under another domain than {products.FRIENDLY}.")
    assert said.sentence.endswith("or choose a private name under example.com.")


def test_a_zone_that_is_not_the_live_one_is_told_and_the_cure_goes_on(fast: SandboxProcess) -> None:
    products.zone(fast, account=ELSEWHERE)
    product = products.whole_product(fast, live.data())
    live.up(product)
    failed = live.item("validation")
    assert failed.state == "failed", engine_driver.picture()
    assert "has a zone example.com, but not the live one" in failed.message
    [mine] = fast.client("route53", products.SELLER).list_hosted_zones()["HostedZones"]

    fast.post("dns_delegate", {"name": "example.com", "zone_id": mine["Id"].rpartition("/")[2]})
    fast.post("advance", {"seconds": 90_000})

    assert again("validation", "").state == "done", engine_driver.picture()
    assert live.item("certificate", HOME).state == "done", engine_driver.picture()
