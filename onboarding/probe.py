"""TCP and TLS probes through the operator's CONNECT proxy, one interface: `probe(target, port, server_name)`.

A load balancer is internal, so the worker cannot reach it by itself: the proxy of PROBE_PROXY stands inside the VPC
(S20, S48). Only names that AWS gave us are probed, on the listener's port, within five seconds, and no byte of an
answer is kept.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography import x509

TIMEOUT = 5.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a probe saw. `ms` is the time to connect; `names` and `sha256` are those of the certificate served (TLS
    only).
    """

    target: str
    port: int
    open: bool
    sentence: str
    ms: int = 0
    names: tuple[str, ...] = ()
    sha256: str = ""


def probe(proxy: str, target: str, port: int, server_name: str = "") -> Answer:
    """Connect to target:port through `proxy` (http://host:port); with a server name, shake hands in TLS under it too.

    The chain is not judged here (a probe shows what is served); the names are compared by the step.
    """
    began = time.monotonic()
    try:
        with _tunnel(proxy, target, port) as tunnel:
            ms = round((time.monotonic() - began) * 1000)
            if not server_name:
                return Answer(target=target, port=port, open=True, ms=ms, sentence=f"{target} accepts TCP on {port}.")
            return _handshake(tunnel, target, port, server_name, ms)
    except TimeoutError:
        why = f"did not answer within {TIMEOUT:.0f} s: a security group, a network ACL or an unhealthy target drops it"
    except ssl.SSLError as error:
        why = f"answers on TCP, but the TLS handshake failed ({error.reason or error})"
    except OSError as error:
        why = f"cannot be reached ({error})"
    return Answer(target=target, port=port, open=False, sentence=f"{target} on port {port} {why}.")


def _tunnel(proxy: str, target: str, port: int) -> socket.socket:
    where = urlsplit(proxy)
    tunnel = socket.create_connection((where.hostname or "", where.port or 3128), timeout=TIMEOUT)
    try:
        tunnel.sendall(f"CONNECT {target}:{port} HTTP/1.1\r\nHost: {target}:{port}\r\n\r\n".encode("ascii"))
        head = b""
        while b"\r\n\r\n" not in head and len(head) < 8192:
            part = tunnel.recv(1024)
            if not part:
                break
            head += part
        status = head.split(b"\r\n", 1)[0].decode("latin-1")
        if " 200" not in status:
            if " 504" in status:
                raise TimeoutError
            raise ConnectionError(f"the probe proxy says “{status.partition(' ')[2] or 'nothing'}”")
    except BaseException:
        tunnel.close()
        raise
    return tunnel


def _handshake(tunnel: socket.socket, target: str, port: int, server_name: str, ms: int) -> Answer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(tunnel, server_hostname=server_name) as secure:
        der = secure.getpeercert(binary_form=True) or b""
    names = tuple(_names(x509.load_der_x509_certificate(der)))
    return Answer(
        target=target,
        port=port,
        open=True,
        ms=ms,
        names=names,
        sha256=hashlib.sha256(der).hexdigest(),
        sentence=f"{target} accepts TLS on {port} and serves a certificate for {', '.join(names) or 'no name'}.",
    )


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)
