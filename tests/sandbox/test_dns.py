"""Public DNS over real sockets: servers, the walk from the root, the registrar, and everything that can break."""

from __future__ import annotations

from typing import Any

import dns.flags
import pytest

import sandbox.aws
from sandbox.control import names as control
from sandbox.dns import hosts
from sandbox.dns.lookup import resolve
from sandbox.dns.server import DnsServer
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


def test_a_resolver_walks_from_the_root_and_both_answer_alike(route53: Any, parent: dict[str, Any], wire: Wire) -> None:
    served(route53, parent["id"], change("CREATE", "a.example.com", "TXT", '"Hello, \\"you\\"" "!"', ttl=77))
    for address in hosts.RESOLVERS:
        for tcp in (False, True):
            answer = wire.ask("A.example.COM", "TXT", address, tcp=tcp)
            assert answer.answer[0].to_text() == 'a.example.com. 77 IN TXT "Hello, \\"you\\"" "!"'
            assert answer.flags & dns.flags.RA
            assert not answer.flags & dns.flags.AA
    assert rcode(wire.ask("a.example.com", "TXT", rd=False)) == "REFUSED"
    assert resolve("A.example.com.", "TXT") == ['Hello, "you"!']


def test_root_and_parents_refer_with_addresses_and_the_zone_answers(parent: dict[str, Any], wire: Wire) -> None:
    top = wire.ask("example.com", "NS", hosts.ROOT)
    assert authority(top) == [hosts.PARENTS]
    cut = wire.ask("www.example.com", "A", hosts.PARENTS)
    assert not cut.flags & dns.flags.AA
    assert not cut.answer
    assert authority(cut) == sorted(parent["servers"])
    glue = {rrset.name.to_text().rstrip("."): rrset[0].to_text() for rrset in cut.additional}
    assert glue == {host: hosts.address_of(host) for host in parent["servers"]}
    for host, address in glue.items():
        assert wire.values(host, "A") == [address]
        answer = wire.ask("example.com", "NS", address)
        assert answer.flags & dns.flags.AA
        assert sorted(item.to_text().rstrip(".") for item in answer.answer[0]) == sorted(parent["servers"])
        assert rcode(wire.ask("example.org", "SOA", address)) == "REFUSED"


def test_nothing_there_comes_with_the_soa(route53: Any, parent: dict[str, Any], wire: Wire) -> None:
    served(route53, parent["id"], change("CREATE", "deep.inside.example.com", "A", "192.0.2.1"))
    for name, kind, word in (
        ("nobody.example.com", "A", "NXDOMAIN"),
        ("deep.inside.example.com", "TXT", "NOERROR"),
        ("inside.example.com", "A", "NOERROR"),
    ):
        answer = wire.ask(name, kind, parent["servers"][0])
        assert (rcode(answer), answer.answer) == (word, [])
        assert answer.authority[0].to_text().startswith("example.com. 900 IN SOA ns-")
    assert wire.values("nobody.test", "A") == ["NXDOMAIN"]


def test_aliases_are_followed_across_zones_but_not_for_cname_itself(
    route53: Any, parent: dict[str, Any], wire: Wire
) -> None:
    other = zone(route53, "example.net")
    served(route53, other["id"], change("CREATE", "end.example.net", "A", "192.0.2.9"))
    served(
        route53,
        parent["id"],
        change("CREATE", "one.example.com", "CNAME", "two.example.com"),
        change("CREATE", "two.example.com", "CNAME", "End.example.net."),
        change("CREATE", "loop.example.com", "CNAME", "loop.example.com"),
        change("CREATE", "lost.example.com", "CNAME", "nobody.example.net"),
    )
    assert wire.values("one.example.com", "A") == ["192.0.2.9"]
    assert resolve("one.example.com", "A") == ["192.0.2.9"]
    assert resolve("one.example.com", "CNAME") == ["two.example.com"]
    at_zone = wire.ask("one.example.com", "A", parent["servers"][0])
    assert [rrset.rdtype.name for rrset in at_zone.answer] == ["CNAME", "CNAME"]
    assert wire.values("loop.example.com", "A") == ["SERVFAIL"]
    lost = wire.ask("lost.example.com", "A")
    assert (rcode(lost), lost.answer[0].rdtype.name) == ("NXDOMAIN", "CNAME")


