"""A verification looks at everything again under a read-only session, and writes evidence only."""

from __future__ import annotations

import pytest

from onboarding import worker
from onboarding.engine import commands
from onboarding.engine.verify import verify
from onboarding.models import AwsCall, Evidence, Item, Progress, Resource, Run
from sellers.models import Product
from tests import products
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def finished(sandbox: SandboxProcess) -> Product:
    """A product that is built in one region."""
    product = products.product(sandbox, products.spec({"us-east-1": {}}))
    started = commands.provision(product, None)
    worker.work(started.run, started.due, lambda _: None)
    assert Run.objects.get(pk=started.run.pk).state == "done"
    return product


def unchanged() -> list[object]:
    """What a verification must leave as it is."""
    items = list(Item.objects.order_by("pk").values())
    return [items, list(Resource.objects.order_by("pk").values()), Progress.objects.get().done]


def test_it_finds_everything_as_it_was_and_changes_nothing(sandbox: SandboxProcess, finished: Product) -> None:
    before, mutating = unchanged(), [c for c in sandbox.get("calls") if c["mutating"]]

    run = commands.verify(finished, None)
    verify(run.pk)

    run.refresh_from_db()
    assert run.state == "done"
    assert unchanged() == before
    assert [c for c in sandbox.get("calls") if c["mutating"]] == mutating
    assert not AwsCall.objects.filter(run_id=run.pk, mutating=True).exists()
    assert set(Evidence.objects.filter(run_id=run.pk).values_list("item_id", flat=True)) == set(
        Item.objects.filter(state="done").values_list("pk", flat=True)
    )


def test_it_tells_what_was_changed_by_hand_and_repairs_nothing(sandbox: SandboxProcess, finished: Product) -> None:
    service = Resource.objects.get(kind="endpoint_service").aws_id
    ec2 = sandbox.client("ec2", products.SELLER)
    ec2.modify_vpc_endpoint_service_permissions(
        ServiceId=service, RemoveAllowedPrincipals=["arn:aws:iam::333333333333:root"]
    )

    run = commands.verify(finished, None)
    verify(run.pk)

    run.refresh_from_db()
    assert run.state == "failed"
    drift = Evidence.objects.get(run_id=run.pk, outcome="fail")
    assert drift.item.slug == "buyers"
    assert "333333333333" in drift.sentence
    allowed = ec2.describe_vpc_endpoint_service_permissions(ServiceId=service)["AllowedPrincipals"]
    assert allowed == []


def test_a_second_request_joins_the_first_and_a_killed_one_goes_on(sandbox: SandboxProcess, finished: Product) -> None:
    run = commands.verify(finished, None)
    assert commands.verify(finished, None).pk == run.pk
    first = Item.objects.filter(state="done")[0]
    Evidence.objects.create(
        item=first, run_id=run.pk, check_name="x", outcome="pass", sentence="x", sha256="", at=run.started_at
    )

    verify(run.pk)

    assert Evidence.objects.filter(run_id=run.pk, item=first).count() == 1
    run.refresh_from_db()
    assert run.state == "done"
