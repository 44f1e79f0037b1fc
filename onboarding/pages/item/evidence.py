"""An item's evidence on its page: what asks for attention first, the rest by Region and by age behind disclosures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.checklist.words import counted
from onboarding.models import Item
from onboarding.pages.common.states import OUTCOMES, Mark
from onboarding.pages.item.history import Proof, evidence

REGION = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)$")  # the step of several Regions names them: verdict.us-east-1
FEW = 3
GOOD, WORST = OUTCOMES["pass"], [OUTCOMES[word] for word in ("fail", "warn", "attested", "pass")]


@dataclass(frozen=True)
class Fold:
    """Evidence behind a disclosure: its words, its worst mark, and whether it stands open."""

    key: str
    title: str
    said: str
    mark: Mark | None
    open: bool
    proofs: list[Proof]


@dataclass(frozen=True)
class Proofs:
    """What stands on the page at once, and the folds below it."""

    shown: list[Proof]
    folds: list[Fold]

    def __bool__(self) -> bool:
        return bool(self.shown or self.folds)


def proofs(item: Item) -> Proofs:
    """The newest of each check, folded by Region where there are several; what was seen before it last. One query."""
    newest: dict[str, Proof] = {}
    older: list[Proof] = []
    for proof in evidence(item):
        if proof.check in newest:
            older.append(proof)
        else:
            newest[proof.check] = proof
    by_region: dict[str, list[Proof]] = {}
    for proof in newest.values():
        found = REGION.search(proof.check)
        by_region.setdefault(found[1] if found else "", []).append(proof)
    whole = by_region.pop("", [])
    if len(by_region) == 1:
        whole += by_region.popitem()[1]
    shown, rest = _split(whole)
    folds = [_region(region, by_region[region]) for region in sorted(by_region)]
    if rest:
        folds.insert(0, Fold("ev-passed", f"{counted(len(rest), 'more check')} passed", "", GOOD, False, rest))
    if older:
        folds.append(Fold("ev-older", f"{counted(len(older), 'check')} from before", "", None, False, older))
    return Proofs(shown, folds)


def _split(found: Sequence[Proof]) -> tuple[list[Proof], list[Proof]]:
    """What is not simply good and the newest of the good ones; then the others, if they are more than a few."""
    if len(found) <= FEW:
        return list(found), []
    first = next((proof for proof in found if proof.mark == GOOD), None)
    rest = [proof for proof in found if proof.mark == GOOD and proof is not first]
    return [proof for proof in found if proof not in rest], rest


def _region(region: str, found: list[Proof]) -> Fold:
    bad = [proof for proof in found if proof.mark != GOOD]
    said = f"{counted(len(found), 'check')}, {f'{len(bad)} with warnings or failures' if bad else 'all passed'}"
    worst = next((mark for mark in WORST if any(proof.mark == mark for proof in found)), None)
    return Fold(f"ev-{region}", region, said, worst, worst == OUTCOMES["fail"], found)
