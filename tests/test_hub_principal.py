"""Who sellers' roles trust: the role behind our session, not the session."""

from __future__ import annotations

import pytest

from onboarding.aws import sessions
from onboarding.aws.sessions import hub_principal
from tests import products
from tests.sandbox_process import SandboxProcess


@pytest.mark.django_db
def test_under_an_assumed_role_it_is_the_role(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    from sellers.models import Seller

    link = products.connect(sandbox, Seller.objects.create(slug="hub", name="Hub"), products.SELLER, "plc-hub")
    keys = sessions.assume(link.role_arn, link.external_id, "i-0123456789abcdef0")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["access_key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["secret_key"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["token"])
    sessions._hub_session.cache_clear()

    assert hub_principal() == f"arn:aws:iam::{products.SELLER}:role/plc-hub"


def test_a_user_is_itself_and_a_configured_one_is_not_asked_for(sandbox: SandboxProcess) -> None:
    assert ":user/" in hub_principal()
    assert hub_principal("arn:aws:iam::999999999999:role/team/hub") == "arn:aws:iam::999999999999:role/team/hub"
