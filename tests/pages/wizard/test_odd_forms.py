"""Forms that no page of the wizard sends, too much of them, and what comes along in the address or from a picker."""

from __future__ import annotations

from html import unescape

import pytest

from tests.pages.wizard.conftest import Desk
from tests.pages.wizard.nasty import EVERY, KINDS, MORE, as_kept
from tests.sellers.browser import Fields


def test_each_wrong_line_of_the_buyers_is_named_by_its_number(full: Desk) -> None:
    lines = [" ".join(as_kept(value).split()) for value in (*EVERY, *MORE) if len(value) < 5_000]
    response = full.client.post(full.url("buyers"), {"version": full.version, "buyers": "\n".join(lines)})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "<script>alert(1)" not in shown
    assert f"Line {lines.index('*') + 1}: " in shown or "more lines have errors" in shown
    assert Fields(shown).values["buyers"] == "\n".join(lines)
    thousand = "333333333333 Acme\n" * 1_000
    response = full.client.post(full.url("buyers"), {"version": full.version, "buyers": thousand})
    assert "Line 2: arn:aws:iam::333333333333:root is listed twice." in response.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"version": "x" * 5_000},
        {"version": "\u0661"},
        {"version": "-1"},
        {"only": "a\0b"},
        {"only": "connections.service"},
        {"do": "test.<script>"},
        {"do": "copy.us-east-1.' OR 1=1--"},
        {"do": "../../etc/passwd"},
        {"seen.product.name": "1e9"},
        {"tab": "x" * 70_000},
        {"regions": ["us-east-1"] * 1_000},
    ],
    ids=lambda sent: "".join(sent),
)
def test_what_no_page_sends_changes_nothing_and_breaks_nothing(full: Desk, sent: dict[str, object]) -> None:
    before = full.data
    assert full.client.post(full.url("names"), sent).status_code in (302, 422)
    assert full.client.post(full.url("names", "save/"), sent, headers={"HX-Request": "true"}).status_code in (200, 204)
    assert full.data == before


def test_a_draft_that_grows_too_large_is_refused_and_what_was_typed_is_shown(full: Desk) -> None:
    before, much = full.data, "y" * 600_000
    full.draft.data = {**before, "regions.us-east-1.targets.user_data": much}
    full.draft.save()
    typed = "n" * 300_000 + "\U0001f600" * 20_000
    response = full.post("names", product__name=typed)
    assert response.status_code == 422
    assert "more than a draft can hold" in response.context["told"]
    assert typed in unescape(response.content.decode())
    assert full.data["product.name"] == before["product.name"]


def test_what_a_picker_brings_in_the_address_is_shown_and_not_yet_saved(full: Desk) -> None:
    path = "regions.us-east-1.network.vpc_id"
    page = full.client.get(full.url("network"), {path: "vpc-0123456789abcdef0"}).content.decode()
    assert Fields(page).values[path] == "vpc-0123456789abcdef0"
    assert "saved when you continue" in page
    assert path not in full.data
    for value in (value for values in KINDS.values() for value in values[:2]):
        assert full.client.get(full.url("network"), {path: value[:2_000]}).status_code == 200


def test_what_was_chosen_from_the_account_takes_the_place_of_what_was_typed(full: Desk) -> None:
    path = "regions.us-east-1.network.subnet_ids"
    ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    response = full.save("network", path, ["typed", *ids], pick="1")
    assert full.data[path] == "\n".join(ids)
    assert response["HX-Retarget"] == "#f-regions-us-east-1-network-subnet-ids"


def test_a_star_among_the_buyers_is_told_what_it_would_mean(full: Desk) -> None:
    response = full.post("buyers", buyers="333333333333 Acme\n* Everybody")
    assert "Line 2: The principal * allows every AWS account." in response.content.decode()


def test_the_rehearsals_settings_count_only_with_a_buyer_test_account(full: Desk) -> None:
    assert full.data["regions.us-east-1.rehearsal.vpc_id"]
    full.post("access", connections__buyer_test="")
    assert b"needs the buyer_test connection" not in full.client.get(full.url("review")).content
    assert full.post("review", do="finish").status_code == 302
