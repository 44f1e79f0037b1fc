"""The engine whole: a product goes up in the simulated AWS, a second time nothing changes, and it goes down again."""

from __future__ import annotations

import pytest

from onboarding import worker
from onboarding.engine import commands
from onboarding.models import Item, Progress, Resource, Run
from tests import products
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def up(product: object, **options: str) -> Run:
    started = commands.provision(product, None, **options)  # type: ignore[arg-type]
    worker.work(started.run, started.due, print)
    return Run.objects.get(pk=started.run.pk)


def test_it_builds_two_regions_and_takes_them_down(sandbox: SandboxProcess) -> None:
    product = products.product(sandbox, products.spec({"us-east-1": {}, "eu-west-1": {}}))
    empty = sandbox.get("inventory")

    run = up(product)

    assert run.state == "done", [worker.line(i) for i in worker.standing(run).items]
    assert not Item.objects.exclude(state="done").exists()
    assert Progress.objects.get(product=product).done == Item.objects.count()
    before = len([c for c in sandbox.get("calls") if c["mutating"]])

    again = up(product)
    assert again.state == "done"
    assert len([c for c in sandbox.get("calls") if c["mutating"]]) == before

    started = commands.teardown(product, None)
    worker.work(started.run, started.due, print)
    assert Run.objects.get(pk=started.run.pk).state == "done"
    assert not Resource.objects.exclude(state="gone").exists()
    assert sandbox.get("inventory") == empty
