"""`manage.py check` names what a new step or thing lacks."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

from onboarding.checklist.step import Input, Step
from onboarding.checks import step_lacks, thing_lacks
from onboarding.steps import by_slug
from onboarding.things import kinds
from onboarding.things.base import Idempotency, Thing
from sellers import formats


def variant(cls: type[Any], **changed: Any) -> type[Any]:
    """The same class with other attributes; its slug is the same, so its template is too."""
    made = type(cls.__name__, (cls,), {"__doc__": cls.__doc__, "__module__": cls.__module__, **changed})
    return made


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "no `title`"),
        ({"doing": "Working."}, "no `doing`"),
        ({"__doc__": "Short."}, "no docstring"),
        ({"guide": ()}, "no `guide`"),
        ({"guide": ("S16", "S39", "S99")}, "no line S99"),
        ({"guide": ("S16", "S39", "S1")}, "does not name the guide line S1 in its first comment."),
        ({"slug": "certificate_of_tomorrow"}, "no templates/onboarding/steps/certificate_of"),
        ({"outputs": None}, "no `outputs`"),
        ({"inputs": (Input(field="vpc_id", words="the VPC", parse=formats.vpc_id),)}, "must be for subnet_ids, vpc_id"),
    ],
)
def test_what_a_step_lacks_is_named(changed: dict[str, Any], said: str) -> None:
    step: Step[Any] = variant(type(by_slug()["network"]), **changed)()
    assert any(said in sentence for sentence in step_lacks(step)), list(step_lacks(step))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"words": ""}, "no `words`"),
        ({"__doc__": "Vpc(*, key: str = '')"}, "no docstring"),
        ({"reads": ()}, "no `reads`"),
        ({"reads": ("DescribeVpcs",)}, "DescribeVpcs is not an IAM action"),
        ({"makes": ("ec2:CreateMoon",)}, "no grant for ec2:CreateMoon"),
        ({"removes": ()}, "both `makes` and `removes`"),
        ({"idempotency": Idempotency.READ}, "both `makes` and `removes`"),
    ],
)
def test_what_a_thing_lacks_is_named(changed: dict[str, Any], said: str) -> None:
    cls: type[Thing] = variant(kinds()["vpc"], **changed)
    assert any(said in sentence for sentence in thing_lacks(cls)), list(thing_lacks(cls))


def test_djangos_check_asks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [found for found in run_checks() if (found.id or "").startswith("onboarding.")] == []
    monkeypatch.setattr(kinds()["vpc"], "words", "")
    found = [(error.id, error.obj, error.msg) for error in run_checks() if error.obj == "vpc"]
    assert found == [("onboarding.E002", "vpc", "It has no `words`: write what people call it.")]
