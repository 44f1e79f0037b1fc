"""What is known of an item's past: attempts, AWS calls, what it made, evidence; an event in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from onboarding.aws import cli
from onboarding.board.redact import plain
from onboarding.board.times import Moment, age, between, moment
from onboarding.board.words import MARKS, Mark, mark
from onboarding.models import Attempt, AwsCall, Event, Evidence, Item, ItemState, Resource, ResourceState
from onboarding.things import kinds

CALLS_A_PAGE = 25
MOST_EVIDENCE = 60
STATES = {
    ResourceState.INTENDED: Mark("Intended", "s-todo", "circle-dashed"),
    ResourceState.EXISTS: Mark("Created", "s-done", "circle-check"),
    ResourceState.ADOPTED: Mark("Existing", "s-done", "equal"),
    ResourceState.DELETING: Mark("Being deleted", "s-work", "loader-2"),
    ResourceState.GONE: Mark("Gone", "s-undone", "arrow-back-up"),
}
GONE = STATES[ResourceState.GONE]
OUTCOMES = {
    "pass": Mark("Passed", "s-done", "circle-check"),
    "warn": Mark("Warning", "s-you", "user-exclamation"),
    "fail": Mark("Failed", "s-fail", "circle-x"),
    "attested": Mark("Attested", "s-todo", "fingerprint"),
}


@dataclass(frozen=True)
class Made:
    """One thing of the inventory: what it is, its id, where, and what was last seen of it."""

    words: str
    key: str
    aws_id: str
    mark: Mark
    where: str
    at_aws: str
    values: list[tuple[str, str]]
    warnings: list[str]
    made: Moment | None


@dataclass(frozen=True)
class Try:
    """An attempt that has ended."""

    number: int
    mark: Mark
    sentence: str
    code: str
    started: Moment | None
    took: str


@dataclass(frozen=True)
class Call:
    """One AWS call, with the CLI command that would do the same."""

    at: str
    exact: str
    attempt: int
    name: str
    where: str
    took: str
    answer: str
    failed: bool
    message: str
    request_id: str
    command: str
    mutating: bool


@dataclass(frozen=True)
class Proof:
    """One check with what it saw; `sha256` is that of the facts."""

    check: str
    mark: Mark
    sentence: str
    facts: str
    age: Moment | None
    sha256: str


def made(item: Item) -> list[Made]:
    """What the item made or adopted, in the order of making."""
    return [_made(row) for row in Resource.objects.filter(item=item)]


def attempts(item: Item) -> list[Try]:
    """The attempts that have ended, the last first."""
    return [
        Try(
            number=row.number,
            mark=mark(row.outcome) if row.outcome in MARKS else MARKS[ItemState.TODO],
            sentence=plain(row.sentence),
            code=(row.failure or {}).get("code", ""),
            started=moment(row.started_at),
            took=between(row.started_at, row.ended_at),
        )
        for row in Attempt.objects.filter(item=item).order_by("-number")
    ]


def calls(item: Item, page: str | None) -> tuple[Page[AwsCall], list[Call]]:
    """A page of the item's AWS calls, the last first."""
    rows: QuerySet[AwsCall] = AwsCall.objects.filter(item=item).order_by("-id")
    shown = Paginator(rows, CALLS_A_PAGE).get_page(page)
    return shown, [_call(row) for row in shown.object_list]


def evidence(item: Item) -> list[Proof]:
    """What its verifications saw, the last first."""
    return [
        Proof(
            check=row.check_name,
            mark=OUTCOMES.get(row.outcome, Mark(row.outcome, "s-todo", "help-circle")),
            sentence=row.sentence,
            facts=json.dumps(row.facts, indent=2, ensure_ascii=False, sort_keys=True),
            age=age(row.at),
            sha256=row.sha256,
        )
        for row in Evidence.objects.filter(item=item)[:MOST_EVIDENCE]
    ]


def thing_words(kind: str) -> str:
    """What people call a thing of this kind."""
    return kinds()[kind].words if kind in kinds() else kind.replace("_", " ")


def _made(row: Resource) -> Made:
    return Made(
        words=thing_words(row.kind),
        key=row.logical_key,
        aws_id=row.aws_id,
        mark=STATES[ResourceState(row.state)],
        where=f"{row.region} · {row.account}",
        at_aws=row.at_aws,
        values=pairs(row.values),
        warnings=[str(warning) for warning in row.warnings],
        made=moment(row.made_at),
    )


def pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Values for people: names without underscores, lists with commas; empty ones are left out."""

    def text(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(text(one) for one in value)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    return [(key.replace("_", " "), text(value)) for key, value in values.items() if value not in ("", None, [])]


def _call(row: AwsCall) -> Call:
    answer = row.code or (str(row.status) if row.status else "no answer")
    return Call(
        at=f"{row.at:%H:%M:%S}",
        exact=f"{row.at:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC",
        attempt=row.attempt,
        name=f"{row.service}:{row.operation}",
        where=row.region,
        took=f"{row.ms} ms" if row.ms is not None else "",
        answer=answer,
        failed=bool(row.code),
        message=plain(row.message),
        request_id=row.request_id,
        command=cli.command(row.service, row.operation, row.params, row.region),
        mutating=row.mutating,
    )


def happened(row: Event) -> str:
    """An event in words."""
    if "kind" in row.data:
        name = f"{thing_words(row.data['kind'])} {row.data.get('key', '')}".strip()
        return f"{name}: {row.what} {row.data.get('id', '')}".strip()
    change = " to ".join(_state(state) for state in dict.fromkeys((row.before, row.after)) if state)
    head = change if row.what == "item" else f"{row.what.capitalize()}: {change}" if change else row.what
    return f"{head}. {row.sentence}" if row.sentence else head


def _state(state: str) -> str:
    if state == ItemState.WAITING:
        return "Waiting"
    return MARKS[ItemState(state)].word if state in ItemState.values else state
