"""The world's certificate authority: made anew at each start, trusted by nobody but who asks for its file."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

VALID = timedelta(days=90)
WRONG_NAMES = ("wrong-certificate.invalid",)
_PEM = serialization.Encoding.PEM


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Authority:
    """A root key and the certificates it has signed. Keys are P-256; everything ends with the process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._contexts: dict[tuple[tuple[str, ...], bool], ssl.SSLContext] = {}
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._root = self._sign_root()
        self.ca_file = directory / "ca.pem"
        self.ca_file.write_bytes(self.pem)

    @property
    def pem(self) -> bytes:
        """The root certificate, PEM."""
        return self._root.public_bytes(_PEM)

    def context(self, names: tuple[str, ...], *, expired: bool = False) -> ssl.SSLContext:
        """A server's TLS context with a certificate for these names, made at the first call and kept."""
        with self._lock:
            if (names, expired) not in self._contexts:
                self._contexts[names, expired] = self._make_context(names, expired)
            return self._contexts[names, expired]

    def _sign_root(self) -> x509.Certificate:
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            self._builder(_name("PrivateLink sandbox CA"), self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(identifier, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, age: timedelta = timedelta()
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC) - age
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(_name("PrivateLink sandbox CA"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + VALID)
        )

    def _make_context(self, names: tuple[str, ...], expired: bool) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            self._builder(_name(names[0]), key, VALID + timedelta(days=1) if expired else timedelta())
            .add_extension(x509.SubjectAlternativeName(map(_alternative, names)), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([x509.OID_SERVER_AUTH]), critical=False)
            .add_extension(authority, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # OpenSSL reads a chain from a file only.
        with tempfile.NamedTemporaryFile(dir=self._directory, suffix=".pem") as file:
            file.write(private + certificate.public_bytes(_PEM) + self.pem)
            file.flush()
            context.load_cert_chain(file.name)
        return context
