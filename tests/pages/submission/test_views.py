"""The submission page: order, process, versions and their downloads, questions."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Item, Remark
from onboarding.submission.facts import digest
from sellers.models import Product
from tests import factories, packages
from tests.factories import Tenant
from tests.pages.submission.test_board import answered

PROCESS = "Our sales desk tells every subscriber by email; support adds the account within a day."


@pytest.fixture
def product(own: Tenant) -> Product:
    made = factories.product(own.seller, name="Sent", regions={"us-east-1": {}}, facts=factories.MARKETPLACE)
    factories.started(made)
    return made


def url(product: Product, part: str = "") -> str:
    return f"/products/{product.pk}/submission/{part}"


def given(product: Product) -> dict[str, str]:
    return dict(Item.objects.get(product=product, slug="submission").given())


def test_the_order_is_for_the_facts_that_were_seen(own: Tenant, product: Product) -> None:
    answered(product)
    client = factories.signed_in(own.engineer)
    text = client.get(url(product)).content.decode()
    sha = digest(packages.facts(product))
    assert f'<input type="hidden" name="seen" value="{sha}">' in text
    response = client.post(url(product, "order/"), {"order": "send", "seen": sha})
    assert response["Location"] == url(product)
    assert given(product) == {"order": "send", "seen": sha}
    item = factories.item(product, "submission")
    assert item.check_asked


def test_a_wrong_order_is_refused_with_a_sentence(own: Tenant, product: Product) -> None:
    client = factories.signed_in(own.engineer)
    text = client.post(url(product, "order/"), {"order": "burn"}, follow=True).content.decode()
    assert "The order is freeze (save a version) or send" in text
    assert given(product) == {}


def test_the_process_is_kept_and_a_short_one_is_not(own: Tenant, product: Product) -> None:
    client = factories.signed_in(own.engineer)
    refused = client.post(url(product, "process/"), {"process": "By mail."})
    assert refused.status_code == 422
    assert "This has 8 characters." in refused.content.decode()
    assert ">By mail.</textarea>" in refused.content.decode().replace("\n", "")
    client.post(url(product, "process/"), {"process": PROCESS})
    assert given(product) == {"process": PROCESS}
    assert PROCESS in client.get(url(product)).content.decode()


def test_an_administrator_reads_and_orders_nothing(product: Product) -> None:
    client = factories.signed_in(factories.admin())
    text = client.get(url(product)).content.decode()
    assert "Save" not in text
    assert "Only engineers and leads of the seller" in text
    for part in ("order/", "process/"):
        assert client.post(url(product, part), {"order": "send", "process": PROCESS}).status_code == 403


def test_versions_are_downloaded_as_mail_and_json(own: Tenant, other: Tenant, product: Product) -> None:
    row = packages.kept(product, packages.facts(product))
    client = factories.signed_in(own.engineer)
    mail, data = (client.get(f"/submissions/{row.pk}/{form}/") for form in ("eml", "json"))
    assert mail["Content-Disposition"] == 'attachment; filename="sent-submission-1.eml"'
    assert mail["Content-Type"].startswith("message/rfc822")
    assert json.loads(data.content)["facts"] == row.facts
    assert data["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/submissions/{row.pk}/exe/").status_code == 404
    assert factories.signed_in(other.lead).get(f"/submissions/{row.pk}/json/").status_code == 404


def test_an_open_question_stands_on_the_page_with_its_form(own: Tenant, product: Product) -> None:
    row = packages.kept(product, packages.facts(product), send=True)
    reviewer = factories.reviewer()
    asked = Remark.objects.create(
        submission=row, kind="question", line="S27", text="Which account?", by=reviewer, at=timezone.now()
    )
    text = factories.signed_in(own.engineer).get(url(product)).content.decode()
    assert "Which account?" in text
    assert reverse("onboarding:question_answer", args=[asked.pk]) in text


def test_the_live_part_leaves_forms_alone(own: Tenant, product: Product) -> None:
    packages.looked(product, packages.facts(product))
    client = factories.signed_in(own.engineer)
    first = client.get(url(product, "live/"), headers={"HX-Request": "true"})
    text = first.content.decode()
    assert "textarea" not in text
    for part in ("turn", "mail", "side"):
        assert f'id="{part}" hx-swap-oob="innerHTML"' in text
    again = client.get(url(product, "live/"), headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_native_product_has_no_submission_tab(own: Tenant, product: Product) -> None:
    client = factories.signed_in(own.engineer)
    assert url(product) in client.get(f"/products/{product.pk}/run/").content.decode()
    native = client.get(f"/products/{own.product.pk}/run/").content.decode()
    assert f"/products/{own.product.pk}/submission/" not in native
