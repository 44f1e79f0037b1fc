"""Verification of a connection: the role can be assumed with its external ID, and never without it."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from onboarding.aws import sessions
from onboarding.aws.clients import new_session
from onboarding.aws.errors import PERMISSION, code_of, read
from sellers import formats


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the connection may be used. `sure` is False when AWS could not be asked: nothing is decided then."""

    proven: bool
    sentence: str
    sure: bool = True
    arn: str = ""


def prove(role_arn: str, external_id: str) -> Verdict:
    """Assume with the right id, then without and with a wrong one: only the first may succeed, from the ARN's
    account.
    """
    try:
        keys = sessions.assume(role_arn, external_id, "plc-connect")
    except (ClientError, BotoCoreError) as error:
        return _not_in(role_arn, error)
    session = new_session(
        aws_access_key_id=keys["access_key"], aws_secret_access_key=keys["secret_key"], aws_session_token=keys["token"]
    )
    try:
        arn = sessions.identity(session, "us-east-1")
        open_to = [words for words, wrong in _wrong_ids(external_id) if _opens(role_arn, wrong)]
    except (ClientError, BotoCoreError) as error:
        return Verdict(
            proven=False, sure=False, sentence=f"AWS could not be asked ({error}). Test the connection again."
        )
    if (account := formats.account_of(arn)) != formats.account_of(role_arn):
        return Verdict(proven=False, sentence=f"The role answers for account {account}, not for the ARN's.")
    if open_to:
        return Verdict(
            proven=False,
            sentence=f"The role can also be assumed {' and '.join(open_to)}, so anyone's request could use it. "
            "Put the trust policy shown here on the role, with its sts:ExternalId condition, and test again.",
        )
    return Verdict(proven=True, arn=arn, sentence="Connected. The role requires your external ID.")


def _wrong_ids(external_id: str) -> list[tuple[str, str | None]]:
    return [("without an external ID", None), ("with a wrong external ID", external_id[::-1] + "x")]


def _opens(role_arn: str, external_id: str | None) -> bool:
    try:
        sessions.assume(role_arn, external_id, "plc-connect-wrong")
    except ClientError as error:
        if code_of(error) in PERMISSION:
            return False
        raise
    return True


def _not_in(role_arn: str, error: ClientError | BotoCoreError) -> Verdict:
    trouble = read(error, "sts", "AssumeRole")
    if trouble.code in PERMISSION:
        return Verdict(
            proven=False,
            sentence=f"The role {role_arn} can't be assumed. Create it with the trust policy shown here, "
            "or correct its principal and external ID, and test again.",
        )
    return Verdict(
        proven=False,
        sure=False,
        sentence=f"AWS could not be asked ({trouble.code}: {trouble.message}). Test the connection again.",
    )
