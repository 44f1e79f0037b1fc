"""Probes through a real CONNECT proxy: open, closed, silent, and TLS under a name."""

from __future__ import annotations

import datetime
import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from onboarding import probe

pytestmark = pytest.mark.network

Answer = Callable[[socket.socket], None]


class Proxy:
    """Takes one CONNECT at a time and answers as told; keeps what it was asked for."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[bytes] = []
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            with client:
                self.asked.append(client.recv(4096))
                self._answer(client)

    def close(self) -> None:
        """Stop."""
        self._server.close()


@pytest.fixture
def proxy() -> Iterator[Callable[[Answer], Proxy]]:
    """`proxy(answer)`: a running proxy."""
    made: list[Proxy] = []

    def start(answer: Answer) -> Proxy:
        made.append(Proxy(answer))
        return made[-1]

    yield start
    for one in made:
        one.close()


def says(status: str) -> Answer:
    """Answer with this status line and end."""
    return lambda client: client.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())


def test_an_open_port_is_told_with_the_time_it_took(proxy: Callable[[Answer], Proxy]) -> None:
    there = proxy(says("200 Connection established"))

    seen = probe.probe(there.url, "nlb.example.com", 443)

    assert seen.open
    assert seen.sentence == "nlb.example.com accepts TCP on 443."
    assert there.asked == [b"CONNECT nlb.example.com:443 HTTP/1.1\r\nHost: nlb.example.com:443\r\n\r\n"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("502 Bad Gateway", "the probe proxy says “502 Bad Gateway”"),
        ("504 Gateway Timeout", "did not answer within 5 s"),
    ],
)
def test_a_closed_port_is_told_with_what_the_proxy_says(
    status: str, words: str, proxy: Callable[[Answer], Proxy]
) -> None:
    seen = probe.probe(proxy(says(status)).url, "nlb.example.com", 443)

    assert not seen.open
    assert words in seen.sentence


def test_a_proxy_that_says_nothing_is_told(proxy: Callable[[Answer], Proxy]) -> None:
    seen = probe.probe(proxy(lambda client: None).url, "nlb.example.com", 443)

    assert not seen.open
    assert "says “nothing”" in seen.sentence


def test_no_proxy_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    seen = probe.probe(f"http://127.0.0.1:{port}", "nlb.example.com", 443)

    assert not seen.open
    assert "cannot be reached" in seen.sentence


def test_a_silent_target_ends_in_time(proxy: Callable[[Answer], Proxy], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "TIMEOUT", 0.2)
    held = threading.Event()

    def wait(_client: socket.socket) -> None:
        held.wait(5)

    there = proxy(wait)

    seen = probe.probe(there.url, "nlb.example.com", 443)

    held.set()
    assert not seen.open
    assert "did not answer" in seen.sentence


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, bytes]:
    """A self-signed certificate for two names: the file with its key, and its DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "api.example.com")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("api.example.com"), x509.DNSName("*.api.example.com")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "both.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path, made.public_bytes(serialization.Encoding.DER)


def test_the_names_of_the_certificate_served_are_told(
    certificate: tuple[Path, bytes], proxy: Callable[[Answer], Proxy]
) -> None:
    path, der = certificate
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(client, server_side=True) as secure:
            secure.recv(1)

    seen = probe.probe(proxy(answer).url, "nlb.example.com", 443, "api.example.com")

    assert seen.open
    assert seen.names == ("api.example.com", "*.api.example.com")
    assert seen.sha256 == hashlib.sha256(der).hexdigest()
    assert asked == ["api.example.com"]


def test_a_port_that_speaks_no_tls_is_told(proxy: Callable[[Answer], Proxy]) -> None:
    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        client.recv(1024)
        client.sendall(b"220 not tls\r\n")

    seen = probe.probe(proxy(answer).url, "nlb.example.com", 443, "api.example.com")

    assert not seen.open
    assert "TLS handshake failed" in seen.sentence
