"""Which addresses our worker may ask (SEC14), and that it asks no other: the servers count what reaches them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onboarding.dns import addresses
from onboarding.dns.resolver import Resolver
from tests.dns.world import AWS, ONE, RESOLVERS, World

pytestmark = pytest.mark.dns

INNER = [
    "0.0.0.0",  # noqa: S104 - a value, nothing binds to it
    "0.1.2.3",
    "10.0.0.1",
    "10.0.0.2",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.0.0.53",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.123",
    "169.254.169.253",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "::ffff:0:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:a00:1::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::23",
    "fd00:ec2::253",
    "fd00:ec2::254",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::a9fe:a9fe",
    "fec0::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "ff02::1",
    "ff05::2",
    "ff0e::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "54.0.0.1",
    "205.251.192.1",
    "205.251.199.255",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "169.253.255.255",
    "192.167.255.255",
    "198.17.255.255",
    "223.255.255.254",
    "2606:4700:4700::1111",
    "2600:9000:5300:100::1",
    "2a00:1450:4001::1",
    "2001:4860:4860::8888",
    "2620:fe::fe",
]
NO_ADDRESS = ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "010.0.0.1", "1.1.1.1 ", "1.1.1.1:53", "[::1]"]


def test_the_list_is_long_enough() -> None:
    assert len(set(INNER)) >= 60


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_never_asked(address: str) -> None:
    assert addresses.refusal(address)
    reply = Resolver([("9.9.9.9", 53)]).at(address, "example.com", "SOA")
    assert reply.rcode == ""
    assert reply.problem.startswith(address)
    assert reply.problem.endswith("it is not asked.")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert addresses.refusal(address) == ""


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert addresses.refusal(address, loopback=True) == "is not an address"


@pytest.mark.parametrize("address", INNER)
def test_the_simulated_world_admits_loopback_addresses_only(address: str) -> None:
    admitted = addresses.refusal(address, loopback=True) == ""
    assert admitted is (address == "::1" or address.startswith("127."))


@pytest.mark.parametrize(
    ("resolvers", "simulated"),
    [
        ([("127.0.0.1", 5300)], True),
        ([("::1", 5300), ("127.0.0.2", 5300)], True),
        ([("127.0.0.1", 53)], False),
        ([("127.0.0.1", 5300), ("8.8.8.8", 53)], False),
        ([("10.0.0.2", 5300)], False),
        ([("8.8.8.8", 5300)], False),
        ([("::ffff:127.0.0.1", 5300)], False),
        ([], False),
    ],
)
def test_only_loopback_resolvers_at_another_port_make_a_simulated_world(
    resolvers: list[tuple[str, int]], simulated: bool
) -> None:
    assert addresses.simulated(resolvers) is simulated
    assert addresses.port_for(resolvers, "127.0.0.9") == (5300 if simulated else 53)
    assert addresses.port_for(resolvers, "8.8.8.8") == 53


@contextmanager
def listener(address: str) -> Iterator[list[bytes]]:
    """What reaches an address at port 53, over UDP or TCP."""
    heard: list[bytes] = []
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    streams = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        for each in (datagrams, streams):
            each.settimeout(0.1)
            each.bind((address, 53))
        streams.listen()
    except PermissionError:
        pytest.skip("port 53 needs privileges")
    running = True

    def hear() -> None:
        while running:
            for each, take in ((datagrams, lambda: datagrams.recv(512)), (streams, lambda: streams.accept())):
                try:
                    heard.append(repr((each, take())).encode())
                except TimeoutError:
                    continue

    thread = threading.Thread(target=hear)
    thread.start()
    try:
        yield heard
    finally:
        running = False
        thread.join()
        datagrams.close()
        streams.close()


def test_a_loopback_name_server_hears_nothing_unless_the_world_is_simulated() -> None:
    with listener("127.31.9.9") as heard:
        reply = Resolver([("127.31.0.53", 53)]).at("127.31.9.9", "example.com", "SOA")
        assert "loopback" in reply.problem
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as proof:
            proof.sendto(b"proof", ("127.31.9.9", 53))
        threading.Event().wait(0.4)
    assert len(heard) == 1
    assert b"proof" in heard[0]


@pytest.mark.parametrize("inner", ["10.0.0.2", "169.254.169.254", "fd00:ec2::254", "::ffff:7f1f:b", "100.64.0.1"])
def test_one_inner_address_spoils_a_host(world: World, resolver: Resolver, inner: str) -> None:
    world.hosts["ns1.example.com"] = ["127.31.0.11", inner]
    host = resolver.host("ns1.example.com")
    assert (host.addresses, host.refused) == ((), True)
    assert f"ns1.example.com has the address {inner.replace('7f1f:b', '127.31.0.11')}, which is " in host.problem
    assert resolver.addresses("ns1.example.com") == []
    home = resolver.home("www.example.com")
    assert home.servers["ns1.example.com"] == ()
    assert home.servers["ns2.example.com"] == ("127.31.0.12",)
    asked = world.asked[ONE, "udp"]
    assert resolver.ask(home.hosts[0], "www.example.com", "A").problem == host.problem
    assert world.asked[ONE, "udp"] == asked == 0


def test_an_inner_address_that_one_resolver_alone_tells_spoils_the_host(world: World, resolver: Resolver) -> None:
    world.remembered[RESOLVERS[2], "ns1.example.com", "A"] = ["ns1.example.com. 60 IN A 10.0.0.2"]
    assert resolver.host("ns1.example.com").refused


def test_an_inner_address_behind_a_cname_is_found(world: World, resolver: Resolver) -> None:
    world.example("ns CNAME inner.example.com.\ninner A 169.254.169.254")
    assert resolver.host("ns.example.com").refused


def test_a_rebinding_name_is_resolved_once(world: World, resolver: Resolver) -> None:
    """The second answer would be an inner address: nobody asks for it between the check and the question."""
    world.hosts["ns1.example.com"] = [ONE] * len(RESOLVERS) + ["10.0.0.2"] * 40
    world.rebinds = True
    bounded = resolver.within()
    host = bounded.host("ns1.example.com")
    assert host.addresses == (ONE,)
    assert bounded.ask(host, "example.com", "SOA").authoritative
    assert bounded.host("ns1.example.com") is host
    asked = [name for _, name, type, _ in world.questions if (name, type) == ("ns1.example.com", "A")]
    assert len(asked) == len(RESOLVERS)


def test_name_servers_are_asked_at_the_resolvers_port_in_the_simulated_world(world: World, resolver: Resolver) -> None:
    address = next(iter(AWS.values()))
    assert resolver.at(address, "example.com", "SOA").rcode == "REFUSED"
    assert world.asked[address, "udp"] == 1
