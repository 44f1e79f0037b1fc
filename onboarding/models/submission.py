"""A submission: one frozen version of what goes to Seller Operations (S25-S31), and what was said about it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from onboarding.models.choices import one_of
from sellers.models import Product, Seller


class SubmissionState(models.TextChoices):
    """Where a version stands: written down, mailed, taken up by a reviewer, and decided on either way."""

    FROZEN = "frozen"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    LIVE = "live"


class Submission(models.Model):
    """`number` is the version within the product; `facts` are what was read from AWS and DNS and `sha256` their digest,
    `subject` and `body` the mail as sent. People are named by their email address, so that the record
    outlives them. `reason` is why it was returned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=SubmissionState.choices, default=SubmissionState.FROZEN)
    facts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=254)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=254, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=254, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("product", "number"), name="submission_version_once"),
            one_of("state", SubmissionState.values, "submission_state"),
            models.CheckConstraint(
                condition=models.Q(state="frozen") | models.Q(sent_at__isnull=False), name="submission_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("returned", "live")) | models.Q(decided_at__isnull=False),
                name="submission_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="returned") | ~models.Q(reason=""), name="submission_returned_has_a_reason"
            ),
        )
        indexes = (
            models.Index(
                fields=("sent_at",),
                condition=models.Q(state__in=("sent", "acknowledged", "returned")),
                name="submission_queue",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number} of {self.product}"


class RemarkKind(models.TextChoices):
    """A question to the seller and its answer, why a version came back, or a note."""

    QUESTION = "question"
    ANSWER = "answer"
    RETURN = "return"
    NOTE = "note"


class Remark(models.Model):
    """What was said about one line of a submission (`line` is a guide code such as S27; empty: about all of it).

    A private remark (`public` False) is for reviewers alone. `answered` marks a question that has its answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=10, choices=RemarkKind.choices)
    line = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    public = models.BooleanField(default=True)
    question = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    answered = models.BooleanField(default=False)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            one_of("kind", RemarkKind.values, "remark_kind"),
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_says_something"),
            models.CheckConstraint(
                condition=models.Q(kind="answer", question__isnull=False)
                | (~models.Q(kind="answer") & models.Q(question__isnull=True)),
                name="remark_answer_has_its_question",
            ),
            models.CheckConstraint(
                condition=models.Q(public=True) | models.Q(kind="note"), name="remark_only_notes_are_private"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.line}" if self.line else self.kind
