"""What kept a picker from its list, in words: a sentence, what AWS said, what is missing, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from onboarding.aws.errors import ErrorClass, read
from onboarding.aws.sessions import WrongAccount
from sellers.models import Connection

ERRORS = (ClientError, BotoCoreError, ResponseParserError, WrongAccount)
NOT_ENABLED = ("OptInRequired", "AuthFailure", "RegionDisabledException", "UnrecognizedClientException")
LATER = "Wait a moment, then search again. Nothing on this page is lost."


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`said` is AWS's own answer, `missing` a policy statement to copy, `test` whether to look at the connection."""

    sentence: str
    cure: str = ""
    said: str = ""
    missing: str = ""
    test: bool = False


def not_proven(connection: Connection) -> Problem:
    """The role was never proven, or refuses us since: it is not used."""
    return Problem(
        sentence=f"The connection {connection} is not proven, so nothing is read through it.",
        cure="Test the connection, then come back to this page.",
        test=True,
    )


def problem(error: Exception, connection: Connection, region: str) -> Problem:
    """What an error of AWS means to who wants to pick something."""
    if isinstance(error, WrongAccount):
        return Problem(sentence=str(error), test=True)
    if isinstance(error, ResponseParserError):
        return Problem(sentence="AWS's answer could not be read.", cure=LATER, said=str(error)[:300])
    assert isinstance(error, (ClientError, BotoCoreError))  # noqa: S101 - ERRORS lists no other
    trouble = read(error)
    said = " · ".join(part for part in (trouble.code, trouble.message, trouble.request_id) if part)
    if trouble.code in NOT_ENABLED:
        return Problem(
            sentence=f"{region} does not answer account {connection.account_id}: it is not enabled there, or an "
            "organization's policy closes it.",
            cure="Enable the region in the account's settings, or choose another region.",
            said=said,
        )
    if trouble.kind is ErrorClass.PERMISSION and getattr(error, "operation_name", "") == "AssumeRole":
        return Problem(
            sentence=f"The role {connection.role_arn} can't be assumed anymore.",
            cure="Compare its trust policy with the one that the connection shows, then test the connection.",
            said=said,
            test=True,
        )
    if trouble.kind is ErrorClass.PERMISSION:
        return Problem(
            sentence=f"The role {connection.role_arn} may not do {trouble.action}, which this list is read with.",
            cure="Add this statement to the role's policy, then search again.",
            said=said,
            missing=trouble.statement,
        )
    return Problem(sentence=_sentence(trouble.kind), cure=LATER, said=said)


def _sentence(kind: ErrorClass) -> str:
    return {
        ErrorClass.THROTTLE: "AWS takes no more calls from this account for the moment.",
        ErrorClass.NOT_SENT: "AWS could not be reached.",
        ErrorClass.CREDENTIALS: "AWS did not accept our credentials this time.",
        ErrorClass.NOT_FOUND: "Something was deleted while it was looked at.",
    }.get(kind, "AWS could not answer.")
