"""A world with something on every page, and the addresses of all pages by who looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.test import Client
from django.urls import reverse

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.models import Failure, Item
from sellers.models import Product
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.desk.test_tenants import objects
from tests.pages.dns.test_board import proof
from tests.pages.item.test_views import failed, manual
from tests.pages.test_tenants import OF_A_SELLER, OF_NOBODY, OF_OVERSEERS, address, things

PRODUCTS = {"Busy": ("run", "verification"), "Listed": ("run", "dns", "verification", "submission")}
MINE = ("account_change_password", "mfa_index")


class World:
    """A seller whose products and items are in every state, a package under review, and everybody's browsers."""

    def __init__(self) -> None:
        self.tenant: Tenant = factories.tenant()
        self.desk = objects(self.tenant)
        self.of = things(self.tenant)
        self.items = [failed(self.tenant), manual(self.tenant), *_busy(self.tenant), *_marketplace(self.tenant)]
        self.clients = {
            "": Client(),
            "lead": factories.signed_in(self.tenant.lead),
            "engineer": factories.signed_in(self.tenant.engineer),
            "reviewer": factories.signed_in(factories.reviewer()),
            "admin": factories.signed_in(factories.admin()),
        }

    def pages(self) -> list[tuple[str, str]]:
        """Who looks, and at which address: every URL of the project that answers with a whole page."""
        return [(who, url) for who, url in dict.fromkeys(self._asked()) if self._whole(who, url)]

    def _asked(self) -> Iterator[tuple[str, str]]:
        """Those of the URL x role matrix, and each state of an item and of a product besides."""
        yield "", reverse("account_login")
        for name in sorted(OF_NOBODY | OF_OVERSEERS) + list(MINE):
            yield "lead", reverse(name)
        for name, pick in OF_A_SELLER.items():
            yield "lead", address(name, pick(self.of))
        for item in self.items:
            yield "engineer", reverse("onboarding:item", args=[item.pk])
        for name, pages in PRODUCTS.items():
            product = Product.objects.get(name=name)
            yield from (("engineer", reverse(f"onboarding:{page}", args=[product.pk])) for page in pages)
        yield "engineer", f"{reverse('onboarding:home')}?lane=you"
        yield "reviewer", reverse("onboarding:desk")
        yield from (("reviewer", reverse(name, args=[pk])) for name, pk in self.desk.items())
        for page in (reverse("onboarding:home"), _run(self.of.product)):
            yield "admin", page

    def _whole(self, who: str, url: str) -> bool:
        answer = self.clients[who].get(url)
        text = b"" if answer.streaming else answer.content.lstrip()[:40].lower()
        return answer.status_code == 200 and text.startswith(b"<!doctype html")


def _run(product: UUID) -> str:
    return reverse("onboarding:run", args=[product])


def _busy(tenant: Tenant) -> Iterator[Item]:
    """Items that work, wait for AWS, are done with evidence, and were skipped."""
    product = factories.product(tenant.seller, name="Busy")
    factories.started(product)
    facts = {"account": "111111111111"}
    seen = CheckResult(check="identity", outcome=Outcome.WARN, sentence="A look at it.", facts=facts)
    yield factories.moved(factories.item(product, "access"), "done", proofs=[seen])
    network = {region: factories.item(product, "network", region) for region in factories.REGIONS}
    yield factories.moved(
        network["us-east-1"],
        "waiting",
        waiting_for="aws",
        sentence="AWS makes it.",
        aws_status="pending",
        kind="vpc",
        next_in=900,
    )
    Item.objects.filter(pk=network["eu-west-1"].pk).update(state="working")
    yield network["eu-west-1"]


def _marketplace(tenant: Tenant) -> Iterator[Item]:
    """Items of a Marketplace product: a record to set, a wait for Marketplace, a failed check."""
    product = factories.product(tenant.seller, name="Listed", facts=factories.MARKETPLACE)
    factories.started(product)
    validation = factories.item(product, "validation")
    yield factories.moved(validation, "waiting", waiting_for="you", sentence="Set it.", next_in=900, proofs=[proof()])
    yield submissions.waits(product, "name_servers")
    yield submissions.waits(product, "submission", "you", "Say how buyers are told.")
    failure = Failure(kind="quota", sentence="The quota is used up.", cure="Raise it.", code="TooMany", message="no")
    rehearsal = factories.item(product, "rehearsal", "us-east-1")
    yield factories.moved(rehearsal, "failed", sentence=failure.sentence, failure=failure)
