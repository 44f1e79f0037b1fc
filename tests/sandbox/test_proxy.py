"""The CONNECT proxy over real sockets; what a name leads to is given by a table."""

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest

from sandbox.authority import Authority
from sandbox.proxy import Proxy


@dataclass(frozen=True)
class Leads:
    outcome: Literal["open", "refused", "timeout", "unknown_host"]
    tls: bool = False
    names: tuple[str, ...] = ()
    expired: bool = False
    banner: bytes = b""


TABLE = {
    ("tls.example.com", 443): Leads("open", tls=True, names=("tls.example.com", "*.tls.example.com")),
    ("old.example.com", 443): Leads("open", tls=True, names=("old.example.com",), expired=True),
    ("tcp.example.com", 80): Leads("open", banner=b"hello\r\n"),
    ("closed.example.com", 80): Leads("refused"),
    ("silent.example.com", 80): Leads("timeout"),
}


@dataclass
class World:
    """A proxy, its authority and its switches."""

    port: int
    authority: Authority
    hosts: dict[str, str]

    def connect(self, target: str) -> tuple[socket.socket, str]:
        """Asks for a tunnel; gives the socket and the head of the answer."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        client.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = client.recv(1)
            assert byte, f"the proxy hung up after {head!r}"
            head += byte
        return client, head.decode()

    def handshake(self, target: str, name: str) -> ssl.SSLSocket:
        """A TLS session with the target that must prove to be `name`."""
        client, _ = self.connect(target)
        return ssl.create_default_context(cafile=str(self.authority.ca_file)).wrap_socket(client, server_hostname=name)


@pytest.fixture(scope="module")
def proxy_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    hosts: dict[str, str] = {}
    authority = Authority(tmp_path_factory.mktemp("authority"))

    def decide(host: str, port: int) -> Leads:
        return TABLE.get((host, port), Leads("unknown_host"))

    proxy = Proxy(("127.0.0.1", 0), decide, authority, hosts, give_up=0.3, slow=0.3)
    yield World(proxy.start(), authority, hosts)
    proxy.shutdown()
    proxy.server_close()


@pytest.fixture
def world(proxy_world: World) -> World:
    proxy_world.hosts.clear()
    return proxy_world


def test_a_tls_listener_proves_its_names_to_whoever_trusts_the_authority(world: World) -> None:
    with world.handshake("tls.example.com:443", "any.tls.example.com") as session:
        assert session.version() in ("TLSv1.2", "TLSv1.3")
        certificate = session.getpeercert() or {}
    assert certificate["subjectAltName"] == (("DNS", "tls.example.com"), ("DNS", "*.tls.example.com"))


def test_nobody_else_trusts_the_authority(world: World) -> None:
    client, _ = world.connect("tls.example.com:443")
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(client, server_hostname="tls.example.com")


def test_a_certificate_does_not_stand_for_another_name(world: World) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"other\.example\.com"):
        world.handshake("tls.example.com:443", "other.example.com")


def test_a_tcp_listener_says_its_banner_and_keeps_the_connection(world: World) -> None:
    client, head = world.connect("tcp.example.com:80")
    assert head.startswith("HTTP/1.1 200 ")
    assert client.recv(100) == b"hello\r\n"
    client.sendall(b"anything")
    client.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.recv(1)


@pytest.mark.parametrize(
    ("target", "status", "error"),
    [
        ("closed.example.com:80", "502 Bad Gateway", "connection_refused"),
        ("tcp.example.com:81", "502 Bad Gateway", "dns_error"),
        ("silent.example.com:80", "504 Gateway Timeout", "connection_timeout"),
        ("no-port", "400 Bad Request", "http_request_error"),
        ("tcp.example.com:65536", "400 Bad Request", "http_request_error"),
    ],
)
def test_a_failure_says_its_kind(world: World, target: str, status: str, error: str) -> None:
    _, head = world.connect(target)
    assert head.startswith(f"HTTP/1.1 {status}\r\nProxy-Status: sandbox; error={error}\r\n")


def test_a_silent_place_takes_its_time(world: World) -> None:
    begun = time.monotonic()
    world.connect("silent.example.com:80")
    assert time.monotonic() - begun >= 0.3


def test_a_refusal_by_hand_overrides_the_world(world: World) -> None:
    world.hosts["tcp.example.com"] = "refuse"
    assert "connection_refused" in world.connect("TCP.example.com:80")[1]


def test_a_slow_place_answers_late(world: World) -> None:
    world.hosts["tcp.example.com"] = "slow"
    begun = time.monotonic()
    assert world.connect("tcp.example.com:80")[1].startswith("HTTP/1.1 200 ")
    assert time.monotonic() - begun >= 0.3


def test_a_wrong_certificate_is_one_for_another_name(world: World) -> None:
    world.hosts["tls.example.com"] = "wrong certificate"
    with pytest.raises(ssl.SSLCertVerificationError, match=r"tls\.example\.com"):
        world.handshake("tls.example.com:443", "tls.example.com")


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_expired_certificate_is_of_the_right_name_and_out_of_date(world: World, by_hand: bool) -> None:
    host = "tls.example.com" if by_hand else "old.example.com"
    if by_hand:
        world.hosts[host] = "expired certificate"
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
        world.handshake(f"{host}:443", host)


def test_another_method_than_connect_is_turned_away(world: World) -> None:
    with socket.create_connection(("127.0.0.1", world.port), timeout=5) as client:
        client.sendall(b"GET http://tcp.example.com/ HTTP/1.1\r\nHost: tcp.example.com\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
