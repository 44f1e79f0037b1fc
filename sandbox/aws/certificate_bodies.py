"""The X.509 body of a requested certificate. moto makes an RSA key for each, which holds every other call up for a
tenth of a second; nobody reads the key here, so P-256 serves.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto.acm.models import CertBundle

from sandbox.aws import patching

VALID = timedelta(days=395)
_PEM = serialization.Encoding.PEM
_ISSUER = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Amazon"),
        x509.NameAttribute(NameOID.COMMON_NAME, "Amazon"),
    ]
)


def install() -> None:
    """Take the place of moto's."""
    patching.replace(CertBundle, "generate_cert", staticmethod(generate))


def generate(domain_name: str, account_id: str, region: str, sans: list[str] | None = None, **_: Any) -> CertBundle:
    """A certificate that waits for its validation, with a key and a body of its own."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    names = dict.fromkeys([domain_name, *(sans or [])])
    body = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain_name)]))
        .issuer_name(_ISSUER)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return CertBundle(
        account_id,
        body.public_bytes(_PEM),
        key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        region=region,
        cert_type="AMAZON_ISSUED",
        cert_status="PENDING_VALIDATION",
    )
