"""Approving a plan: once, only while it is true, and only by those who may run the product."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.models import Plan, Run
from onboarding.plan.approve import KEPT, plan_of
from sellers.models import Product, ProductRegion
from sellers.spec import RegionChoices
from tests import factories
from tests.factories import Tenant


@pytest.fixture
def own(db: None) -> Tenant:
    """A seller whose connection is proven and whose product was never run."""
    return factories.tenant()


def seen(own: Tenant) -> Plan:
    """The plan that the engineer has just read."""
    assert factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/plan/").status_code == 200
    return Plan.objects.get(product=own.product)


def press(own: Tenant, plan: Plan, who: Any = None, **headers: str) -> Any:
    client = factories.signed_in(who or own.engineer)
    return client.post(f"/products/{own.product.pk}/plan/approve/{plan.pk}/", follow=not headers, headers=headers)


def add_region(product: Product, region: str) -> None:
    row = ProductRegion(product=product, region=region)
    row.spec = RegionChoices.model_validate({"network": {"cidr": "10.77.0.0/16"}})
    row.save()


def test_approving_starts_the_run_and_says_who_approved(own: Tenant) -> None:
    plan = seen(own)
    page = press(own, plan).content.decode()
    assert "Run 1 has started with this plan." in page
    plan.refresh_from_db()
    assert plan.run == Run.objects.get(product=own.product)
    assert (plan.approved_by, plan.made_by) == (own.engineer, own.engineer)


def test_a_double_submit_starts_one_run(own: Tenant) -> None:
    plan = seen(own)
    pages = [press(own, plan).content.decode() for _ in range(2)]
    assert "Run 1 carries this plan out already; nothing was started twice." in pages[1]
    assert Run.objects.filter(product=own.product).count() == 1


def test_a_plan_read_in_two_tabs_starts_one_run(own: Tenant) -> None:
    first = seen(own)
    twin = Plan.objects.get(pk=first.pk)
    twin.pk = None
    twin._state.adding = True
    twin.save()
    press(own, first)
    assert "This plan is out of date" in press(own, twin).content.decode()
    assert Run.objects.filter(product=own.product).count() == 1


def test_a_stale_plan_is_refused_with_what_changed_and_made_again(own: Tenant) -> None:
    plan = seen(own)
    add_region(own.product, "ap-south-1")
    Product.objects.filter(pk=own.product.pk).update(private_dns_name="other.example.com")
    page = press(own, plan).content.decode()
    assert "This plan is out of date: region ap-south-1 was added and the private DNS name changed." in page
    assert "The plan was made again: region ap-south-1 was added and the private DNS name changed." in page
    assert not Run.objects.filter(product=own.product).exists()
    again = Plan.objects.filter(product=own.product).latest("made_at")
    assert "Run 1 has started" in press(own, again).content.decode()


def test_a_stale_plan_is_refused_as_a_fragment_to_htmx(own: Tenant) -> None:
    plan = seen(own)
    own.product.regions.filter(region="eu-west-1").delete()
    response = press(own, plan, **{"HX-Request": "true"})
    assert response.status_code == 409
    assert b"region eu-west-1 was removed" in response.content


def test_a_plan_that_is_no_longer_kept_is_an_old_one(own: Tenant) -> None:
    plan = seen(own)
    Plan.objects.all().delete()
    assert "This plan is out of date: it is an old one." in press(own, plan).content.decode()


def test_another_products_plan_starts_nothing(own: Tenant) -> None:
    plan = seen(own)
    second = factories.product(own.seller, name="Second", regions={"us-east-1": {}})
    url = f"/products/{second.pk}/plan/approve/{plan.pk}/"
    assert "it is an old one" in factories.signed_in(own.engineer).post(url, follow=True).content.decode()
    assert not Run.objects.exists()


def test_a_viewer_sees_the_plan_and_may_not_approve_it(own: Tenant) -> None:
    plan, admin = seen(own), factories.admin()
    page = factories.signed_in(admin).get(f"/products/{own.product.pk}/plan/").content.decode()
    assert "Only engineers and leads of the seller can start a run." in page
    assert "What will happen" in page
    assert press(own, plan, admin, **{"X-Plain": "1"}).status_code == 403
    assert not Run.objects.exists()


def test_a_viewer_who_looks_first_stores_no_plan(own: Tenant) -> None:
    factories.signed_in(factories.admin()).get(f"/products/{own.product.pk}/plan/")
    assert not Plan.objects.exists()


def test_a_stranger_finds_nothing(own: Tenant) -> None:
    plan, other = seen(own), factories.tenant("canary-corp", "555555555555")
    assert press(own, plan, other.lead, **{"X-Plain": "1"}).status_code == 404
    client = factories.signed_in(other.lead)
    assert client.get(f"/products/{own.product.pk}/plan/").status_code == 404
    assert client.post(f"/products/{own.product.pk}/plan/check/").status_code == 404


def test_an_unchanged_plan_is_kept_and_old_ones_do_not_pile_up(own: Tenant) -> None:
    first = plan_of(own.product, own.engineer)
    assert plan_of(own.product, own.engineer) == first
    for number in range(KEPT + 3):
        own.product.name = f"Name {number}"
        own.product.save()
        plan_of(own.product, own.engineer)
    assert Plan.objects.filter(product=own.product).count() == KEPT
