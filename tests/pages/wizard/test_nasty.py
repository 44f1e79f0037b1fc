"""Every field of every page against every value of T24: a sentence, never a crash, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.utils.html import escape

from onboarding.pages.common.problems import MOST_LINES
from onboarding.pages.wizard import pages
from onboarding.pages.wizard.actions import TOO_LARGE
from onboarding.pages.wizard.draft_page import DraftPage
from sellers.drafts import REGIONS, Read, finish, keep, values_of
from sellers.models import Draft, Product, User
from sellers.spec import SpecErrors
from sellers.spec.fields import Field, Part
from tests.pages.wizard.conftest import Desk
from tests.pages.wizard.nasty import EVERY, KINDS, MORE, acceptable, as_kept
from tests.sellers.browser import Fields

HERE = "regions.us-east-1"
MODED = {"network", "certificates"}  # pages on which a resource is made for us, or chosen
CASES = [(slug, mode) for slug in pages.SLUGS[:-1] for mode in (("create", "existing") if slug in MODED else ("",))]
IDS = {
    "network.vpc_id": "vpc-0123456789abcdef0",
    "network.subnet_ids": "subnet-0123456789abcdef0",
    "targets.instance_ids": "i-0123456789abcdef0",
    "load_balancer.arn": "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/x/0123456789abcdef",
    "endpoint_service.service_id": "vpce-svc-0123456789abcdef0",
    "certificate.arn": "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012",
}
THREE = ("targets.instance_ids", "targets.ip_addresses", "targets.alb_arn")  # only one of them may be given
each_case = pytest.mark.parametrize(("page", "mode"), CASES, ids=[f"{slug} {mode}".strip() for slug, mode in CASES])


@pytest.fixture
def one_region(full: Desk) -> Desk:
    """The full draft in one region: half the page, the same fields."""
    full.draft.refresh_from_db()
    full.draft.data |= {REGIONS: ["us-east-1"], "product.listener.health_check.protocol": "HTTP"}
    full.draft.save()
    return full


def parts(desk: Desk, page: str) -> list[Part]:
    """The resources of a page."""
    return [part for section in pages.sections(page, desk.draft, []) for part in section.parts]


def modes(desk: Desk, page: str, mode: str) -> dict[str, str]:
    """The choice of each resource whose fields are tried; where it has none in this mode, the choice itself is."""
    return {part.mode.path: mode for part in parts(desk, page) if mode == "existing" or part.create}


def judged(desk: Desk, page: str, mode: str) -> list[Field]:
    """The fields that count with these modes: what the chosen way does not look at may hold anything."""
    unused = [*modes(desk, page, mode)]
    for part in parts(desk, page):
        unused += [one.path for one in (part.existing if mode == "create" else part.create)]
    return [one for one in DraftPage(desk.draft, page).by_page[page] if one.path not in unused and one.kind != "check"]


def alone(desk: Desk, page: str, mode: str) -> list[Field]:
    """The fields that are tried one at a time: each once, the choice of a mode among them."""
    if mode == "existing":
        return [one for part in parts(desk, page) for one in part.existing]
    return judged(desk, page, mode) + [part.mode for part in parts(desk, page) if part.create]


def sent(desk: Desk, page: str, values: dict[str, str], end: str = "", **headers: str) -> Any:
    """A form as a browser sends it, lone surrogates included."""
    body = urlencode({"version": desk.version, **values}, errors="surrogatepass")
    return desk.client.post(
        desk.url(page, end), body, content_type="application/x-www-form-urlencoded", headers=headers
    )


def told(page: str) -> dict[str, list[str]]:
    """The sentences beside each field, by the key of the field."""
    found = re.findall(r'id="m-([^"]+)"(.*?)</div>', page, re.DOTALL)
    return {
        key: [re.sub(r"<[^>]*>", "", one).strip() for one in re.findall(r"<li>(.*?)</li>", inner, re.DOTALL)]
        for key, inner in found
    }


def stands(desk: Desk, one: Field) -> str:
    """What the draft holds for a field, as text."""
    value = desk.draft.data.get(one.path, one.default)
    return " ".join(value) if isinstance(value, list) else str(value)


def assert_sound(product: Product, fields: list[Field]) -> None:
    """A product has only what it may have."""
    values = values_of(product)
    for one in fields:
        stored = values.get(one.path, "")
        text = " ".join(stored) if isinstance(stored, list) else stored
        assert acceptable(one, text), (one.path, text)


def test_every_field_of_a_page_is_tried(one_region: Desk) -> None:
    first = one_region.client.get(one_region.url("names")).content.decode()
    linked = re.findall(rf'href="/drafts/{one_region.draft.pk}/(\w+)/"|value="go\.(\w+)"', first)
    assert {one for pair in linked for one in pair} >= set(pages.SLUGS)
    for page in pages.SLUGS:
        names = Fields(one_region.client.get(one_region.url(page)).content.decode()).names - {"version", "tab"}
        known = DraftPage(one_region.draft, page).by_page[page]
        assert names == {one.path for one in known}
        assert any(section.parts for section in pages.sections(page, one_region.draft, [])) == (page in MODED)
        tried = {one for slug, mode in CASES if slug == page for one in alone(one_region, page, mode)}
        assert tried == {one for one in known if one.kind != "check"}


@each_case
@pytest.mark.parametrize("kind", KINDS)
def test_a_value_in_all_fields_of_a_page_is_kept_and_told(one_region: Desk, page: str, mode: str, kind: str) -> None:
    given, fields = modes(one_region, page, mode), judged(one_region, page, mode)
    for value in KINDS[kind]:
        typed = {one.path: value for one in fields}
        response = sent(one_region, page, {**given, **typed})
        shown, data = response.content.decode(), one_region.data
        assert response.status_code in (302, 422)
        large = response.status_code == 422 and response.context["told"] == TOO_LARGE
        kept = as_kept(value)
        for one in fields:
            wanted = " ".join(dict.fromkeys(kept.split())) if one.kind == REGIONS else kept
            assert large or stands(one_region, one) == wanted, one.path
        if response.status_code == 422:
            assert_shown(shown, fields, kept)
        wrong = [one for one in fields if not acceptable(one, kept)]
        said = told(shown)
        for one in [] if large else wrong:
            assert said.get(one.key), (one.path, value[:80], data.get(one.path))
            assert len(said[one.key]) <= MOST_LINES + 1
            assert all(sentence.endswith((".", "?")) for sentence in said[one.key])
    review = one_region.client.get(one_region.url("review"))
    assert review.status_code == 200
    assert "<script>alert(1)" not in review.content.decode()
    one_region.post("review", do="finish")
    for product in Product.objects.filter(drafts=one_region.draft):
        assert_sound(product, fields)


def assert_shown(shown: str, fields: list[Field], kept: str) -> None:
    """A page gives back what was typed, and as text."""
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    back = Fields(shown).values
    for one in fields:
        if one.kind == REGIONS:
            assert all(f'value="{escape(word)}"' in shown for word in kept.split())
        else:
            assert back[one.path] == kept, one.path


@each_case
def test_no_product_is_made_of_a_value_that_does_not_fit(one_region: Desk, page: str, mode: str) -> None:
    draft, by = one_region.draft, one_region.user
    ids = {f"{HERE}.{path}": value for path, value in IDS.items()}
    keep(draft.pk, modes(one_region, page, mode) | (ids if mode == "existing" else {}), Read(draft.version), by)
    start = transaction.savepoint()
    finish(draft.pk, by)  # the rest of the draft is right: it is the value that is refused
    transaction.savepoint_rollback(start)
    for place, one in enumerate(alone(one_region, page, mode)):
        others = {f"{HERE}.{path}": "" for path in THREE if one.path.endswith(THREE)}
        for value in (value for value in (*EVERY[place % 2 :: 2], *MORE) if len(value) < 5_000):
            start = transaction.savepoint()
            typed = as_kept(value).split() if one.kind == REGIONS else as_kept(value)
            kept = keep(draft.pk, {**others, one.path: typed}, Read(10**6), by).draft
            fits, found = acceptable(one, as_kept(value)), ended(kept, page, by, one)
            near = (one.path, f"{one.path.rpartition('.')[0]}.mode") if not fits else found
            assert (not found and fits) or any(found.get(path) for path in near), (one.path, value)
            transaction.savepoint_rollback(start)


def ended(draft: Draft, page: str, by: User, one: Field) -> dict[str, list[str]]:
    """Finish a draft: what is wrong with it, or nothing and a product whose value of the field is sound."""
    try:
        assert_sound(finish(draft.pk, by), [one])
    except SpecErrors as error:
        return DraftPage(draft, page, more=error.problems).problems.by_path
    return {}


@each_case
def test_a_field_alone_is_saved_and_told_while_typing(one_region: Desk, page: str, mode: str) -> None:
    sent(one_region, page, modes(one_region, page, mode))
    for one in alone(one_region, page, mode):
        for values in KINDS.values():
            value, kept = values[0], as_kept(values[0])
            response = sent(one_region, page, {"only": one.path, one.path: value}, "save/", **{"HX-Request": "true"})
            shown, said = response.content.decode(), told(response.content.decode())
            assert response.status_code == 200
            one_region.draft.refresh_from_db()
            assert stands(one_region, one) == (" ".join(kept.split()) if one.kind == REGIONS else kept)
            assert "<script>alert(1)" not in shown
            assert acceptable(one, kept) or not kept.strip() or said[one.key], (one.path, value)
