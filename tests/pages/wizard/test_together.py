"""Several people, tabs and clicks on one draft: nothing is overwritten unseen."""

from __future__ import annotations

from sellers.drafts import change, clone, values_of
from sellers.models import Draft, Product
from tests import factories
from tests.factories import Tenant
from tests.pages.wizard.conftest import Desk, colleague

NAME, PRIVATE = "product.name", "product.private_dns_name"


def test_a_colleague_goes_on_where_the_link_leads(full: Desk, own: Tenant) -> None:
    other = colleague(full, own)
    page = other.client.get(f"/drafts/{full.draft.pk}/").content.decode()
    assert "Second product" in page
    assert "Review" in page
    assert other.post("names", product__name="Renamed").status_code == 302
    assert full.data[NAME] == "Renamed"


def test_a_colleagues_change_is_shown_beside_mine_and_not_overwritten(full: Desk, own: Tenant) -> None:
    other, read_at = colleague(full, own), full.version
    other.save("names", NAME, "Theirs")
    response = full.post("names", read_at, product__name="Mine", product__private_dns_name="mine.example.com")
    page = response.content.decode()
    assert response.status_code == 409
    assert full.data[NAME] == "Theirs"
    assert full.data[PRIVATE] == "mine.example.com"  # what nobody else touched is saved
    assert "Lead" in response.context["told"]
    assert 'value="Theirs"' in page
    assert 'value="Mine"' in page
    assert full.post("names", product__name="Mine").status_code == 302
    assert full.data[NAME] == "Mine"


def test_a_field_that_a_colleague_changed_asks_at_once_and_takes_the_choice(full: Desk, own: Tenant) -> None:
    other, read_at = colleague(full, own), full.version
    other.save("names", NAME, "Theirs")
    response = full.save("names", NAME, "Mine", read_at)
    assert response["HX-Retarget"] == "#f-product-name"
    assert full.data[NAME] == "Theirs"
    told = {f"seen.{NAME}": full.version}
    full.save("names", NAME, "Mine", read_at, **told)
    assert full.data[NAME] == "Mine"


def test_an_old_page_does_not_bring_back_what_a_colleague_changed_elsewhere(full: Desk, own: Tenant) -> None:
    other, read_at, old = colleague(full, own), full.version, full.data[PRIVATE]
    for typed in ("n", "ne", "new.example.com"):
        other.save("names", PRIVATE, typed, other.version, tab="theirs")
    response = full.post("names", read_at, product__name="Mine", **{PRIVATE.replace(".", "__"): old})
    assert response.status_code == 302
    assert (full.data[NAME], full.data[PRIVATE]) == ("Mine", "new.example.com")


def test_typing_on_in_one_tab_is_no_conflict_and_a_second_tab_is(full: Desk) -> None:
    read_at = full.version
    for typed in ("A", "Ab", "Abc"):
        full.save("names", NAME, typed, read_at, tab="one")
    assert full.data[NAME] == "Abc"
    assert full.post("names", read_at, tab="one", product__name="Abcd").status_code == 302
    assert full.post("names", read_at, tab="two", product__name="Else").status_code == 409
    assert full.data[NAME] == "Abcd"


def test_a_double_submit_saves_once(full: Desk) -> None:
    read_at = full.version
    answers = [full.post("names", read_at, product__name="Once").status_code for _ in range(2)]
    assert answers == [302, 302]
    assert full.version == read_at + 1


def test_a_page_of_a_finished_draft_changes_nothing_and_leads_to_the_plan(full: Desk) -> None:
    read_at = full.version
    made = full.post("review", do="finish")["Location"]
    assert full.client.get(full.url("names"))["Location"] == made
    assert full.post("names", read_at, product__name="Late")["Location"] == made
    assert full.save("names", NAME, "Late", read_at)["HX-Redirect"] == made
    assert full.data[NAME] == "Second product"


def test_a_session_that_ended_is_sent_to_sign_in_and_back_never_into_the_field(full: Desk) -> None:
    full.client.logout()
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{full.url('names')}"}
    response = full.client.post(full.url("names", "save/"), {"only": NAME, NAME: "X"}, headers=headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == f"/accounts/login/?next={full.url('names').replace('/', '%2F')}"
    assert response.content == b""


def test_changing_a_product_takes_over_what_was_changed_elsewhere_meanwhile(own: Tenant) -> None:
    draft = change(own.product, own.engineer)
    desk = Desk(draft, own.engineer, factories.signed_in(own.engineer))
    assert change(own.product, own.lead) == draft
    Product.objects.filter(pk=own.product.pk).update(target_port=8443)
    desk.post("names", product__private_dns_name="new.example.com")
    assert desk.post("review", do="finish").status_code == 302
    own.product.refresh_from_db()
    assert (own.product.target_port, own.product.private_dns_name) == (8443, "new.example.com")


def test_a_product_that_changed_where_the_draft_changes_it_is_told_first(own: Tenant) -> None:
    desk = Desk(change(own.product, own.engineer), own.engineer, factories.signed_in(own.engineer))
    desk.post("names", product__private_dns_name="draft.example.com")
    Product.objects.filter(pk=own.product.pk).update(private_dns_name="other.example.com")
    response = desk.post("review", do="finish")
    assert response.status_code == 409
    assert "other.example.com" in response.content.decode()
    assert desk.post("review", do="finish").status_code == 302
    own.product.refresh_from_db()
    assert own.product.private_dns_name == "draft.example.com"


def test_a_clone_has_all_choices_but_no_name_and_no_buyer(own: Tenant) -> None:
    client = factories.signed_in(own.engineer)
    response = client.post(f"/products/{own.product.pk}/draft/", {"do": "clone"})
    draft = Draft.objects.get()
    assert response["Location"].startswith(f"/drafts/{draft.pk}/")
    values, source = draft.data, values_of(own.product)
    assert draft.product is None
    assert "product.name" not in values
    assert "buyers" not in values
    assert values["connections.service"] == source["connections.service"]
    assert values["regions"] == source["regions"]
    assert clone(own.product, own.engineer) == draft


def test_a_region_takes_over_the_choices_of_another(full: Desk) -> None:
    full.save("network", "regions.us-east-1.targets.instance_type", "m5.large")
    full.save("network", "regions.us-east-1.load_balancer.mode", "manual")
    response = full.post("network", do="copy.us-east-1.eu-west-1")
    assert response.status_code == 302
    assert full.data["regions.eu-west-1.targets.instance_type"] == "m5.large"
    assert full.data["regions.eu-west-1.load_balancer.mode"] == "manual"
    assert full.data.get("regions.eu-west-1.network.cidr", "") == ""


def test_a_draft_thrown_away_leaves_the_product(own: Tenant) -> None:
    draft = change(own.product, own.engineer)
    factories.signed_in(own.engineer).post(f"/drafts/{draft.pk}/drop/")
    assert not Draft.objects.exists()
    assert Product.objects.filter(pk=own.product.pk).exists()
