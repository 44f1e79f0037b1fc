"""Versions that were sent, for the review desk: rows through the model, and a product of the Marketplace profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from onboarding.models import Evidence, Item, Submission
from onboarding.submission.facts import CertificateFacts, Facts, Kept, RegionFacts, digest
from sellers.models import Product, Seller
from tests import factories

NAME = "api.vpce.example.com"
SERVERS = ("ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk")


def marketplace_product(seller: Seller, name: str = "Analytics API", account: str = "111111111111") -> Product:
    """A product that is submitted, with its checklist laid out."""
    product = factories.product(seller, account, name=name)
    product.profile, product.friendly_dns_name = "marketplace", NAME
    product.marketplace_product_id = "prod-abcdefghijklm"
    product.save()
    factories.started(product)
    return product


def facts(product: Product, **changes: Any) -> dict[str, Any]:
    """The facts of a package, as `submission.facts` writes them."""
    regions = tuple(
        RegionFacts(
            region=region,
            account="111111111111",
            service_id=f"vpce-svc-0{index}a010345a21646f",
            service_name=f"com.amazonaws.vpce.{region}.vpce-svc-0{index}a010345a21646f",
            certificate=CertificateFacts(
                arn=f"arn:aws:acm:{region}:111111111111:certificate/{index}",
                account="111111111111",
                names=(NAME, f"*.{NAME}"),
            ),
        )
        for index, region in enumerate(factories.REGIONS)
    )
    found = Facts(
        seller=product.seller.name,
        product=product.name,
        product_id="prod-abcdefghijklm",
        friendly_name=NAME,
        private_name="",
        servers=SERVERS,
        regions=regions,
        keep=(Kept(name=f"_abc.{NAME}", value="_xyz.acm-validations.aws"),),
        process="We mail every buyer.",
    )
    return {**found.dump(), **changes}


def sent(
    product: Product, number: int = 1, *, state: str = "sent", at: datetime | None = None, **changes: Any
) -> Submission:
    """A version of the product, sent now or at a time; `state` "frozen" is not sent."""
    told, when = facts(product, **changes), at or timezone.now()
    went: dict[str, Any] = {} if state == "frozen" else {"sent_at": when, "sent_by": "engineer@example.com"}
    return Submission.objects.create(
        seller=product.seller,
        product=product,
        number=number,
        state=state,
        facts=told,
        sha256=digest(told),
        subject=f"PrivateLink for {product.name}",
        body="Endpoint service: …\n",
        frozen_at=when,
        frozen_by="engineer@example.com",
        **went,
    )


def waits(product: Product, slug: str, reason: str = "marketplace", sentence: str = "Asked by email.") -> Item:
    """That item of the product, waiting."""
    item = Item.objects.get(product=product, slug=slug, region="")
    Item.objects.filter(pk=item.pk).update(
        state="waiting", waiting_for=reason, message=sentence, waiting_since=timezone.now(), next_check_at=None
    )
    return Item.objects.get(pk=item.pk)


def proof(product: Product, slug: str, region: str = "", check: str = "", **fields: Any) -> Evidence:
    """One row of evidence at an item of the product: it passed, unless told otherwise."""
    item = Item.objects.get(product=product, slug=slug, region=region)
    given = {"outcome": "pass", "sentence": "It is in order.", "at": timezone.now(), "sha256": "0" * 64, **fields}
    return Evidence.objects.create(item=item, run_id=item.run_id, check_name=check or slug, **given)


def older(submission: Submission, days: float) -> Submission:
    """The same, sent so many days earlier."""
    Submission.objects.filter(pk=submission.pk).update(sent_at=F("sent_at") - timedelta(days=days))
    return Submission.objects.get(pk=submission.pk)
