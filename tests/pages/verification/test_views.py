"""The verification page: both checklists, "Verify all", the live part."""

from __future__ import annotations

import re

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.models import Item, Run
from tests import factories
from tests.factories import Tenant


def url(tenant: Tenant) -> str:
    return f"/products/{tenant.product.pk}/verification/"


def test_before_a_run_the_page_teaches(own: Tenant) -> None:
    text = factories.signed_in(own.engineer).get(url(own)).content.decode()
    assert "What will be verified" in text
    assert "Open the run" in text


def test_each_line_links_to_its_item_with_its_age(own: Tenant) -> None:
    factories.started(own.product)
    proof = CheckResult(check="zones", outcome=Outcome.WARN, sentence="2 of 3 zones.", facts={})
    item = factories.moved(factories.item(own.product, "network", "us-east-1"), "done", proofs=[proof])
    text = factories.signed_in(own.engineer).get(url(own)).content.decode()
    cell = re.search(rf'<a class="cell s-you"\s+href="/items/{item.pk}/"\s+title="2 of 3 zones.">(.*?)</a>', text, re.S)
    assert cell
    assert "Warning" in cell[1]
    assert re.search(r'<time datetime="[^"]+" title="[^"]+ UTC">', cell[1])


def test_verify_all_starts_one_verification_and_comes_back(own: Tenant) -> None:
    factories.started(own.product)
    Item.objects.filter(product=own.product).update(state="done", next_check_at=None)
    client = factories.signed_in(own.engineer)
    assert "Verify all" in client.get(url(own)).content.decode()
    for _ in range(2):
        response = client.post(f"/products/{own.product.pk}/verify/", {"next": url(own)})
        assert response["Location"] == url(own)
    assert Run.objects.filter(product=own.product, verb="verify").count() == 1
    text = client.get(url(own)).content.decode()
    assert "looks at everything again" in text
    assert "hx-trigger" in text


def test_who_only_looks_is_offered_no_button(own: Tenant) -> None:
    factories.started(own.product)
    text = factories.signed_in(factories.admin()).get(url(own)).content.decode()
    assert "Verify all" not in text
    assert 'class="btn btn-primary"' not in text


def test_an_unchanged_page_is_not_sent_again(own: Tenant) -> None:
    factories.started(own.product)
    client = factories.signed_in(own.engineer)
    first = client.get(f"{url(own)}live/", headers={"HX-Request": "true"})
    assert b'id="verification"' in first.content
    again = client.get(f"{url(own)}live/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert again.status_code == 304
