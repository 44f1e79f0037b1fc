"""What the pages of the whole checklist ask of the database does not grow with the product's regions."""

from __future__ import annotations

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.models import Failure, Item
from sellers.models import Product
from tests import factories
from tests.factories import Tenant

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "ap-south-1")


def seen(own: Tenant, count: int) -> Product:
    """A Marketplace product in so many regions, with evidence of every item."""
    regions: dict[str, object] = {region: {} for region in REGIONS[:count]}
    made = factories.product(own.seller, name=f"In {count}", regions=regions, facts=factories.MARKETPLACE)
    factories.started(made)
    for item in Item.objects.filter(product=made, state="todo"):
        checks = [f"{name}.{region}" for region in regions for name in ("verdict", "connected.regional", "names")]
        proofs = [CheckResult(check=check, outcome=Outcome.PASS, sentence="It connects.", facts={}) for check in checks]
        factories.moved(item, "waiting", waiting_for="marketplace", sentence="They look at it.", proofs=proofs)
    return made


def asked(client: Client, url: str) -> int:
    assert client.get(url).status_code == 200
    caches["parts"].clear()  # the one who asks first draws it
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_a_products_pages_cost_the_same_in_eight_regions_as_in_one(own: Tenant) -> None:
    client, pages = (
        factories.signed_in(own.engineer),
        ("run", "run/live", "dns", "verification", "submission", "teardown"),
    )
    few, many = (
        {page: asked(client, f"/products/{made.pk}/{page}/") for page in pages}
        for made in (seen(own, 1), seen(own, len(REGIONS)))
    )
    assert many == few


def test_an_items_page_costs_the_same_in_eight_regions_as_in_one(own: Tenant) -> None:
    client, slugs = factories.signed_in(own.engineer), ("name_servers", "delegation", "submission", "go_live")
    places = {"rehearsal": REGIONS[0], **dict.fromkeys(slugs, "")}
    few, many = (
        {slug: asked(client, f"/items/{factories.item(made, slug, place).pk}/") for slug, place in places.items()}
        for made in (seen(own, 1), seen(own, len(REGIONS)))
    )
    assert many == few


def test_a_failed_items_page_with_its_form_costs_the_same_in_eight_regions_as_in_one(own: Tenant) -> None:
    client, costs = factories.signed_in(own.engineer), []
    for count in (1, len(REGIONS)):
        regions: dict[str, object] = {region: {} for region in REGIONS[:count]}
        made = factories.product(own.seller, name=f"Failed in {count}", regions=regions)
        factories.started(made)
        factories.moved(factories.item(made, "access"), "done")
        why = Failure(kind="yours", sentence="No room.")
        item = factories.item(made, "network", REGIONS[0])
        factories.moved(item, "failed", sentence=why.sentence, failure=why)
        costs.append(asked(client, f"/items/{item.pk}/"))
    assert costs[0] == costs[1]
