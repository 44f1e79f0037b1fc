"""A submission's facts, and versions of it, as the engine keeps them: for tests of what is shown of them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from onboarding.checklist.step import CheckResult, Outcome, SubmissionVersion
from onboarding.models import Item, Submission
from onboarding.submission.email import letter
from onboarding.submission.facts import CertificateFacts, Facts, Kept, RegionFacts, digest
from sellers.models import Product
from tests import factories


def facts(product: Product, *, service: str = "0daa010345a21646f", process: str = "") -> dict[str, Any]:
    """What the package of a product in one region says."""
    names = ("api.vpce.example.com", "*.api.vpce.example.com")
    arn = "arn:aws:acm:us-east-1:111111111111:certificate/1"
    certificate = CertificateFacts(arn=arn, account="111111111111", names=names)
    region = RegionFacts(
        region="us-east-1",
        account="111111111111",
        service_id=f"vpce-svc-{service}",
        service_name=f"com.amazonaws.vpce.us-east-1.vpce-svc-{service}",
        certificate=certificate,
    )
    return Facts(
        seller=product.seller.name,
        product=product.name,
        product_id=product.marketplace_product_id,
        friendly_name=product.friendly_dns_name,
        private_name=product.private_dns_name,
        servers=("ns-1.awsdns-01.com", "ns-2.awsdns-02.org"),
        regions=(region,),
        keep=(Kept(name="_3f1c.api.vpce.example.com", value="_9b7d.acm-validations.aws"),),
        process=process,
    ).dump()


def looked(product: Product, package: dict[str, Any], *lines: CheckResult) -> Item:
    """The submission's item has read the package, and waits for the order."""
    sha = digest(package)
    proof = CheckResult(
        check=f"package.{sha[:12]}", outcome=Outcome.PASS, sentence="The package was read.", facts=package
    )
    item = factories.item(product, "submission")
    return factories.moved(
        item, "waiting", waiting_for="you", sentence="The package is ready: freeze and send it.", proofs=[*lines, proof]
    )


def kept(product: Product, package: dict[str, Any], *, send: bool = False) -> Submission:
    """A version, written by the engine with a move of the submission's item."""
    paper = SubmissionVersion(facts=package, letter=letter(package, [], "mara@example.com"), send=send)
    item = factories.item(product, "submission")
    factories.moved(item, "waiting", waiting_for="you", sentence="Order it.", sends=[paper])
    return Submission.objects.filter(product=product).order_by("-number")[0]


def version(product: Product) -> Submission:
    """A frozen version of any product, put there directly."""
    package = facts(product)
    return Submission.objects.create(
        seller=product.seller,
        product=product,
        number=1,
        facts=package,
        sha256=digest(package),
        subject="Version 1",
        body=f"Dear Seller Operations team, this is {product.name}.",
        frozen_at=timezone.now(),
        frozen_by="mara@example.com",
    )
