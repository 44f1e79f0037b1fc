"""Writing a spec and reading it back."""

import pytest

from sellers.models import Buyer, Product, Seller
from sellers.spec import SpecErrors, load_data
from sellers.spec_writer import save_spec, spec_of
from tests.sellers.conftest import World
from tests.sellers.values import example


def test_a_spec_is_read_back_as_it_was_written(people: World) -> None:
    stored = spec_of(people.product)
    again = save_spec(stored, people.lead)
    assert (again.product.pk, again.created, again.changed) == (people.product.pk, False, ())
    assert spec_of(again.product) == stored
    assert stored.regions["eu-west-1"].network.cidr == "10.21.0.0/16"


def test_the_test_account_is_on_the_list_and_flagged(people: World) -> None:
    assert list(people.product.buyers.filter(is_test=True).values_list("account_id", flat=True)) == ["222222222222"]
    assert "222222222222" not in str(spec_of(people.product).buyers)


def test_connections_that_nobody_tested_are_named(people: World) -> None:
    connection = people.connection
    connection.state = "proven"
    connection.save()
    saved = save_spec(load_data(example()), people.lead)
    assert [row.role_arn.rpartition("/")[2] for row in saved.unproven] == ["certificates", "onboarding-test"]


def test_a_change_is_told_and_an_assigned_range_kept(people: World) -> None:
    data = example(product__listener__port=8443, buyers=[{"account_id": "333333333333", "alias": "Acme Ltd"}])
    data["regions"]["us-west-2"] = {}
    saved = save_spec(load_data(data), people.lead)
    assert saved.changed == (
        "listener_port",
        "regions.us-west-2",
        "buyers.arn:aws:iam::444444444444:role/reader",
        "buyers.arn:aws:iam::333333333333:root",
    )
    cidrs = {row.region: row.spec.network.cidr for row in saved.product.regions.all()}
    assert cidrs == {"us-east-1": "10.20.0.0/16", "eu-west-1": "10.21.0.0/16", "us-west-2": "10.22.0.0/16"}
    assert not Buyer.objects.filter(product=saved.product, account_id="444444444444").exists()


def test_a_region_that_is_left_out_stays_until_it_is_taken_down(people: World) -> None:
    saved = save_spec(load_data(example(regions={"us-east-1": {}})), people.lead)
    assert saved.left_out == ("eu-west-1",)
    assert saved.product.regions.count() == 2


def test_an_unknown_seller_is_made_only_on_demand(people: World) -> None:
    spec = load_data(example(seller="new-corp"))
    with pytest.raises(SpecErrors, match="create-seller"):
        save_spec(spec, people.lead)
    saved = save_spec(spec, people.lead, create_seller=True)
    assert saved.created
    assert Seller.objects.get(slug="new-corp").memberships.get().user == people.lead


def test_a_new_product_does_not_take_over_another_one(people: World) -> None:
    with pytest.raises(SpecErrors, match="already has a product"):
        save_spec(load_data(example()), people.lead, new=True)
    other = save_spec(load_data(example(product__name="Example, Analytics")), people.lead).product
    assert (other.slug, people.product.slug) == ("example-analytics-2", "example-analytics")
    with pytest.raises(SpecErrors, match="already has a product"):
        save_spec(load_data(example()), people.lead, product=other)
    assert save_spec(load_data(example(product__name="\U0001f600")), people.lead).product.slug == "product"


def test_a_failed_save_leaves_nothing_behind(people: World) -> None:
    count = Product.objects.count()
    regions: dict[str, dict[str, object]] = {
        f"{area}-{side}-1": {} for area in ("us", "eu") for side in ("west", "east") if (area, side) != ("eu", "east")
    }
    regions["us-east-1"] = {"network": {"cidr": "10.20.0.0/16"}}
    data = example(product__name="Half", regions=regions)
    saved = save_spec(load_data(data), people.lead)
    assert Product.objects.count() == count + 1
    assert len({row.spec.network.cidr for row in saved.product.regions.all()}) == len(regions)
    with pytest.raises(SpecErrors):
        save_spec(load_data(example(seller="nobody", product__name="Gone")), people.lead)
    assert not Product.objects.filter(name="Gone").exists()
