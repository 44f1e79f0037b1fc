"""Delegations broken in every way, and name servers that misbehave."""

from __future__ import annotations

from typing import Any

import dns.exception
import dns.flags
import pytest

from sandbox.control import names as control
from sandbox.dns import hosts
from tests.sandbox.conftest import BUYER, Client
from tests.sandbox.zones import Wire, authority, change, rcode, served, zone

CHILD = "api.vpce.example.com"


@pytest.fixture
def route53(client: Client) -> Any:
    return client("route53")


@pytest.fixture
def parent(route53: Any) -> dict[str, Any]:
    """The live zone example.com."""
    return zone(route53, "example.com")


@pytest.fixture
def child(client: Client, route53: Any, parent: dict[str, Any]) -> dict[str, Any]:
    """The zone of another account that example.com delegates to."""
    made = zone(client("route53", account=BUYER), CHILD)
    served(route53, parent["id"], change("CREATE", CHILD, "NS", *made["servers"]))
    return made


def test_a_missing_delegation(parent: dict[str, Any], child: dict[str, Any], wire: Wire) -> None:
    control.dns_break({"name": CHILD, "as": "missing"})
    assert wire.values(CHILD, "SOA") == ["NXDOMAIN"]
    assert rcode(wire.ask(CHILD, "NS", parent["servers"][0])) == "NXDOMAIN"
    control.dns_break({"name": CHILD, "as": ""})
    assert wire.values(CHILD, "SOA")[0].startswith(child["servers"][0])


def test_a_partial_delegation(parent: dict[str, Any], child: dict[str, Any], wire: Wire) -> None:
    control.dns_break({"name": CHILD, "as": "partial"})
    assert authority(wire.ask(CHILD, "NS", parent["servers"][0])) == sorted(child["servers"][:2])


def test_a_lame_delegation(parent: dict[str, Any], child: dict[str, Any], wire: Wire) -> None:
    control.dns_break({"name": CHILD, "as": "lame"})
    assert authority(wire.ask(CHILD, "NS", parent["servers"][0])) == sorted(child["servers"])
    assert [wire.values(CHILD, "SOA", at=host) for host in child["servers"]] == [["REFUSED"]] * 4
    assert wire.values(CHILD, "SOA") == ["SERVFAIL"]


def test_a_delegation_to_wrong_servers(parent: dict[str, Any], child: dict[str, Any], wire: Wire) -> None:
    control.dns_break({"name": CHILD, "as": "wrong"})
    assert authority(wire.ask(CHILD, "NS", parent["servers"][0])) == sorted(hosts.PARKING)
    answer = wire.ask(CHILD, "SOA", hosts.PARKING[0])
    assert answer.flags & dns.flags.AA
    assert wire.values(CHILD, "SOA") == ["NXDOMAIN"]


def test_a_cname_beside_the_delegation(parent: dict[str, Any], child: dict[str, Any], wire: Wire) -> None:
    control.dns_break({"name": CHILD, "as": "cname"})
    answer = wire.ask(CHILD, "NS", parent["servers"][0])
    assert answer.answer[0].to_text() == f"{CHILD}. 300 IN CNAME www.parking.example."
    assert authority(wire.ask(f"x.{CHILD}", "A", parent["servers"][0])) == sorted(child["servers"])


def test_a_stale_delegation(route53: Any, parent: dict[str, Any], child: dict[str, Any], wire: Wire) -> None:
    control.dns_break({"name": CHILD, "as": "stale"})
    served(route53, parent["id"], change("UPSERT", CHILD, "NS", *hosts.REGISTRAR))
    assert authority(wire.ask(CHILD, "NS", parent["servers"][0])) == sorted(child["servers"])
    control.dns_break({"name": CHILD, "as": ""})
    assert authority(wire.ask(CHILD, "NS", parent["servers"][0])) == sorted(hosts.REGISTRAR)


def test_the_delegation_of_a_whole_domain_breaks_too(parent: dict[str, Any], wire: Wire) -> None:
    control.dns_delegate({"name": "example.com", "name_servers": []})
    assert wire.values("example.com", "SOA") == ["NXDOMAIN"]
    control.dns_delegate({"name": "example.com"})
    control.dns_break({"name": "example.com", "as": "wrong"})
    assert authority(wire.ask("example.com", "NS", hosts.PARENTS)) == sorted(hosts.PARKING)


def test_a_name_server_keeps_silent_and_the_others_answer(parent: dict[str, Any], wire: Wire) -> None:
    silent, other = parent["servers"][:2]
    control.dns_server({"host": silent, "is": "silent"})
    for tcp in (False, True):
        with pytest.raises(dns.exception.Timeout):
            wire.ask("example.com", "SOA", silent, tcp=tcp)
    assert len(wire.values("example.com", "SOA", at=other)) == 1
    assert len(wire.values("example.com", "SOA")) == 1
    for host in parent["servers"]:
        control.dns_server({"host": host, "is": "servfail"})
    assert wire.values("example.com", "SOA", at=silent) == ["SERVFAIL"]
    assert wire.values("example.com", "SOA") == ["SERVFAIL"]


def test_a_stale_server_lags_behind_the_others(route53: Any, parent: dict[str, Any], wire: Wire) -> None:
    late, other = parent["servers"][:2]
    control.dns_server({"host": late, "is": "stale"})
    served(route53, parent["id"], change("CREATE", "a.example.com", "A", "192.0.2.1"))
    assert wire.values("a.example.com", "A", at=late) == ["NXDOMAIN"]
    assert wire.values("a.example.com", "A", at=other) == ["192.0.2.1"]
    control.dns_server({"host": late, "is": ""})
    assert wire.values("a.example.com", "A", at=late) == ["192.0.2.1"]
