"""Testing a connection: prove the role, and remember what was found. Pages and commands both use it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from onboarding.aws import prove_role, sessions
from onboarding.aws.prove_role import Verdict
from onboarding.engine.history import record_event
from onboarding.models import EventKind
from sellers import our_identity
from sellers.models import Connection, User
from sellers.models.choices import ConnectionState


def prove_and_save(connection: Connection, by: User | None) -> Verdict:
    """Prove the role and save what that says. When AWS could not be asked the state stays, the sentence is kept."""
    verdict = prove_role.prove(connection.role_arn, connection.external_id)
    state = connection.state
    if verdict.sure:
        state = ConnectionState.PROVEN if verdict.proven else ConnectionState.REFUSED
    with transaction.atomic():
        _tell(connection, by, state, verdict.sentence)
        connection.state, connection.detail = state, verdict.sentence[:1000]
        connection.proven_at = timezone.now() if verdict.proven else connection.proven_at
        connection.save(update_fields=["state", "detail", "proven_at"])
    if verdict.sure:
        # Sessions opened under the old answer must not outlive it.
        sessions.forget(connection.role_arn)
    return verdict


def hub_principal() -> str:
    """The ARN that sellers' roles trust; "" if AWS cannot be asked now."""
    return our_identity.principal()


def _tell(connection: Connection, by: User | None, state: str, sentence: str) -> None:
    data = {"connection": str(connection.pk)}
    record_event(
        connection, EventKind.CONNECTION, by=by, before=connection.state, after=state, sentence=sentence, data=data
    )
