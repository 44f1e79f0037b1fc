"""The Test button asks the simulated AWS for real, and the connection remembers what was found (SEC9)."""

from __future__ import annotations

import pytest

from onboarding.models import Event
from sellers.models import Connection
from tests import factories, products
from tests.factories import Tenant
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def own(db: None) -> Tenant:
    """A seller whose connection nobody has tested."""
    return factories.tenant(proven=False)


def pressed(tenant: Tenant, connection: Connection) -> str:
    client = factories.signed_in(tenant.engineer)
    text = client.post(f"/connections/{connection.pk}/test/", follow=True).content.decode()
    connection.refresh_from_db()
    return text


def role(world: SandboxProcess, connection: Connection, trust: dict[str, object]) -> None:
    values = {
        "account_id": connection.account_id,
        "role_name": "onboarding",
        "trust_policy": trust,
        "policies": [products.ALL],
    }
    world.post("roles", values)


def test_a_role_with_our_trust_policy_is_proven(own: Tenant, sandbox: SandboxProcess) -> None:
    connection = own.seller.connections.get()
    hub = sandbox.client("sts").get_caller_identity()["Arn"]
    role(sandbox, connection, products.trust(hub, connection.external_id))
    assert "Connected. The role requires your external ID." in pressed(own, connection)
    assert (connection.state, connection.proven_at is not None) == ("proven", True)
    event = Event.objects.get(what="connection")
    assert (event.actor, event.before, event.after) == (own.engineer.email, "new", "proven")


def test_a_role_that_lets_anybody_in_is_refused(own: Tenant, sandbox: SandboxProcess) -> None:
    connection = own.seller.connections.get()
    hub = sandbox.client("sts").get_caller_identity()["Arn"]
    open_ = products.trust(hub, connection.external_id)
    del open_["Statement"][0]["Condition"]
    role(sandbox, connection, open_)
    assert "can also be assumed without an external ID and with a wrong external ID" in pressed(own, connection)
    assert (connection.state, connection.proven_at) == ("refused", None)


def test_a_role_that_is_not_there_is_refused(own: Tenant, sandbox: SandboxProcess) -> None:
    connection = own.seller.connections.get()
    assert "be assumed" in pressed(own, connection)
    assert connection.state == "refused"


def test_an_aws_that_cannot_be_asked_decides_nothing(
    own: Tenant, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onboarding.aws import sessions

    connection = own.seller.connections.get()
    Connection.objects.filter(pk=connection.pk).update(state="proven")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    sessions._hub_session.cache_clear()
    assert "could not be asked" in pressed(own, connection)
    assert connection.state == "proven"
