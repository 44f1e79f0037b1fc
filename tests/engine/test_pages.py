"""The pages of a real product, from its records to the package that was sent, by their own forms."""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from onboarding.models import Item, Submission
from sellers.models import Membership, Product
from tests import engine_driver, factories, products
from tests.engine.actions import HOME, up
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
PROCESS = "We write to every new buyer, and support allows the account within a day."


@pytest.fixture
def product(fast: SandboxProcess, settings: Settings) -> Product:
    """A product of both profiles, as far as it comes without Seller Operations."""
    settings.SELLER_OPS_EMAIL = "ops@marketplace.example"
    made = products.whole_product(fast, products.whole({HOME: products.OWN_TARGETS}))
    up(made)
    return made


@pytest.fixture
def client(product: Product) -> Client:
    """The browser of an engineer of its seller."""
    user = factories.person("mara@example.com")
    Membership.objects.create(seller=product.seller, user=user, role="engineer")
    return factories.signed_in(user)


def text(client: Client, product: Product, page: str) -> str:
    response = client.get(f"/products/{product.pk}/{page}/")
    assert response.status_code == 200
    return response.content.decode()


def cells(page: str) -> dict[str, str]:
    """Label -> word of each cell of the checklists."""
    found = re.findall(r'<span class="visually-hidden">([^<]+): </span>\s*([A-Z][a-z ]+)', page)
    return {label: word.strip() for label, word in found}


def sent_in(client: Client, product: Product, **values: str) -> None:
    """A press on the submission page, and everything comes to rest."""
    part = "process" if "process" in values else "order"
    response = client.post(f"/products/{product.pk}/submission/{part}/", values)
    assert response.status_code == 302
    engine_driver.rest()


def test_records_checklists_and_package_of_a_real_product(
    client: Client, product: Product, fast: SandboxProcess
) -> None:
    records = text(client, product, "dns")
    assert records.count("Done</span>") >= 2, "the validation and the ownership record are served"
    assert "Certificates issued in 1 of 1 region" in records
    assert "All certificates are issued, so the NS record may be set." in records
    assert re.search(r"<code>_[0-9a-z]+\.api\.vpce</code>", records), "the host as it is typed in its zone"
    assert "NS_" not in records

    asked = Item.objects.get(slug="name_servers")
    servers = fast.post("marketplace_zone", {"name": products.FRIENDLY})["servers"]
    client.post(f"/items/{asked.pk}/answer/", {"servers": "\n".join(servers)})
    engine_driver.rest()
    records = text(client, product, "dns")
    assert all(f"<code>{server}.</code>" in records for server in servers)
    assert "resolves in the delegated zone" in records or "does not resolve in the zone" in records
    change = json.loads(client.get(f"/products/{product.pk}/dns/route53/").content)
    assert {one["ResourceRecordSet"]["Type"] for one in change["Changes"]} == {"CNAME", "TXT", "NS"}

    seen = cells(text(client, product, "verification"))
    assert {word for label, word in seen.items() if "process" not in label} <= {"Done", "Warning", "Self-reported"}
    assert seen["A process to inform buyers and to allow them"] == "Failed"

    page = text(client, product, "submission")
    assert "Waits for “A process to inform buyers and to allow them”" in page
    sent_in(client, product, process=PROCESS)
    page = text(client, product, "submission")
    [seen_facts] = set(re.findall(r'name="seen"\s+value="([0-9a-f]{64})"', page))
    sent_in(client, product, order="freeze", seen=seen_facts)
    assert "Version 1 is frozen already." in text(client, product, "submission")
    sent_in(client, product, order="send", seen=seen_facts)

    [row] = Submission.objects.all()
    assert (row.state, row.sha256, row.sent_by) == ("sent", seen_facts, "mara@example.com")
    assert [one.subject for one in mail.outbox if "Name servers" not in one.subject] == [row.subject]
    page = text(client, product, "submission")
    assert "Version 1 is with Seller Operations." in page
    assert PROCESS in page
    package = json.loads(client.get(f"/submissions/{row.pk}/json/").content)
    assert package["sha256"] == seen_facts
    assert package["checklists"]
