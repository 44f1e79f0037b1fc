"""What each step and each thing must have, as Django system checks: `manage.py check` names what is missing.

The contract tests ask the same functions, so that a new file is complete before it runs.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from onboarding.checklist.guide import LINES
from onboarding.checklist.step import Step
from onboarding.permissions.grants import grants
from onboarding.permissions.policy import FORM
from onboarding.steps import checklist
from onboarding.things import kinds
from onboarding.things.base import Idempotency, Thing
from sellers.spec import RegionChoices

TEMPLATE_WORDS, TEMPLATE_LINES = 40, 60
LINE = re.compile(r"\b[SQ]\d+\b", re.ASCII)


def complete(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """An error for everything that a step or a thing lacks."""
    steps = [Error(said, obj=step.slug, id="onboarding.E001") for step in checklist() for said in step_lacks(step)]
    things = [Error(said, obj=cls.kind, id="onboarding.E002") for cls in kinds().values() for said in thing_lacks(cls)]
    return [*steps, *things]


def reachable(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A warning where the letters to Seller Operations would go nowhere (S26)."""
    if settings.SELLER_OPS_EMAIL:
        return []
    said = "SELLER_OPS_EMAIL is empty: requests for name servers and submissions are kept, but not sent."
    return [Warning(said, hint="Set it to the address of your Marketplace contact.", id="onboarding.W001")]


def step_lacks(step: Step[Any]) -> Iterator[str]:
    """Sentences, each with the attribute or file to add."""
    yield from _words(step)
    yield from _guide(step)
    yield from _template(step)
    if not dataclasses.is_dataclass(getattr(step, "outputs", None)):
        yield "It has no `outputs`: name the dataclass of what later steps read."
    fields = {ask.field for ask in step.inputs}
    wanted = _ids(step)
    if wanted is not None and fields != wanted:
        yield f"Its `asks` must be for {', '.join(sorted(wanted))}: the ids of its `choice`."


def thing_lacks(cls: type[Thing]) -> Iterator[str]:
    """Sentences, each with the attribute to add."""
    if not getattr(cls, "words", ""):
        yield "It has no `words`: write what people call it."
    if _undocumented(cls):
        yield "It has no docstring of its own: write what it is and what its values are."
    if not cls.reads:
        yield "It has no `reads`: name the IAM actions of find and check."
    if (cls.idempotency is Idempotency.READ) is bool(cls.makes or cls.removes) or bool(cls.makes) is not bool(
        cls.removes
    ):
        yield "Name the IAM actions in both `makes` and `removes`, or in neither if it only reads (Guard.READ)."
    yield from _actions(cls)


def _actions(cls: type[Thing]) -> Iterator[str]:
    acted = (*cls.makes, *cls.removes)
    for action in (*acted, *cls.reads):
        if not FORM.fullmatch(action):
            yield f"{action} is not an IAM action; write service:Action, such as ec2:CreateVpc."
    for action in acted:
        if action not in grants() and ":Describe" not in action:
            yield f"It has no grant for {action}: say in `grants` on what it is allowed."


def _words(step: Step[Any]) -> Iterator[str]:
    if not getattr(step, "title", ""):
        yield "It has no `title`: write a noun, as in the matrix."
    doing = getattr(step, "doing", "")
    if not doing or doing.endswith("."):
        yield "It has no `doing`, or one that ends with a full stop: write what happens while it works."
    if _undocumented(type(step)):
        yield "It has no docstring of its own: write what it makes, and what with an existing one."


def _guide(step: Step[Any]) -> Iterator[str]:
    numbers = getattr(step, "guide", ())
    if not numbers:
        yield "It has no `guide`: name the lines of the seller guide that it follows."
    for number in numbers:
        if number not in LINES:
            yield f"The seller guide has no line {number}: onboarding/checklist/guide.py lists them."


def _template(step: Step[Any]) -> Iterator[str]:
    name = f"onboarding/steps/{step.slug}.html"
    try:
        text = str(get_template(name).template.source)  # type: ignore[attr-defined]
    except TemplateDoesNotExist:
        yield f"There is no templates/{name}: write the step's long words."
        return
    if len(re.sub(r"<[^>]+>|\{[^}]*\}", "", text).split()) < TEMPLATE_WORDS:
        yield f"templates/{name} has fewer than {TEMPLATE_WORDS} words: say what is made and what people can do."
    if len(text.splitlines()) > TEMPLATE_LINES:
        yield f"templates/{name} has more than {TEMPLATE_LINES} lines: shorten it."
    shown = re.sub(r"\{#.*?#\}", "", text)
    for number in sorted(set(LINE.findall(shown))):
        yield f"templates/{name} shows the guide line {number}: cite it in the template's first comment instead."
    for number in sorted(set(getattr(step, "guide", ())) - set(LINE.findall(text))):
        yield f"templates/{name} does not name the guide line {number} in its first comment."


def _ids(step: Step[Any]) -> set[str] | None:
    """The fields that a manual choice must ask for; None where a step has no such choice and asks what it will."""
    if not step.choice:
        return None
    choice = type(getattr(RegionChoices(), step.choice))
    return {name for group in choice.IDS for name in group}


def _undocumented(cls: type[Any]) -> bool:
    own = cls.__doc__ or ""
    return len(own.split()) < 5 or own.startswith(f"{cls.__name__}(")  # dataclass writes one of its own
