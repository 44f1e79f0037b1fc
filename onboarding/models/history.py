"""History: attempts of an item, the AWS calls they made, and the append-only events."""

from __future__ import annotations

from django.db import models

from onboarding.models.item import Item
from onboarding.models.run import Run
from sellers.models import Seller


class Attempt(models.Model):
    """One try of an item within a run, from its first claim to an end; looks in between belong to the same attempt."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="attempts_made")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=10)
    outcome = models.CharField(max_length=12)
    sentence = models.TextField(blank=True)
    failure = models.JSONField(null=True)
    inputs_hash = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("item", "number"), name="attempt_once"),)

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.item}"


class AwsCall(models.Model):
    """One AWS call of an attempt, without secrets; its CLI equivalent is made from it (onboarding.aws.cli)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="calls")
    run_id = models.UUIDField(null=True, db_index=True)
    attempt = models.PositiveIntegerField()
    service = models.CharField(max_length=40)
    operation = models.CharField(max_length=80)
    account = models.CharField(max_length=12, blank=True)
    region = models.CharField(max_length=32)
    params = models.JSONField(default=dict)
    mutating = models.BooleanField()
    status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=120, blank=True)
    message = models.TextField(blank=True)
    request_id = models.CharField(max_length=120, blank=True)
    ms = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.service}:{self.operation} {self.status or self.code}"


class Event(models.Model):
    """One row for each change of state and each intent, written in the same transaction. Never changed, never removed:
    triggers in both databases refuse it. Plain ids, so that the history outlives what it tells of.
    """

    at = models.DateTimeField(db_index=True)
    seller = models.ForeignKey(Seller, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    product_id = models.UUIDField(null=True, db_index=True)
    item_id = models.UUIDField(null=True, db_index=True)
    run_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=254, default="engine")
    what = models.CharField(max_length=40)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.what} {self.before} {self.after}".strip()


class Evidence(models.Model):
    """What a verification saw: outcome, sentence, trimmed facts and their SHA-256."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="evidence")
    run_id = models.UUIDField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    check_name = models.CharField(max_length=320)
    outcome = models.CharField(max_length=10)
    sentence = models.TextField()
    facts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    account = models.CharField(max_length=12, blank=True)
    actor = models.CharField(max_length=254, default="engine")
    build = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.check_name}: {self.outcome}"
