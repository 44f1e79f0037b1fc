"""The DNS of a real sandbox process: its resolvers, its page and its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.sandbox.zones import Wire
from tests.sandbox_process import SandboxProcess, running_sandbox

SELLER = "111111111111"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running_sandbox(settings={"dns_seconds": 0}) as running:
        yield running


@pytest.fixture
def wire(sandbox: SandboxProcess) -> Wire:
    sandbox.post("reset")
    return Wire(int(sandbox.environment["DNS_RESOLVERS"].rpartition(":")[2]))


def test_every_resolver_that_it_names_answers(sandbox: SandboxProcess, wire: Wire) -> None:
    made = sandbox.client("route53", SELLER).create_hosted_zone(Name="example.com", CallerReference="1")
    servers = made["DelegationSet"]["NameServers"]
    for resolver in sandbox.environment["DNS_RESOLVERS"].split(","):
        address, _, port = resolver.rpartition(":")
        assert int(port) == wire.port
        assert wire.values("example.com", "NS", at=address) == sorted(f"{host}." for host in servers)
    shown = sandbox.get("dns?name=example.com&type=NS")
    assert shown["answer"]["records"][0]["values"] == [f"{host}." for host in servers]
    assert shown["domains"] == [{"name": "example.com", "name_servers": servers, "by": "first hosted zone"}]
    assert shown["hosted"][0]["live"] is True


def test_a_person_sets_a_record_on_the_page_and_breaks_things(sandbox: SandboxProcess, wire: Wire) -> None:
    sandbox.client("route53", SELLER).create_hosted_zone(Name="example.com", CallerReference="2")
    for action, values in (
        ("dns_zone", {"name": "example.net", "held": "true"}),
        ("dns_record", {"name": "_token.example.net", "type": "TXT", "ttl": "60", "values": "vpce:One\r\n"}),
        ("dns_break", {"name": "example.com", "as": "lame"}),
        ("dns_server", {"host": "ns1.registrar.example", "is": "servfail"}),
        ("dns_delegate", {"name": "example.org", "name_servers": "ns1.parking.example", "zone_id": ""}),
    ):
        status, text, headers = sandbox.ask(
            f"do/{action}",
            urlencode({**values, "back": "dns"}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert (status, headers["Location"]) == (303, "/_sandbox/dns"), text
    assert wire.values("_token.example.net", "TXT") == ['"vpce:One"']
    _, page, _ = sandbox.ask("dns?name=_token.example.net&type=TXT")
    for words in ("_token.example.net", "Delegation of example.com", "ns1.parking.example", "lame", "servfail"):
        assert words in page


def test_a_wrong_order_is_refused_with_a_sentence(sandbox: SandboxProcess, wire: Wire) -> None:
    with pytest.raises(ValueError, match=r"The registrar holds no zone that encloses a.example.org"):
        sandbox.post("dns_record", {"name": "a.example.org", "type": "A", "values": ["192.0.2.1"]})
