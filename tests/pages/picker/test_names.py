"""Certificates and hosted zones of an account: which fit, which do not, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import products
from tests.pages.picker.conftest import FITS, REFUSED, WARNED, Shop, why

FRIENDLY, WILD, PRIVATE = products.FRIENDLY, f"*.{products.FRIENDLY}", products.PRIVATE
NAMES = ",".join((FRIENDLY, WILD, PRIVATE))


def test_an_issued_certificate_for_all_names_fits(shop: Shop) -> None:
    arn = _requested(shop, [FRIENDLY, WILD, PRIVATE])
    shop.sandbox.post("certificates", {"arn": arn})

    board = shop.board("certificate", names=NAMES)

    [offer] = board.shelf.offers
    assert (offer.found.id, offer.verdict) == (arn, FITS)
    assert [offer.found.facts.count(name) for name in (WILD, PRIVATE)] == [1, 1]
    assert f"It has to cover {FRIENDLY}, {WILD}, {PRIVATE}" in board.shelf.advice


def test_a_certificate_that_ends_soon_or_is_never_renewed_is_warned_of(shop: Shop) -> None:
    arn = _imported(shop, [FRIENDLY, WILD, PRIVATE], days=20)

    offer = shop.offers("certificate", names=NAMES)[arn]

    assert offer.verdict is WARNED
    assert "ACM never renews it" in why(offer)
    assert "The certificate expires on" in why(offer)


def test_certificates_that_wait_cover_too_little_or_ended_are_refused(shop: Shop) -> None:
    waiting, narrow = _requested(shop, [FRIENDLY, WILD, PRIVATE]), _requested(shop, [FRIENDLY])
    shop.sandbox.post("certificates", {"arn": narrow})
    over = _imported(shop, [FRIENDLY, WILD, PRIVATE], days=300)
    shop.sandbox.post("certificates", {"arn": over, "status": "EXPIRED"})

    offers = shop.offers("certificate", names=NAMES)

    assert "is not issued yet (PENDING_VALIDATION)" in why(offers[waiting])
    assert f"but not {WILD}, {PRIVATE}" in why(offers[narrow])
    assert "It has expired" in why(offers[over])
    assert {offer.verdict for offer in offers.values()} == {REFUSED}


def test_the_live_zone_fits_its_twin_a_private_one_and_a_foreign_one_do_not(shop: Shop) -> None:
    live = products.zone(shop.sandbox)
    route53 = shop.aws("route53")
    twin = _id(route53.create_hosted_zone(Name="example.com", CallerReference="twin"))
    foreign = products.zone(shop.sandbox, "example.net")
    vpc = {"VPCRegion": "us-east-1", "VPCId": _default_vpc(shop)}
    inside = {"PrivateZone": True, "Comment": "inside"}
    made = route53.create_hosted_zone(Name="example.com", CallerReference="p", VPC=vpc, HostedZoneConfig=inside)
    private = _id(made)

    offers = shop.offers("hosted_zone", names=f"{FRIENDLY},{PRIVATE}")

    assert offers[live].verdict is FITS
    assert f"The live zone of that name is {live}" in why(offers[twin])
    assert "does not belong in example.net" in why(offers[foreign])
    assert "It is a private zone" in why(offers[private])
    assert {offers[each].verdict for each in (twin, foreign, private)} == {REFUSED}
    assert shop.offers("hosted_zone")[foreign].verdict is FITS


def test_a_zone_that_names_only_some_of_its_servers_is_warned_of(shop: Shop) -> None:
    zone, route53 = products.zone(shop.sandbox), shop.aws("route53")
    servers = route53.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"][:2]
    record = {"Name": "example.com", "Type": "NS", "TTL": 60, "ResourceRecords": [{"Value": s} for s in servers]}
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)

    offer = shop.offers("hosted_zone", names=FRIENDLY)[zone]

    assert offer.verdict is WARNED
    assert "The domain does not name" in why(offer)


def _requested(shop: Shop, names: list[str]) -> str:
    more = {"SubjectAlternativeNames": names[1:]} if names[1:] else {}
    made = shop.aws("acm").request_certificate(DomainName=names[0], ValidationMethod="DNS", **more)
    return str(made["CertificateArn"])


def _imported(shop: Shop, names: list[str], days: float) -> str:
    """A certificate of the seller's own, made here and imported."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    body = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    made = shop.aws("acm").import_certificate(
        Certificate=body.public_bytes(pem),
        PrivateKey=key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    return str(made["CertificateArn"])


def _id(made: dict[str, dict[str, str]]) -> str:
    return made["HostedZone"]["Id"].rpartition("/")[2]


def _default_vpc(shop: Shop) -> str:
    found = shop.aws("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    return str(found["Vpcs"][0]["VpcId"])
