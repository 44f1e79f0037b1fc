"""Two attempts of an item side by side: what differs in sentence, time, inputs and AWS calls (feature 44)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.aws import cli
from onboarding.board.history import Try
from onboarding.board.redact import plain
from onboarding.board.times import between, clock
from onboarding.board.words import MARKS
from onboarding.models import Attempt, AwsCall, Item, ItemState

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
