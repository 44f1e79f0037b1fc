"""The plan page: what it shows, what it costs to show, and what it says when there is no plan."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Attempt, Plan, Progress
from onboarding.pages.plan.lines import groups
from onboarding.plan.approve import plan_of
from onboarding.plan.durations import expected
from onboarding.plan.prices import cost
from onboarding.plan.rows import Row, Sign
from sellers.models import Product
from tests import factories
from tests.factories import Tenant

REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "eu-central-1",
    "eu-south-1",
    "ap-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
    "me-south-1",
)


PAST = (("network", "us-east-1", 40), ("network", "eu-west-1", 60), ("access", "", 4), ("name_servers", "", 86_400))


@pytest.fixture
def own(db: None) -> Tenant:
    """A seller whose connection is proven and whose product was never run."""
    return factories.tenant()


def page(own: Tenant, product: Product | None = None, query: str = "") -> str:
    url = f"/products/{(product or own.product).pk}/plan/{query}"
    response = factories.signed_in(own.engineer).get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def wide(own: Tenant, count: int) -> Product:
    regions: dict[str, Any] = {region: {} for region in REGIONS[:count]}
    return factories.product(own.seller, name=f"In {count}", regions=regions, facts=factories.MARKETPLACE)


def test_it_says_what_will_be_made_where_for_which_guide_line_and_how(own: Tenant) -> None:
    text = page(own)
    plan = Plan.objects.get()
    creates = sum(row["sign"] == "create" for row in plan.rows)
    assert f"{creates} to create · 0 reused · 0 to delete · time not known yet" in text
    assert text.index(">us-east-1 <") < text.index(">eu-west-1 <")
    assert "From the seller guide: A network load balancer in each Region offered" in text
    assert "aws elbv2 create-load-balancer" in text
    assert "Nothing exists yet." in text
    assert f'action="/products/{own.product.pk}/plan/approve/{plan.pk}/"' in text


def test_commands_open_all_at_once(own: Tenant) -> None:
    assert '<details class="more" open' not in page(own)
    assert page(own, query="?commands=open").count('<details class="more" open') > 10


def test_many_regions_are_shown_one_at_a_time_and_an_unknown_one_is_the_first(own: Tenant) -> None:
    product = wide(own, 20)
    text = page(own, product)
    assert all(f">{region} <" not in text for region in REGIONS[1:])
    assert ">sa-east-1 <" in page(own, product, "?region=sa-east-1")
    assert ">us-east-1 <" in page(own, product, "?region=%00%F0%9F%98%80'\"><script>")


@pytest.mark.parametrize("first", [True, False])
def test_twenty_regions_cost_as_many_queries_as_one(own: Tenant, first: bool) -> None:
    client = factories.signed_in(own.engineer)

    def asked(product: Product) -> int:
        client.get("/")
        if not first:
            client.get(f"/products/{product.pk}/plan/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/products/{product.pk}/plan/").status_code == 200
        return len(queries)

    few, many = (asked(wide(own, count)) for count in (1, 20))
    assert many == few
    assert many <= (30 if first else 12)


def test_without_a_connection_it_says_what_comes_first(own: Tenant) -> None:
    Product.objects.filter(pk=own.product.pk).update(service_connection=None)
    text = page(own)
    assert "The plan is made of the product's connection and regions, and one of them is missing." in text
    assert "Choose connection" in text
    assert not Plan.objects.exists()


def test_without_a_region_it_says_what_comes_first(own: Tenant) -> None:
    own.product.regions.all().delete()
    assert "Open setup" in page(own)
    client = factories.signed_in(own.engineer)
    answer = client.post(f"/products/{own.product.pk}/plan/check/", follow=True)
    assert answer.status_code == 200
    assert client.get(f"/products/{own.product.pk}/plan/terraform/", follow=True).status_code == 200


def test_an_unproven_connection_is_tested_first(db: None) -> None:
    own = factories.tenant(proven=False)
    text = page(own)
    assert "Test connection" in text
    assert "The AWS connection must be proven first." in text


def test_while_a_run_is_at_work_the_button_says_why_not_and_nothing_is_stored(own: Tenant) -> None:
    factories.started(own.product)
    Progress.objects.filter(product=own.product).update(working=1)
    text = page(own)
    assert "A run is at work. The plan of what is left can be approved when it rests." in text
    assert not Plan.objects.exists()


def test_a_run_page_that_never_ran_leads_to_the_plan(own: Tenant) -> None:
    text = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    assert f'href="/products/{own.product.pk}/plan/">Review plan</a>' in text


def test_the_plan_is_downloaded_as_terraform(own: Tenant) -> None:
    response = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/plan/terraform/")
    assert response["Content-Disposition"] == f'attachment; filename="{own.product.slug}.tf"'
    assert b'resource "aws_vpc"' in response.content


def test_minutes_come_from_past_runs_without_what_people_take(own: Tenant) -> None:
    past = factories.product(own.seller, name="Past", facts=factories.MARKETPLACE)
    run, now = factories.started(past), timezone.now()
    for slug, region, seconds in PAST:
        Attempt.objects.create(
            item=factories.item(past, slug, region),
            run=run,
            number=1,
            verb="provision",
            outcome="done",
            started_at=now - timedelta(seconds=seconds),
            ended_at=now,
        )
    assert expected(("network", "access", "name_servers")) == {"network": 50.0, "access": 4.0}
    assert "about 54 s ·" in page(own, factories.product(own.seller, name="Next", regions={"us-east-1": {}}))


def test_alike_things_stand_in_one_line_with_their_warnings_and_cost(own: Tenant) -> None:
    plan = plan_of(own.product, own.engineer)
    rows = [
        Row(
            slug="network",
            region="us-east-1",
            sign=Sign.CREATE,
            kind="subnet",
            words="subnet",
            name=f"s-{n}",
            commands=("aws ec2 create-subnet",),
            warnings=("Small.",),
        )
        for n in range(5)
    ]
    rows.append(
        Row(slug="network", region="us-east-1", sign=Sign.REUSE, kind="vpc", words="VPC", name="", aws_id="vpc-1")
    )
    (group,) = groups(plan, rows, cost(rows), "")
    (step,) = group.steps
    assert group.counts == "5 to create, 1 reused"
    assert step.commands == "aws ec2 create-subnet"
    subnets, vpc = step.lines
    assert (subnets.words, list(subnets.names), subnets.more) == ("Subnet × 5", ["s-0", "s-1", "s-2"], 2)
    assert list(subnets.warnings) == ["Small."]
    assert (vpc.word, list(vpc.names)) == ("reuse", ["vpc-1"])


def test_before_anybody_has_looked_one_card_says_what_will_be_looked_at(own: Tenant) -> None:
    text = page(own)
    before = text[text.index('id="check-h"') : text.index("</section>", text.index('id="check-h"'))]
    assert "not checked yet" in before
    assert "<b>Permissions</b>" in before
    assert 'id="part-permissions"' not in text


def test_a_plan_of_what_exists_already_is_nobodys_turn(own: Tenant) -> None:
    assert "Your turn" in page(own)
    plan = Plan.objects.get()
    plan.rows = [{**row, "sign": "reuse"} for row in plan.rows]
    plan.save()
    text = page(own)
    assert "Everything in this plan exists already." in text
    assert "Your turn" not in text
