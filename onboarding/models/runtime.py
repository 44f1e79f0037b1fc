"""Small rows that keep the engine going: progress counters, heartbeats, learnt waits, rates, the outbox."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from sellers.models import Product


class Progress(models.Model):
    """What a page's poll reads: a version that grows with every change, and stored counters (never aggregated).

    Every move of a product's item first updates this row, which also puts the moves of one product in a line.
    """

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    version = models.PositiveBigIntegerField(default=0)
    todo = models.IntegerField(default=0)
    working = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    undoing = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    not_needed = models.IntegerField(default=0)
    on_you = models.IntegerField(default=0)
    on_marketplace = models.IntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "progress"

    def __str__(self) -> str:
        return f"{self.product_id} v{self.version}"


class Heartbeat(models.Model):
    """When something that should happen again and again last happened."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%H:%M:%S}"


class WaitStat(models.Model):
    """How long waits of a kind took at an AWS endpoint: running mean and mean deviation, in seconds."""

    kind = models.CharField(max_length=64)
    endpoint = models.CharField(max_length=120)
    seen = models.PositiveIntegerField(default=0)
    mean = models.FloatField(default=0)
    spread = models.FloatField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "endpoint"), name="waitstat_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.mean:.1f} s"


class Throttle(models.Model):
    """The rate of one account, region and service, shared by all workers: `used_until` is how far ahead tokens are
    taken,
    `not_before` when AWS, having throttled us, may be asked again.
    """

    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    service = models.CharField(max_length=40)
    used_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "region", "service"), name="throttle_once"),)

    def __str__(self) -> str:
        return f"{self.service} in {self.account}/{self.region}"


class Outbox(models.Model):
    """A mail to send at least once; the dedupe key is also its Message-ID, so that a second copy can be told.

    `attachments` are texts by file name; `reply_to` are the addresses that answers go to, none for the sender's.
    """

    NOTICE, REVIEW, SUBMISSION = "notice.", "review.", "submission."  # what keys begin with; an item's with its id

    dedupe_key = models.CharField(max_length=200, unique=True)
    to = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachments = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "outbox"
        indexes = (models.Index(fields=("due_at",), condition=models.Q(sent_at__isnull=True), name="outbox_due"),)

    def __str__(self) -> str:
        return self.subject

    @staticmethod
    def item_key(item_id: UUID, name: str = "") -> str:
        """The key of an item's mail, or what all of its keys begin with."""
        return f"{item_id}.{name}"