def test_a_wildcard_answers_for_names_that_do_not_exist(route53: Any, parent: dict[str, Any], wire: Wire) -> None:
    served(
        route53,
        parent["id"],
        change("CREATE", "*.w.example.com", "A", "192.0.2.1"),
        change("CREATE", "own.w.example.com", "TXT", '"own"'),
    )
    assert wire.ask("x.w.example.com", "A").answer[0].to_text() == "x.w.example.com. 300 IN A 192.0.2.1"
    assert wire.values("x.y.w.example.com", "A") == ["192.0.2.1"]
    assert wire.values("own.w.example.com", "A") == []
    assert wire.values("w.example.com", "A") == []


def test_a_long_answer_is_cut_over_udp_and_whole_over_tcp(route53: Any, parent: dict[str, Any], wire: Wire) -> None:
    values = [f'"{number:02}{"x" * 100}"' for number in range(9)]
    served(route53, parent["id"], change("CREATE", "long.example.com", "TXT", *values))
    short = wire.ask("long.example.com", "TXT")
    assert short.flags & dns.flags.TC
    whole = wire.ask("long.example.com", "TXT", tcp=True)
    assert len(whole.answer[0]) == 9
    with_edns = wire.ask("long.example.com", "TXT", edns=True)
    assert not with_edns.flags & dns.flags.TC
    assert len(with_edns.answer[0]) == 9


def test_bytes_that_are_no_query_get_no_answer_and_do_no_harm(parent: dict[str, Any], wire: Wire) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for junk in (b"", b"\x00", b"\xff" * 40):
            sender.sendto(junk, ("127.0.0.1", wire.port))
    assert wire.values("example.com", "SOA")[0].startswith("ns-")


def test_only_the_first_zone_of_a_name_is_live_until_another_is_chosen(
    route53: Any, parent: dict[str, Any], client: Client, wire: Wire
) -> None:
    second = zone(client("route53", account=BUYER), "example.com")
    served(route53, parent["id"], change("CREATE", "a.example.com", "A", "192.0.2.1"))
    assert [one["live"] for one in control.dns({})["hosted"]] == [True, False]
    assert wire.values("example.com", "SOA", at=second["servers"][0])[0].startswith(second["servers"][0])
    control.dns_delegate({"name": "example.com", "zone_id": second["id"]})
    assert wire.values("a.example.com", "A") == ["NXDOMAIN"]
    assert [one["live"] for one in control.dns({})["hosted"]] == [False, True]
    control.dns_delegate({"name": "example.com"})
    assert wire.values("a.example.com", "A") == ["192.0.2.1"]


def test_a_zone_below_another_is_live_only_when_the_parent_delegates(
    client: Client, route53: Any, parent: dict[str, Any], wire: Wire
) -> None:
    theirs = client("route53", account=BUYER)
    made = zone(theirs, CHILD)
    served(theirs, made["id"], change("CREATE", f"*.{CHILD}", "A", "192.0.2.7"))
    assert wire.values(f"e.{CHILD}", "A") == ["NXDOMAIN"]
    assert wire.values(f"e.{CHILD}", "A", at=made["servers"][2]) == ["192.0.2.7"]
    served(route53, parent["id"], change("CREATE", CHILD, "NS", *[f"{host}." for host in made["servers"]]))
    assert wire.values(f"e.{CHILD}", "A") == ["192.0.2.7"]
    cut = wire.ask(f"e.{CHILD}", "A", parent["servers"][0])
    assert authority(cut) == sorted(made["servers"])
    assert not cut.flags & dns.flags.AA


