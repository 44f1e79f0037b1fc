"""The wizard against the simulated AWS: regions read live, a role tested, what the account needs."""

from __future__ import annotations

import json

import pytest

from onboarding.pages.wizard import account_regions
from sellers.drafts import begin
from sellers.models import Connection, Membership, Seller
from tests import factories, products
from tests.pages.wizard.conftest import Desk
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def connected(sandbox: SandboxProcess, db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A draft whose service role exists in the simulated account and is proven."""
    account_regions.forget()
    monkeypatch.setattr(account_regions, "PATIENCE", 20.0)  # this is about what is shown, not how fast the machine is
    seller = Seller.objects.create(slug="example-analytics", name="Example Analytics")
    user = factories.person("mara@example.com")
    Membership.objects.create(seller=seller, user=user, role="engineer")
    row = products.connect(sandbox, seller, products.SELLER, "onboarding")
    values = {"connections.service": row.role_arn, "regions": ["us-east-1"]}
    return Desk(begin(seller, user, values), user, factories.signed_in(user))


def test_regions_show_their_zones_and_which_are_not_enabled(connected: Desk, sandbox: SandboxProcess) -> None:
    page = connected.client.get(connected.url("regions")).content.decode()
    assert "6 zones: use1-az1, use1-az2" in page
    assert "Not enabled in this account." in page
    saved = connected.save("regions", "regions", ["us-east-1", "eu-west-1"]).content.decode()
    assert "3 zones: euw1-az1, euw1-az2, euw1-az3" in saved
    assert connected.data["regions"] == ["us-east-1", "eu-west-1"]


def test_a_refused_account_still_offers_the_list_and_says_why(connected: Desk, sandbox: SandboxProcess) -> None:
    nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]}
    products.connect(sandbox, connected.draft.seller, products.SELLER, "onboarding", nothing)
    page = connected.client.get(connected.url("regions")).content.decode()
    assert "AWS could not be asked" in page
    assert 'value="eu-west-1"' in page


def test_the_test_button_proves_the_role_and_keeps_what_was_typed(connected: Desk) -> None:
    Connection.objects.update(state="new")
    row = Connection.objects.get()
    response = connected.client.post(
        connected.url("access"),
        {"version": connected.version, "do": f"test.{row.pk}", "connections.dns": "none"},
        follow=True,
    )
    row.refresh_from_db()
    assert row.is_proven
    assert "The role requires your external ID" in response.content.decode()
    assert connected.data["connections.dns"] == "none"


def test_the_quick_create_page_makes_a_role_that_is_proven(connected: Desk, sandbox: SandboxProcess) -> None:
    row = Connection.objects.create(
        seller=connected.draft.seller, role_arn=f"arn:aws:iam::{products.SELLER}:role/made-by-the-link"
    )
    connected.save("access", "connections.service", row.role_arn)
    response = connected.client.get(connected.url("access"))
    one = response.context["accesses"][0]
    template = json.loads(one.template)
    role = template["Resources"]["Role"]["Properties"]
    assert template["Parameters"]["ExternalId"]["Default"] == row.external_id
    assert role["Policies"][0]["PolicyDocument"] == json.loads(one.document)
    assert all(
        not action.startswith("ec2:Create") for s in json.loads(one.read_only)["Statement"] for action in s["Action"]
    )
    assert f"param_ExternalId={row.external_id}" in one.link
    products.connect(sandbox, row.seller, products.SELLER, "made-by-the-link", json.loads(one.document))
    connected.client.post(connected.url("access"), {"version": connected.version, "do": f"test.{row.pk}"})
    row.refresh_from_db()
    assert row.is_proven
