"""The database refuses versions and remarks that cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from onboarding.models import Submission
from tests import submissions


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost"},
        {"state": "sent", "sent_at": None},
        {"state": "live", "decided_at": None},
        {"state": "returned", "decided_at": timezone.now(), "reason": ""},
    ],
)
def test_the_database_refuses_a_version_that_cannot_be(version: Submission, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=version.pk).update(**fields)


def test_a_version_is_there_once(version: Submission) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        submissions.sent(version.product)


@pytest.mark.parametrize(
    "fields", [{"text": ""}, {"kind": "answer"}, {"kind": "question", "public": False}, {"kind": "shout"}]
)
def test_the_database_refuses_a_remark_that_cannot_be(version: Submission, fields: dict[str, Any]) -> None:
    given = {"kind": "note", "text": "x", "public": fields.get("kind") is None, "at": timezone.now(), **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        version.remarks.create(**given)
