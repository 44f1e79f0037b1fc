"""Going up: what is made, what is adopted, and that a second run changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onboarding.models import Item, Resource
from sellers.models import Product
from sellers.spec import load_data
from sellers.spec_writer import save_spec
from tests import engine_driver, products
from tests.engine.actions import HOME, mutations, up
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
Make = Callable[..., Product]


def test_a_second_run_makes_no_mutating_call(fast: SandboxProcess, make: Make) -> None:
    product = make()
    assert up(product).state == "done", engine_driver.picture()
    before = mutations(fast)

    assert up(product).state == "done"
    assert mutations(fast) == before


def test_a_region_added_to_a_finished_product_makes_only_its_own_things(fast: SandboxProcess, make: Make) -> None:
    product = make()
    up(product)
    home = fast.get(f"inventory?region={HOME}")
    before = len(mutations(fast))

    save_spec(load_data(products.spec({HOME: {}, "us-west-1": {}})), None)
    run = up(Product.objects.get(pk=product.pk))

    assert run.state == "done", engine_driver.picture()
    assert {call["region"] for call in mutations(fast)[before:]} == {"us-west-1"}
    assert fast.get(f"inventory?region={HOME}") == home
    assert Item.objects.filter(region="us-west-1", state="done").count() == Item.objects.filter(region=HOME).count()


def test_a_run_until_a_step_stops_there(fast: SandboxProcess, make: Make) -> None:
    run = up(make(), until="network")

    assert set(Item.objects.filter(state="done").values_list("slug", flat=True)) == {"access", "network"}
    assert run.state != "open", engine_driver.picture()
    assert not [call for call in mutations(fast) if call["action"] == "RunInstances"]


def test_a_run_of_one_region_leaves_the_others_alone(fast: SandboxProcess, make: Make) -> None:
    run = up(make({HOME: {}, "us-west-1": {}}), region="us-west-1")

    assert {call["region"] for call in mutations(fast)} == {"us-west-1"}
    assert run.state != "open", engine_driver.picture()


def test_a_buyer_taken_off_is_taken_off_the_list_even_when_the_first_removal_fails(
    fast: SandboxProcess, make: Make
) -> None:
    product = make()
    up(product)
    spec = products.spec({HOME: {}})
    spec["buyers"] = [{"account_id": "444444444444", "alias": "Globex"}]
    save_spec(load_data(spec), None)
    fast.post("faults", {"action": "ModifyVpcEndpointServicePermissions", "skip": 1, "code": "InternalError"})

    run = up(Product.objects.get(pk=product.pk))

    assert run.state == "done", engine_driver.picture()
    service = Resource.objects.get(kind="endpoint_service").aws_id
    ec2 = fast.client("ec2", products.SELLER, HOME)
    listed = ec2.describe_vpc_endpoint_service_permissions(ServiceId=service)["AllowedPrincipals"]
    assert [entry["Principal"] for entry in listed] == ["arn:aws:iam::444444444444:root"]
