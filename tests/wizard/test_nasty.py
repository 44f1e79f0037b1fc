"""Every field of every page against the values of T24: a sentence, never a crash, and nothing typed is lost."""

from __future__ import annotations

from html import unescape

import pytest

from onboarding.wizard.book import Book
from sellers.models import Product
from tests.sellers.browser import Fields
from tests.sellers.values import NASTY
from tests.wizard.conftest import Desk

MORE = (
    "12345678901", "1234567890123", "012345678901", "arn:aws-cn:iam::111111111111:role/x",
    "arn:aws:s3:::bucket", "arn:aws:iam::111111111111:user/x", "arn:aws:iam::111111111111:role/a b",
    "arn:aws:iam::111111111111:role/a/b/", "arn:aws:iam::111111111111:role/" + "x" * 2_049, "a.example.com.",
    "*.example.com", "x" * 64 + ".example.com", "x." * 127 + "com", "bücher.example", "xn--bcher-kva.example",
    "localhost", "10.0.0.1", "a_b.example.com", "com", "API.Example.COM", "\u212aelvin.example.com", "10.0.0.1/16",
    "10.0.0.0/15", "10.0.0.0/29", "fd00::/64", "xx-nowhere-1", "us-east-1 ", "arn:aws:iam::1:root",
    "9223372036854775808", "1e9", "\u0661", "65536", "333333333333\n" * 1_000, "a,b;c\td",
)  # fmt: skip
VALUES = NASTY + MORE
# "existing" opens the ids that "create" does not look at.
EXISTING = {f"regions.us-east-1.{part}.mode": "existing" for part in ("network", "targets", "load_balancer")}
CASES: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "names": ("names", {}, VALUES),
    "access": ("access", {}, NASTY + MORE[3:9]),
    "network": ("network", {}, NASTY[:20] + MORE[21:29]),
    "network of existing resources": ("network", EXISTING, NASTY[2:16]),
    "certificates": ("certificates", {}, NASTY[::2]),
}
KINDS = ("line", "number", "list", "text", "select", "cards")


def _words(value: str) -> list[str]:
    """A value as the page gives it back: no NUL, and one kind of blank."""
    return value.replace("\0", "\ufffd").split()


@pytest.fixture
def one_region(full: Desk) -> Desk:
    """The full draft in one region: half the page, the same fields."""
    full.draft.data["regions"] = ["us-east-1"]
    full.draft.save()
    return full


@pytest.mark.parametrize("case", CASES)
def test_every_value_in_every_field_is_kept_and_told(one_region: Desk, case: str) -> None:
    full, (page, more, values) = one_region, CASES[case]
    paths = [one.path for one in Book(full.draft, page).by_page[page] if one.kind in KINDS and one.path not in more]
    for shift in range(len(values)):
        typed = {path: values[(place * 5 + shift) % len(values)] for place, path in enumerate(paths)}
        response = full.client.post(full.url(page), {"version": full.version, **more, **typed})
        assert response.status_code in (302, 422), (page, shift)
        data, shown = full.data, response.content.decode()
        assert "<script>alert(1)" not in shown
        assert "<img src=x" not in shown
        assert {path: _words(data.get(path, "")) for path in typed} == {path: _words(typed[path]) for path in typed}
        if response.status_code == 422:
            kept = Fields(shown).values
            both = set(typed) & set(kept)
            assert {path: _words(kept[path]) for path in both} == {path: _words(typed[path]) for path in both}
    assert not Product.objects.filter(name="Second product").exists()


def test_regions_that_aws_has_not_are_told_and_stay_until_they_are_taken_off(full: Desk) -> None:
    response = full.client.post(full.url("regions"), {"version": full.version, "regions": [*VALUES, "us-east-1"]})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "<script>alert(1)" not in shown
    assert "AWS has no region xx-nowhere-1." in shown
    assert 'value="xx-nowhere-1"' in shown
    assert set(full.data["regions"]) >= {"xx-nowhere-1", "us-east-1", "*", "CON"}
    assert full.client.get(full.url("network")).status_code == 200


def test_each_wrong_line_of_the_buyers_is_named_by_its_number(full: Desk) -> None:
    lines = [" ".join(value.split()) for value in VALUES if len(value) < 5_000]
    response = full.client.post(full.url("buyers"), {"version": full.version, "buyers": "\n".join(lines)})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "<script>alert(1)" not in shown
    assert f"Line {lines.index('*') + 1}: " in shown or "more lines are wrong" in shown
    assert _words(Fields(shown).values["buyers"]) == _words("\n".join(lines))
    thousand = "333333333333 Acme\n" * 1_000
    response = full.client.post(full.url("buyers"), {"version": full.version, "buyers": thousand})
    assert "Line 2: arn:aws:iam::333333333333:root stands here twice." in response.content.decode()


def test_a_field_saved_while_typing_answers_with_its_sentence(full: Desk) -> None:
    read_at = full.version
    for value in VALUES:
        response = full.save("names", "product.friendly_dns_name", value, read_at, tab="one")
        shown = response.context["shown"]
        assert response.status_code == 200
        assert shown.errors or shown.fits or not str(shown.value).strip()
        assert all(sentence.endswith((".", "?")) for sentence in shown.errors)
        assert "<script>alert(1)" not in response.content.decode()


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
    for value in NASTY[4:12]:
        assert full.client.get(full.url("network"), {path: value[:2_000]}).status_code == 200


def test_what_was_chosen_from_the_account_takes_the_place_of_what_was_typed(full: Desk) -> None:
    path = "regions.us-east-1.network.subnet_ids"
    ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    response = full.save("network", path, ["typed", *ids], pick="1")
    assert full.data[path] == "\n".join(ids)
    assert response["HX-Retarget"] == "#f-regions-us-east-1-network-subnet-ids"
