"""What Check now found: one sentence about the account, with its outcome and what to copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from onboarding.aws.errors import ErrorClass, read
from onboarding.aws.sessions import WrongAccount
from onboarding.checklist.step import CheckResult, NeedsAction, Outcome


class Closed(NeedsAction):
    """No door to an account: the product lacks the connection, or it is not proven."""


TROUBLE = (NeedsAction, ClientError, BotoCoreError, WrongAccount)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`slug` and `region` say which step it is about ("" for the product); `copy` is what is missing, ready to copy;
    `guide` the guide lines. JSON-native.
    """

    outcome: Outcome
    sentence: str
    region: str = ""
    slug: str = ""
    copy: str = ""
    guide: tuple[str, ...] = ()


def of_proof(proof: CheckResult, region: str = "", slug: str = "access") -> Finding:
    """A finding from the evidence of a check that the access step makes, too."""
    return Finding(outcome=proof.outcome, sentence=proof.sentence, region=region, slug=slug)


def attempt(look: Callable[[], list[Finding]], region: str = "", slug: str = "access") -> list[Finding]:
    """What a look finds; a refusal of AWS is a finding, too, and no look ends the others."""
    try:
        return look()
    except TROUBLE as error:
        return [trouble(error, region, slug)]


def trouble(error: Exception, region: str = "", slug: str = "access") -> Finding:
    """An error as a sentence: what is wrong, or what could not be asked, and why."""
    where = f" in {region}" if region else ""
    if isinstance(error, Closed):
        return Finding(outcome=Outcome.FAIL, sentence=f"{error.sentence} {error.cure}", slug="access")
    if isinstance(error, ClientError) and error.operation_name == "AssumeRole":
        said = f"We couldn't assume a role of the product: {read(error).message} Test its connection, then check again."
        return Finding(outcome=Outcome.FAIL, sentence=said, slug="access")
    if isinstance(error, NeedsAction):
        cure = error.cure.replace("retry this step", "check again")  # there is no step yet
        return Finding(
            outcome=Outcome.FAIL,
            sentence=f"{error.sentence} {cure}".strip(),
            region=region,
            slug=slug,
            copy=error.missing,
        )
    if not isinstance(error, (ClientError, BotoCoreError)):
        return Finding(outcome=Outcome.FAIL, sentence=str(error), region=region, slug=slug)
    known = read(error)
    if known.kind is ErrorClass.PERMISSION:
        said = f"The role may not do {known.action}{where}, so this is not known before the run."
        return Finding(outcome=Outcome.WARN, sentence=said, region=region, slug=slug, copy=known.statement)
    said = f"AWS could not be asked{where}: {known.code}. {known.message} Check again in a minute."
    return Finding(outcome=Outcome.WARN, sentence=said, region=region, slug=slug)
