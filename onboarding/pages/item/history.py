"""What is known of an item's past: attempts, AWS calls, what it made, evidence; an event in words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from onboarding.aws import cli
from onboarding.models import Attempt, AwsCall, Event, EventKind, Evidence, Item, ItemState, Resource, ResourceState
from onboarding.pages.common.states import MARKS, OUTCOMES, Mark, mark
from onboarding.pages.common.times import Moment, age, between, clock, moment
from onboarding.things import thing_words

MASK = "•••"
LONG = 64  # so long a word without a break is a token or an encoded message, never something to read
_KEY = re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b", re.ASCII)
_NAMED = re.compile(
    r"(?i)\b(external[ _-]?id|session[ _-]?token|secret[ _-]?access[ _-]?key|password|authorization|user[ _-]?data)"
    r"(\W{1,3}(?:is\W{1,3})?)([^\s\"',;]+)",
    re.ASCII,
)
_HEX = re.compile(r"(?<![0-9a-f/:-])[0-9a-f]{32}(?![0-9a-f-])")
_LONG = re.compile(rf"[A-Za-z0-9+_=-]{{{LONG},}}", re.ASCII)


def plain(text: str) -> str:
    """The text with every secret masked."""
    text = _NAMED.sub(rf"\1\2{MASK}", _KEY.sub(MASK, text))
    return _LONG.sub(MASK, _HEX.sub(MASK, text))


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


@dataclass(frozen=True)
class Made:
    """One thing of the inventory: what it is, its id, where, and what was last seen of it."""

    words: str
    key: str
    aws_id: str
    mark: Mark
    where: str
    aws_status: str
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


def _made(row: Resource) -> Made:
    return Made(
        words=thing_words(row.kind),
        key=row.logical_key,
        aws_id=row.aws_id,
        mark=STATES[ResourceState(row.state)],
        where=f"{row.region} · {row.account}",
        aws_status=row.aws_status,
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
    head = change if row.what == EventKind.ITEM else f"{row.what.capitalize()}: {change}" if change else row.what
    return f"{head}. {row.sentence}" if row.sentence else head


def _state(state: str) -> str:
    if state == ItemState.WAITING:
        return "Waiting"
    return MARKS[ItemState(state)].word if state in ItemState.values else state


OURS = ("ClientToken", "IdempotencyToken", "CallerReference", "TagSpecifications", "Tags")  # differ each time


@dataclass(frozen=True)
class Difference:
    """One line of the comparison."""

    name: str
    left: str
    right: str
    code: bool = False

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.left != self.right


@dataclass(frozen=True)
class Comparison:
    """Two attempts. `only_left` and `only_right` are the changing AWS calls, as commands, that the other did not make
    just so; `numbers` are all attempts there are.
    """

    left: int
    right: int
    numbers: list[int]
    lines: list[Difference]
    only_left: list[str]
    only_right: list[str]


def compare(item: Item, tries: Sequence[Try], left: str = "", right: str = "") -> Comparison | None:
    """The two attempts that were asked for by number, else the last two; None with fewer than two. Two queries."""
    numbers = sorted(one.number for one in tries)
    if len(numbers) < 2:
        return None
    first, second = _asked(left, numbers, numbers[-2]), _asked(right, numbers, numbers[-1])
    rows = {
        row.number: row for row in Attempt.objects.filter(item=item, number__in=(first, second)).select_related("run")
    }
    calls = list(AwsCall.objects.filter(item=item, attempt__in=(first, second)))
    mine, other = ([call for call in calls if call.attempt == number] for number in (first, second))
    return Comparison(
        first, second, numbers, _lines(rows[first], rows[second], mine, other), _only(mine, other), _only(other, mine)
    )


def _asked(text: str, numbers: Sequence[int], otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) in numbers else otherwise


def _lines(one: Attempt, two: Attempt, first: Sequence[AwsCall], second: Sequence[AwsCall]) -> list[Difference]:
    named = (("Outcome", _outcome), ("Sentence", _sentence), ("Run", _run), ("Took", _took))
    lines = [Difference(name, say(one), say(two)) for name, say in named]
    said = [("AWS's code", "code"), ("AWS's words", "message"), ("Request id", "request_id"), ("Missing", "missing")]
    lines += [Difference(name, _failure(one, key), _failure(two, key), code=True) for name, key in said]
    lines.append(Difference("Inputs", *_inputs(one, two)))
    lines.append(Difference("AWS calls", _counted(first), _counted(second)))
    return [line for line in lines if line.left or line.right]


def _outcome(row: Attempt) -> str:
    return MARKS[ItemState(row.outcome)].word if row.outcome in ItemState.values else row.outcome


def _sentence(row: Attempt) -> str:
    return plain(row.sentence)


def _run(row: Attempt) -> str:
    return f"Run {row.run.number}"


def _took(row: Attempt) -> str:
    return between(row.started_at, row.ended_at)


def _failure(row: Attempt, key: str) -> str:
    return plain(str((row.failure or {}).get(key, "")))


def _inputs(one: Attempt, two: Attempt) -> tuple[str, str]:
    """Their digests; nothing unless both are known: only a finished attempt keeps that of what it read."""
    if not one.inputs_hash or not two.inputs_hash:
        return "", ""
    return one.inputs_hash[:12], two.inputs_hash[:12]


def _counted(calls: Sequence[AwsCall]) -> str:
    if not calls:
        return "none"
    refused = sum(bool(call.code) for call in calls)
    spent = clock(sum(call.ms or 0 for call in calls) / 1000)
    changing = sum(call.mutating for call in calls)
    return f"{len(calls)}: {changing or 'none'} to change something, {refused or 'none'} refused; {spent} in AWS"


def _only(calls: Sequence[AwsCall], others: Sequence[AwsCall]) -> list[str]:
    """The changing calls that the others do not have, with the same parameters, as often."""
    left = Counter(_command(call) for call in calls if call.mutating)
    return list((left - Counter(_command(call) for call in others if call.mutating)).elements())


def _command(call: AwsCall) -> str:
    params = {name: value for name, value in call.params.items() if name not in OURS}
    return cli.command(call.service, call.operation, params, call.region)


MOST = 200


@dataclass(frozen=True)
class Entry:
    """One line: the time of day, the exact time, what happened, who did it ("" for the engine)."""

    at: str
    exact: str
    words: str
    who: str
    css_class: str
    call: bool


@dataclass(frozen=True)
class Log:
    """The last MOST lines, oldest first. `cut`: there are older ones. `open`: it stands open by itself."""

    entries: list[Entry]
    cut: bool
    open: bool


def log(item: Item) -> Log:
    """The log of an item; two queries. It opens by itself when the item has failed."""
    events = list(Event.objects.filter(item_id=item.pk).order_by("-id")[: MOST + 1])
    calls = list(AwsCall.objects.filter(item=item).order_by("-id")[: MOST + 1])
    lines = [_event(row) for row in events] + [_call_entry(row) for row in calls]
    lines.sort(key=lambda line: line[0])
    cut = len(lines) > MOST
    return Log([entry for _, entry in lines[-MOST:]], cut, item.state == ItemState.FAILED)


def _event(row: Event) -> tuple[datetime, Entry]:
    css_class = MARKS[ItemState.FAILED].css_class if row.after == ItemState.FAILED else ""
    who = "" if row.actor == "engine" else row.actor
    return row.at, Entry(*_times(row.at), plain(happened(row)), who, css_class, call=False)


def _call_entry(row: AwsCall) -> tuple[datetime, Entry]:
    answer = f"{row.code}: {row.message}" if row.code else f"{row.status or 'no answer'}"
    took = f" in {row.ms} ms" if row.ms is not None else ""
    words = f"{row.service}:{row.operation} in {row.region}: {answer}{took}"
    css_class = MARKS[ItemState.FAILED].css_class if row.code else ""
    return row.at, Entry(*_times(row.at), plain(words), "", css_class, call=True)


def _times(at: datetime) -> tuple[str, str]:
    return f"{at:%H:%M:%S}", f"{at:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"
