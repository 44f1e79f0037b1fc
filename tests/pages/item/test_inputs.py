"""Changing a failed step's inputs and trying it again: both in one press, or nothing."""

from __future__ import annotations

from typing import Any

from onboarding.engine import commands
from onboarding.models import Failure, Item, Run
from sellers.models import Product
from tests import factories
from tests.factories import Tenant

REGION = "regions.us-east-1.network"
EXISTING = {
    f"{REGION}.mode": "existing",
    f"{REGION}.vpc_id": "vpc-0abc1234",
    f"{REGION}.subnet_ids": "subnet-0abc1234\nsubnet-0abc1235",
}


def failed(tenant: Tenant, slug: str = "network") -> Item:
    factories.started(tenant.product)
    factories.moved(factories.item(tenant.product, "access"), "done")
    why = Failure(kind="yours", sentence="No room.", cure="Choose another VPC.")
    item = factories.item(tenant.product, slug, "us-east-1")
    return factories.moved(item, "failed", sentence=why.sentence, failure=why)


def choice(tenant: Tenant, region: str = "us-east-1") -> Any:
    return tenant.product.regions.get(region=region).spec


def test_the_failed_step_shows_its_own_inputs_and_no_others(own: Tenant) -> None:
    item = failed(own)
    text = factories.signed_in(own.engineer).get(f"/items/{item.pk}/").content.decode()
    assert f'name="{REGION}.vpc_id"' in text
    assert 'name="regions.eu-west-1.network.vpc_id"' not in text
    assert 'name="product.name"' not in text


def test_new_inputs_are_saved_and_the_step_is_tried_with_them(own: Tenant) -> None:
    item = failed(own)
    before = choice(own, "eu-west-1")
    answer = factories.signed_in(own.engineer).post(f"/items/{item.pk}/change/", EXISTING, follow=True)
    assert "The inputs are saved; the item is tried again with them." in answer.content.decode()
    assert (choice(own).network.mode, choice(own).network.vpc_id) == ("existing", "vpc-0abc1234")
    assert Item.objects.get(pk=item.pk).state == "todo"
    assert Run.objects.get(product=own.product).spec["regions"]["us-east-1"]["network"]["vpc_id"] == "vpc-0abc1234"
    assert choice(own, "eu-west-1") == before, "another region keeps its choices"
    kept = Product.objects.get(pk=own.product.pk)
    assert (kept.name, kept.private_dns_name) == (own.product.name, "api.example.com")


def test_a_wrong_input_is_said_at_its_field_and_nothing_is_written(own: Tenant) -> None:
    item = failed(own)
    wrong = {**EXISTING, f"{REGION}.vpc_id": "vpc-zzz"}
    answer = factories.signed_in(own.engineer).post(f"/items/{item.pk}/change/", wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="vpc-zzz"' in text
    assert "Nothing was saved, and nothing was tried again." in text
    assert text.count('class="errs') == 1
    assert choice(own).network.mode == "create"
    assert Item.objects.get(pk=item.pk).state == "failed"


def test_a_skipped_step_may_be_done_after_all_with_other_inputs(own: Tenant) -> None:
    item = failed(own)
    commands.skip(item, None, "Later.")
    client = factories.signed_in(own.engineer)
    assert "Save and retry this step" in client.get(f"/items/{item.pk}/").content.decode()
    client.post(f"/items/{item.pk}/change/", EXISTING)
    assert Item.objects.get(pk=item.pk).state == "todo"


def test_fields_of_others_are_ignored(own: Tenant) -> None:
    item = failed(own)
    sent = {**EXISTING, "product.name": "Another", "regions.eu-west-1.network.mode": "manual", "seller": "canary-corp"}
    factories.signed_in(own.engineer).post(f"/items/{item.pk}/change/", sent)
    assert Product.objects.get(pk=own.product.pk).name == own.product.name
    assert choice(own, "eu-west-1").network.mode == "create"


def test_a_second_press_writes_nothing_and_says_so(own: Tenant) -> None:
    item = failed(own)
    client = factories.signed_in(own.engineer)
    client.post(f"/items/{item.pk}/change/", EXISTING)
    again = client.post(f"/items/{item.pk}/change/", {**EXISTING, f"{REGION}.vpc_id": "vpc-0def5678"})
    assert again.status_code == 422
    assert "no longer needs a retry" in again.content.decode()
    assert choice(own).network.vpc_id == "vpc-0abc1234"


def test_while_another_run_is_open_nothing_is_saved_and_what_was_typed_stays(own: Tenant) -> None:
    item = failed(own)
    commands.cancel(Run.objects.get(product=own.product), None)
    other = factories.started(own.product)
    Item.objects.filter(pk=item.pk).update(state="failed", run=Run.objects.exclude(pk=other.pk).get())
    answer = factories.signed_in(own.engineer).post(f"/items/{item.pk}/change/", EXISTING)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "is open. Retry when it has finished." in text
    assert "vpc-0abc1234" in text
    assert choice(own).network.mode == "create"


def test_a_product_step_changes_the_products_facts(own: Tenant) -> None:
    item = failed(own, "listener")
    sent = {
        "product.listener.protocol": "TCP",
        "product.listener.port": "8443",
        "product.listener.target_port": "443",
        "product.listener.health_check.protocol": "TCP",
    }
    factories.signed_in(own.engineer).post(f"/items/{item.pk}/change/", sent)
    kept = Product.objects.get(pk=own.product.pk)
    assert (kept.listener_port, kept.target_port, choice(own).network.mode) == (8443, 443, "create")


def test_nonsense_of_every_kind_gets_a_sentence(own: Tenant) -> None:
    item = failed(own)
    client = factories.signed_in(own.engineer)
    for bad in ("\x00", "💥" * 50, "x" * 100_000, "‮evil", "<script>", "vpc-0abc1234; rm -rf /", ""):
        answer = client.post(f"/items/{item.pk}/change/", {**EXISTING, f"{REGION}.vpc_id": bad})
        assert answer.status_code == 422, bad[:20]
        assert "<script>" not in answer.content.decode().split("<main")[1]
    assert choice(own).network.mode == "create"
