"""What a step tells the engine: proofs, letters and papers, and the two ways in which it does not end yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

FRESH = timedelta(days=7)  # so long evidence counts
DRIFT = ".drift"  # the check of what a verification found otherwise than it was made ends so


class WaitingFor(StrEnum):
    """Whom or what a waiting item waits for."""

    AWS = "aws"
    DNS = "dns"
    YOU = "you"
    MARKETPLACE = "marketplace"
    BUYER = "buyer"


class Outcome(StrEnum):
    """What a verification found. Attested: a person says so, nothing was measured."""

    PASS = "pass"  # noqa: S105 - the word, not a secret
    WARN = "warn"
    FAIL = "fail"
    ATTESTED = "attested"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check of a step with what was seen: `facts` is trimmed and JSON-native, without secrets."""

    check: str
    outcome: Outcome
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PastResult:
    """Evidence that was stored earlier. `current`: of this attempt at its item."""

    check: str
    outcome: Outcome
    sentence: str
    facts: Mapping[str, Any]
    at: datetime
    age: timedelta
    current: bool


@dataclass(frozen=True, kw_only=True)
class Email:
    """A mail that a step asks to be sent once: the same `key` of an item is the same mail. `to` is "seller_ops";
    `attachments` are texts by file name.
    """

    key: str
    to: str
    subject: str
    body: str
    attachments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SubmissionVersion:
    """A version of the submission (S25-S29): its facts, and the letter that carries them. Facts equal to those of the
    newest version make no new one; `send` mails it.
    """

    facts: Mapping[str, Any]
    letter: Email
    send: bool = False


class Wait(Exception):
    """The step is right so far and waits. `kind` names the wait for the statistics of usual durations, `since` says
    when what it waits for began, if that is known. `proofs` and `sends` are kept with the wait; `poll` has a wait for
    a person looked at by the clock, since what the person does can be seen. `at_once`: nothing is waited for, the next
    look does the rest.
    """

    def __init__(
        self,
        waiting_for: WaitingFor,
        sentence: str,
        *,
        kind: str = "",
        aws_status: str = "",
        since: datetime | None = None,
        proofs: Sequence[CheckResult] = (),
        sends: Sequence[Email | SubmissionVersion] = (),
        poll: bool = False,
        at_once: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.waiting_for, self.sentence, self.kind, self.aws_status, self.since = (
            waiting_for,
            sentence,
            kind,
            aws_status,
            since,
        )
        self.proofs, self.sends, self.poll = tuple(proofs), tuple(sends), poll
        self.at_once = at_once


class NeedsAction(Exception):
    """The step cannot go on until somebody does something: the sentence says what is wrong, the cure what to do."""

    def __init__(self, sentence: str, cure: str = "", *, missing: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.cure, self.missing = sentence, cure, missing
