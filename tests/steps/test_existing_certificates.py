"""Certificates that exist: judged, warned of, left alone (S21, S29, S44)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from onboarding.checklist.step import NeedsAction
from tests.contract.world import ANY, World
from tests.steps.conftest import Make
from tests.steps.dns import FRIENDLY, HOME, NAMES, OTHER, PRIVATE, SELLER, walk


def _imported(world: World, names: list[str], days: float) -> str:
    """A certificate of the seller's own, made here and imported."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    began = datetime.now(UTC) - timedelta(days=60)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    made = world.process.client("acm", SELLER).import_certificate(
        Certificate=certificate.public_bytes(pem),
        PrivateKey=key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    return str(made["CertificateArn"])


def _existing(arn: str) -> dict[str, Any]:
    return {"certificate": {"mode": "existing", "arn": arn}}


ALL = [FRIENDLY, f"*.{FRIENDLY}", PRIVATE]


def test_an_existing_certificate_is_used_and_left(product: Make, world_by_hand: World) -> None:
    arn = _imported(world_by_hand, ALL, 300)
    driver = product(facts=NAMES, region=_existing(arn))

    walk(driver)

    assert driver.outputs["certificate", HOME].arn == arn
    assert driver.outputs["validation", ""].records == ()
    assert [p.outcome for p in driver.proofs["certificate", HOME]] == ["pass", "warn"]
    assert "ACM never renews it" in driver.proofs["certificate", HOME][1].sentence
    assert driver.gate.changes == []
    driver.down()
    world_by_hand.process.client("acm", SELLER).describe_certificate(CertificateArn=arn)


def test_one_that_ends_soon_is_warned_of(product: Make, world_by_hand: World) -> None:
    driver = product(facts=NAMES, region=_existing(_imported(world_by_hand, ALL, 20)))

    walk(driver)

    assert {p.check: p.outcome for p in driver.proofs["certificate", HOME]}["expiry"] == "warn"


@pytest.mark.parametrize("names", [[FRIENDLY, PRIVATE], [FRIENDLY, "*.vpce.example.com", PRIVATE], [FRIENDLY]])
def test_one_that_covers_too_little_is_refused(product: Make, world_by_hand: World, names: list[str]) -> None:
    driver = product(facts=NAMES, region=_existing(_imported(world_by_hand, names, 300)))

    with pytest.raises(NeedsAction, match=r"but not \*\.api\.vpce\.example\.com"):
        walk(driver)


def test_one_that_is_not_issued_is_refused(product: Make, world_by_hand: World) -> None:
    acm = world_by_hand.process.client("acm", SELLER)
    arn = acm.request_certificate(DomainName=FRIENDLY, SubjectAlternativeNames=ALL[1:], ValidationMethod="DNS")
    driver = product(facts=NAMES, region=_existing(arn["CertificateArn"]))

    with pytest.raises(NeedsAction, match=r"is not issued yet \(PENDING_VALIDATION\)"):
        walk(driver)


def test_one_that_expired_or_is_gone_is_refused(product: Make, world_by_hand: World) -> None:
    arn = _imported(world_by_hand, ALL, 300)
    world_by_hand.process.post("certificates", {"arn": arn, "status": "EXPIRED"})
    with pytest.raises(NeedsAction, match="It has expired"):
        walk(product(facts=NAMES, region=_existing(arn)))

    world_by_hand.process.client("acm", SELLER).delete_certificate(CertificateArn=arn)
    with pytest.raises(NeedsAction, match="is not there"):
        walk(product(facts=NAMES, region=_existing(arn)))


def test_one_of_another_account_is_refused(product: Make, world_by_hand: World) -> None:
    arn = _imported(world_by_hand, ALL, 300)
    theirs = world_by_hand.role(ANY, account=OTHER, name="certificates")
    manual = product(facts=NAMES, region={"certificate": {"mode": "manual"}}, certificates=theirs)
    filled = manual.spec.regions[HOME].certificate.with_answer(arn=arn)
    chosen = manual.spec.regions[HOME].model_copy(update={"certificate": filled})
    manual.spec = manual.spec.model_copy(update={"regions": {HOME: chosen}})

    with pytest.raises(
        NeedsAction, match=f"is in us-east-1 of account {SELLER}; one in us-east-1 of {OTHER} is needed"
    ):
        walk(manual)