def test_a_zone_of_an_unregistered_domain_is_not_live(route53: Any, wire: Wire) -> None:
    zone(route53, CHILD)
    assert wire.values(CHILD, "SOA") == ["NXDOMAIN"]
    assert control.dns({})["hosted"][0]["live"] is False


def test_a_person_keeps_a_zone_at_a_registrar(wire: Wire) -> None:
    control.dns_zone({"name": "example.net"})
    control.dns_record({"name": "_x.Example.net", "type": "txt", "values": "Some text", "ttl": "60"})
    assert wire.ask("_x.example.net", "TXT").answer[0].to_text() == '_x.example.net. 60 IN TXT "Some text"'
    assert authority(wire.ask("example.net", "A", hosts.PARENTS)) == sorted(hosts.REGISTRAR)
    control.dns_record({"name": "_x.example.net", "type": "TXT", "values": []})
    assert wire.values("_x.example.net", "TXT") == ["NXDOMAIN"]
    control.dns_delegate({"name": "api.example.net", "name_servers": ["ns1.parking.example", "ns2.parking.example."]})
    assert authority(wire.ask("x.api.example.net", "A", hosts.REGISTRAR[1])) == sorted(hosts.PARKING)
    control.dns_zone({"name": "example.net", "held": False})
    assert wire.values("example.net", "SOA") == ["NXDOMAIN"]


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        (control.dns_record, {"name": "a.example.org", "type": "A", "values": ["192.0.2.1"]}, "holds no zone"),
        (control.dns_record, {"name": "a.example.net", "type": "X", "values": ["1"]}, "type must be one of"),
        (control.dns_record, {"name": "a.example.net", "type": "A", "values": ["x"]}, "not a valid IPv4 address"),
        (control.dns_record, {"name": "a.example.net", "type": "A", "values": 3}, "values must be a list"),
        (control.dns_zone, {"name": "no good"}, "is not a label"),
        (control.dns_zone, {"name": "example.org", "held": False}, "holds no zone example.org"),
        (control.dns_delegate, {"name": "example.net", "zone_id": "Z1"}, "no public hosted zone Z1"),
        (control.dns_break, {"name": "a.example.net", "as": "bent"}, "as must be one of"),
        (control.dns_server, {"host": "ns1.example.org", "is": "silent"}, "no name server ns1.example.org"),
        (control.dns_server, {"host": hosts.ROOT, "is": "tired"}, "is must be one of"),
    ],
)
def test_a_wrong_order_gets_a_sentence(action: Any, values: dict[str, Any], words: str) -> None:
    control.dns_zone({"name": "example.net"})
    with pytest.raises(ValueError, match=words):
        action(values)


def test_an_empty_world_serves_no_domain(parent: dict[str, Any], wire: Wire) -> None:
    control.dns_zone({"name": "example.net"})
    sandbox.aws.reset()
    assert wire.values("example.com", "SOA") == wire.values("example.net", "SOA") == ["NXDOMAIN"]
    assert wire.values("example.com", "SOA", at=parent["servers"][0]) == ["REFUSED"]


def test_two_worlds_share_a_machine_by_their_ports(dns_port: int) -> None:
    other = DnsServer()
    assert other.port != dns_port
    with pytest.raises(OSError, match="in use"):
        DnsServer(dns_port)
    other.close()


def test_a_stripe_without_a_free_server_makes_no_zone() -> None:
    all_of_it = [("example.com", hosts.route53_host(2, number)) for number in range(hosts.PER_STRIPE)]
    assert len(hosts.delegation_set(7, "example.org", all_of_it)) == 4
    for overlapping in ("example.com", "api.example.com", "com"):
        with pytest.raises(LookupError, match="no name server is left"):
            hosts.delegation_set(7, overlapping, all_of_it)
