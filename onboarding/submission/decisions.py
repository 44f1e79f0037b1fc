"""What people answer to the item Submission, and what follows from it: wait, freeze or send."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onboarding.submission.diff import changes, told
from onboarding.submission.facts import digest
from onboarding.submission.readiness import Row, open_lines
from onboarding.submission.text import one_line
from sellers.formats import FormatError

SHORTEST, LONGEST = 20, 4000
FREEZE, SEND = "freeze", "send"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to do: nothing ("" ), FREEZE or SEND; `done`: what was sent still holds. `sentence` is for people."""

    do: str = ""
    done: bool = False
    sentence: str = ""


def process(text: str) -> str:
    """How buyers are told and allowed, in the seller's words (S46): 20 to 4,000 characters, lines kept."""
    kept = "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", text).strip().splitlines())
    if any(unicodedata.category(char)[0] == "C" and char != "\n" for char in kept):
        raise FormatError("This holds an invisible character. Type it as plain text.")
    if len(kept) < SHORTEST:
        raise FormatError(f"This has {len(kept)} characters. Describe in {SHORTEST} or more how buyers are told.")
    if len(kept) > LONGEST:
        raise FormatError(f"This has {len(kept)} characters; at most {LONGEST} are allowed. Shorten it.")
    return kept


def order(text: str) -> str:
    """freeze or send."""
    word = text.strip().lower()
    if word not in (FREEZE, SEND):
        raise FormatError("The order is freeze (save a version) or send (save and send it). Enter one of them.")
    return word


def seen(text: str) -> str:
    """The digest of the facts that somebody looked at: its first 8 to 64 hexadecimal digits."""
    word = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{8,64}", word, re.ASCII):
        raise FormatError("The digest has 8 to 64 hexadecimal digits. Copy it from the package that you looked at.")
    return word


def decide(
    values: Mapping[str, Any], facts: Mapping[str, Any], rows: Sequence[Row], known: Sequence[Mapping[str, Any]]
) -> Decision:
    """What follows from the answers (`values`), the facts and how the lines stand.

    `known` are facts that were shown before; what changed since then is told from them.
    """
    sha = digest(facts)
    if not values.get("order") and values.get("sent") == sha and not values.get("returned"):
        return Decision(done=True)
    not_ready = open_lines(rows)
    if not_ready:
        return Decision(sentence=_open(not_ready, len(rows)))
    if not values.get("order"):
        return Decision(sentence=_waits(values, facts, known))
    looked = str(values.get("seen") or values.get("frozen") or values.get("sent") or "")
    if values["order"] == FREEZE and not values.get("seen"):
        looked = ""  # a version that is only kept need not be one that was looked at
    if looked and not sha.startswith(looked):
        since = _since(looked, facts, known)
        again = f"Look at them, then order again with seen={sha[:12]}."
        return Decision(sentence=f"The facts have changed since you looked{since}. {again}")
    return Decision(do=str(values["order"]))


def version(values: Mapping[str, Any], sha256: str) -> int:
    """The number of the version that carries these facts: facts that are new, or whose version was returned, make
    the next one.
    """
    same = sha256 in (values.get("sent"), values.get("frozen")) and not values.get("returned")
    last = int(values.get("version") or 0)
    return last if same and last else last + 1


def _open(not_ready: Sequence[Row], lines: int) -> str:
    """The first lines that are not ready, by name: “3 of 17 lines are not ready”."""
    named = " ".join(f"{row.code}: {one_line(row.sentence, 200)}" for row in not_ready[:3])
    more = f" And {len(not_ready) - 3} more." if len(not_ready) > 3 else ""
    verb = "lines is" if len(not_ready) == 1 else "lines are"
    return f"{len(not_ready)} of {lines} {verb} not ready. {named}{more}"


def _waits(values: Mapping[str, Any], facts: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> str:
    """What the person is asked for, as things stand."""
    sha, version = digest(facts), values.get("version", "")
    named = f"Version {version}" if version else "The version"
    if values.get("returned"):
        return f"{named} was returned: {one_line(str(values['returned']))} Fix it, then send the submission again."
    if (before := str(values.get("sent") or "")) and before != sha:
        since = _since(before, facts, known)
        again = f"Look at them, then send them with seen={sha[:12]}."
        return f"The facts have changed since {named.lower()} was sent{since}. {again}"
    if values.get("frozen") == sha:
        return f"{named} is frozen: send it when you are ready."
    if before := str(values.get("frozen") or ""):
        return f"The facts have changed since {named.lower()} was frozen{_since(before, facts, known)}. Freeze or send."
    return "The package is ready: freeze and send it."


def _since(looked: str, facts: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> str:
    before = next((one for one in known if digest(one).startswith(looked)), None)
    return f" ({told(changes(before, facts))})" if before is not None else ""
