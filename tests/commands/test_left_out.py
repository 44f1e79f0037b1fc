"""A region that the spec no longer names: kept while things exist there, forgotten after its teardown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onboarding.models import Item
from sellers.models import Product
from tests import factories, products
from tests.commands.call import run, spec_file
from tests.engine.conftest import chain
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
TWO: dict[str, Any] = {"us-east-1": {}, "eu-west-1": {}}
ONE: dict[str, Any] = {"us-east-1": {}}


def regions(product: Product) -> set[str]:
    return set(product.regions.values_list("region", flat=True))


def test_it_stays_while_things_exist_there_and_is_not_built_again_after_its_teardown(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    product = products.product(sandbox, products.spec(TWO))
    assert run("onboard", spec_file(tmp_path, products.spec(TWO)), "--embedded-worker")[0] == 0
    file = spec_file(tmp_path, products.spec(ONE))

    code, out, _ = run("onboard", file, "--embedded-worker")
    assert code == 0
    assert "eu-west-1 is no longer in the spec and still has " in out
    assert "manage.py teardown example-analytics/example-analytics --region eu-west-1" in out
    assert regions(product) == set(TWO)

    assert run("teardown", product.slug, "--region", "eu-west-1", "--embedded-worker")[0] == 0
    before = sandbox.get("inventory")
    code, out, _ = run("onboard", file, "--embedded-worker")
    assert code == 0
    assert "eu-west-1 is no longer in the spec. We removed it from the product." in out
    assert regions(product) == set(ONE)
    assert sandbox.get("inventory") == before
    assert {item.state for item in Item.objects.filter(region="eu-west-1")} == {"not_needed"}
    assert all(chain(item) == item.state for item in Item.objects.all())

    run("onboard", spec_file(tmp_path, products.spec(TWO)), "--embedded-worker")
    assert {item.state for item in Item.objects.filter(region="eu-west-1")} == {"done"}


def test_its_steps_that_have_begun_keep_it_too(sandbox: SandboxProcess, tmp_path: Path) -> None:
    product = products.product(sandbox, products.spec({**ONE, "eu-west-1": {"network": {"mode": "manual"}}}))
    run(
        "onboard",
        spec_file(tmp_path, products.spec({**ONE, "eu-west-1": {"network": {"mode": "manual"}}})),
        "--embedded-worker",
    )

    _, out, _ = run("onboard", spec_file(tmp_path, products.spec(ONE)), "--embedded-worker")

    assert "eu-west-1 is no longer in the spec and its steps have begun. Delete it with" in out
    assert regions(product) == set(TWO)


def test_the_product_page_removes_a_region_only_when_nothing_is_there(sandbox: SandboxProcess, tmp_path: Path) -> None:
    own = factories.tenant()
    sandbox.post("reset")
    products.connect(sandbox, own.seller, products.SELLER, "onboarding")
    client = factories.signed_in(own.engineer)
    url = f"/products/{own.product.pk}/regions/eu-west-1/remove/"
    assert url in client.get(f"/products/{own.product.pk}/").content.decode()
    assert (
        run(
            "onboard",
            spec_file(tmp_path, factories.spec(own.seller.slug, products.SELLER, own.product.name, TWO)),
            "--embedded-worker",
            "--until",
            "network",
        )[0]
        == 0
    )

    text = client.post(url, follow=True).content.decode()
    assert "eu-west-1 cannot be removed: still has " in text
    assert "Delete it first" in text
    assert regions(own.product) == set(TWO)

    run("teardown", own.product.slug, "--region", "eu-west-1", "--embedded-worker")
    assert "eu-west-1 is removed from the product." in client.post(url, follow=True).content.decode()
    assert regions(own.product) == set(ONE)
    assert ">eu-west-1<" not in client.get(f"/products/{own.product.pk}/run/").content.decode()

    last = client.post(url.replace("eu-west-1", "us-east-1"), follow=True).content.decode()
    assert "A product needs at least one region" in last
    assert regions(own.product) == set(ONE)


def test_nobody_else_removes_a_region(db: None) -> None:
    own, other = factories.tenant(), factories.tenant("canary-corp", "555555555555")
    url = f"/products/{own.product.pk}/regions/eu-west-1/remove/"
    assert factories.signed_in(other.lead).post(url).status_code == 404
    assert factories.signed_in(factories.admin()).post(url).status_code == 403
    assert regions(own.product) == set(TWO)
