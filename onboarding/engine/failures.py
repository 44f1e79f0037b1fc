"""From what stopped the work on an item to where the item goes: the class table of docs/engine.md, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from onboarding.aws import sessions
from onboarding.aws.errors import AwsError, ErrorClass, read
from onboarding.checklist.step import NeedsAction, Step, Wait, WaitingFor
from onboarding.engine import delivery, waits
from onboarding.engine.lease import Lease
from onboarding.engine.signals import RetryLater
from onboarding.engine.transition import RECHECK_SECONDS, Transition
from onboarding.models import Failure, ItemState, WaitsFor

log = structlog.get_logger()
UNKNOWN_TRIES = 3
DELETE_MINUTES = 30
SETTLING_MINUTES = 10  # so long AWS may not know an id that it gave out


def outcome(held: Lease, step: Step[Any], error: Exception) -> Transition:
    """The move for an exception that ended the work. `held.item.direction` says which way the item goes."""
    waiting = ItemState.UNDOING if held.item.direction == "down" else ItemState.WAITING
    if isinstance(error, Wait):
        error = delivery.refused(error.sends) or error
    if isinstance(error, Wait):
        return _not_yet(held, step, error, waiting)
    if isinstance(error, RetryLater):
        return _look_again(held, error, waiting)
    if isinstance(error, NeedsAction):
        return _failed(Failure(kind="yours to fix", sentence=error.sentence, cure=error.cure, missing=error.missing))
    if isinstance(error, sessions.WrongAccount):
        return _failed(Failure(kind="yours to fix", sentence=str(error), cure="Correct the role, then retry."))
    if isinstance(error, (ClientError, BotoCoreError)):
        return _aws(held, read(error), waiting)
    log.error("item.broke", item=str(held.item.pk), slug=held.item.slug, exc_info=error)
    return _failed(
        Failure(
            kind="ours",
            sentence="Something went wrong on our end. Your resources are safe. Its administrators have been told.",
            cure="Retry this step. If it fails again, tell the platform's administrators the time.",
            code=type(error).__name__,
            message=str(error)[:1000],
        )
    )


def _reason(state: str) -> str:
    return WaitsFor.AWS if state == ItemState.WAITING else ""


def _not_yet(held: Lease, step: Step[Any], error: Wait, waiting: ItemState) -> Transition:
    began = _began(held, error)
    waited = (held.now() - began).total_seconds() if began else 0.0
    limit = step.give_up_after
    if limit and error.waiting_for in (WaitingFor.AWS, WaitingFor.DNS) and waited > limit.total_seconds():
        return _failed(
            Failure(
                kind="yours to fix",
                sentence=f"Gave up after {limit.total_seconds() / 60:.0f} minutes. {error.sentence}",
                cure="Look at it in the AWS console; retry this step to wait again.",
                code=error.aws_status,
            )
        )
    return Transition(
        to=waiting,
        waiting_for=error.waiting_for if waiting == ItemState.WAITING else "",
        sentence=error.sentence,
        aws_status=error.aws_status,
        kind=error.kind,
        next_in=_next(held, error, waited),
        proofs=error.proofs,
        sends=error.sends,
        fields={"error_count": 0, **({"waiting_since": began} if began else {})},
    )


def _next(held: Lease, error: Wait, waited: float) -> float | None:
    """Seconds until the next look. One at once follows another kind of wait only: never a loop without a pause."""
    if error.at_once and held.item.wait_kind != error.kind:
        return 0.0
    if error.waiting_for is WaitingFor.DNS:
        return waits.dns(waited, error.kind)
    if error.waiting_for is WaitingFor.AWS:
        return waits.aws(error.kind, waited)
    return waits.dns(waited) if error.poll else None


def _look_again(held: Lease, error: RetryLater, waiting: str) -> Transition:
    """A pause; on the way up one whose kind and beginning are known lasts as long as such ones did before."""
    after, kind, fields = error.after, "", {}
    if error.since and waiting == ItemState.WAITING:
        after = waits.aws(error.kind, (held.now() - error.since).total_seconds())
        kind, fields = error.kind, {"waiting_since": error.since}
    return Transition(
        to=waiting, waiting_for=_reason(waiting), sentence=error.sentence, kind=kind, next_in=after, fields=fields
    )


def _began(held: Lease, error: Wait) -> datetime | None:
    """When this wait began: with what it waits for, if that was made in this attempt; else when it was told of."""
    item = held.item
    if error.since and item.started_at and error.since >= item.started_at:
        return error.since
    return item.waiting_since if (item.wait_kind, item.waiting_for) == (error.kind, error.waiting_for) else None


def _aws(held: Lease, trouble: AwsError, waiting: ItemState) -> Transition:
    tries = held.item.error_count + 1
    again = waits.backoff(tries)
    reason = _reason(waiting)
    said = f"AWS answered {trouble.code}."
    if trouble.kind is ErrorClass.THROTTLE:
        return Transition(
            to=waiting,
            waiting_for=reason,
            sentence=f"{said} AWS is throttling requests. Retrying automatically.",
            next_in=2.0,
        )
    if trouble.kind is ErrorClass.CREDENTIALS and held.item.error_count == 0:
        sessions.forget()
        return _retry(waiting, reason, f"{said} The session is opened again.", 0.5, tries)
    if trouble.kind in (ErrorClass.DOUBT, ErrorClass.NOT_SENT):
        words = "AWS didn't say whether it worked. Checking before we continue."
        return _retry(
            waiting, reason, f"{said} {words if trouble.kind is ErrorClass.DOUBT else 'Tries again.'}", again, tries
        )
    if trouble.kind is ErrorClass.NOT_FOUND and (tries <= UNKNOWN_TRIES or _waited(held) < SETTLING_MINUTES * 60):
        return _retry(waiting, reason, f"{said} AWS does not know it yet; looks again.", min(again, 30), tries)
    if trouble.kind is ErrorClass.DELETE_ORDER and _waited(held) < DELETE_MINUTES * 60:
        return _retry(waiting, reason, f"{said} {trouble.message} Tries again when it is free.", min(again, 10), tries)
    if trouble.kind is ErrorClass.PERMANENT and tries <= UNKNOWN_TRIES:
        return _retry(waiting, reason, f"{said} {trouble.message} Tries again.", again, tries)
    failure = to_failure(trouble)
    recheck = RECHECK_SECONDS if trouble.kind is ErrorClass.PERMISSION else None
    return Transition(to=ItemState.FAILED, sentence=failure.sentence, failure=failure, next_in=recheck)


def _waited(held: Lease) -> float:
    since = held.item.waiting_since or held.item.started_at or held.now()
    return (held.now() - since).total_seconds()


def _retry(state: str, reason: str, sentence: str, after: float, tries: int) -> Transition:
    return Transition(to=state, waiting_for=reason, sentence=sentence, next_in=after, fields={"error_count": tries})


def _failed(failure: Failure) -> Transition:
    return Transition(to=ItemState.FAILED, sentence=failure.sentence, failure=failure)


def to_failure(trouble: AwsError) -> Failure:
    sentences = {
        ErrorClass.PERMISSION: f"The role may not do {trouble.action}.",
        ErrorClass.YOURS: f"AWS refused: {trouble.message}",
        ErrorClass.DELETE_ORDER: f"Something still uses it: {trouble.message}",
        ErrorClass.NOT_FOUND: f"AWS does not know it any more: {trouble.message}",
        ErrorClass.CREDENTIALS: "AWS does not accept the role's session.",
    }
    return Failure(
        kind=trouble.kind,
        sentence=sentences.get(trouble.kind, f"AWS refused it: {trouble.message}"),
        cure=trouble.cure or "Retry this step.",
        code=trouble.code,
        message=trouble.message,
        request_id=trouble.request_id,
        action=trouble.action,
        missing=trouble.statement,
    )
