"""The inventory: one row for each thing, written before the thing is made."""

from __future__ import annotations

import uuid

from django.db import models

from onboarding.models.choices import ResourceState, one_of
from onboarding.models.item import Item
from sellers.models import Product, Seller


class Resource(models.Model):
    """`params` are the thing's fields (things.base.Thing.params), `values` what was last seen of it.

    `create_attempts` counts the attempts to create this generation, so an intent without a result is known to be in
    doubt; `lookup_attempts` counts the lookups since. `managed` is False for adopted ones, which are never removed.
    `batch` orders the teardown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="resources")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="resources")
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    role = models.CharField(max_length=20, default="service")
    kind = models.CharField(max_length=40)
    logical_key = models.CharField(max_length=120)
    aws_id = models.CharField(max_length=512, blank=True)
    state = models.CharField(max_length=10, choices=ResourceState.choices, default=ResourceState.INTENDED)
    managed = models.BooleanField(default=True)
    params = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    aws_status = models.CharField(max_length=120, blank=True)
    generation = models.PositiveIntegerField(default=1)
    batch = models.PositiveIntegerField(default=0)
    create_attempts = models.PositiveIntegerField(default=0)
    lookup_attempts = models.PositiveIntegerField(default=0)
    pending = models.BooleanField(default=False)
    seen_run = models.UUIDField(null=True)
    made_at = models.DateTimeField(null=True)
    deleting_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ("batch", "kind", "logical_key")
        constraints = (
            models.UniqueConstraint(fields=("item", "account", "region", "kind", "logical_key"), name="resource_once"),
            one_of("state", ResourceState.values, "resource_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=("intended", "gone")) | ~models.Q(aws_id=""),
                name="resource_that_exists_has_an_id",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.aws_id or self.logical_key}"
