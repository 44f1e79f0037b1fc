"""An item: one step of the checklist over a product or one of its regions, with its durable state."""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models

from onboarding.models.choices import ItemState, WaitsFor, one_of
from onboarding.models.run import Run
from sellers.models import Product, Seller


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why an item failed: our sentence and cure, what AWS said, and what is missing, ready to copy."""

    kind: str
    sentence: str
    cure: str = ""
    code: str = ""
    message: str = ""
    request_id: str = ""
    action: str = ""
    missing: str = ""

    def dump(self) -> dict[str, str]:
        """As the JSON column keeps it."""
        return dataclasses.asdict(self)


class Item(models.Model):
    """Outlives runs and deploys. Only the engine writes its state; `message` is the sentence for people.

    `next_check_at` says when it is due (null: the clock does not matter); `lease_*` who holds it; `direction` is up or
    down. `nudged_at` keeps the sweep from sending one item twice in fifteen seconds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="items")
    region = models.CharField(max_length=32, blank=True)
    slug = models.CharField(max_length=64)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="items")

    direction = models.CharField(max_length=4, default="up")
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.TODO)
    waiting_for = models.CharField(max_length=12, choices=WaitsFor.choices, blank=True)
    message = models.TextField(blank=True)
    aws_status = models.CharField(max_length=120, blank=True)
    wait_kind = models.CharField(max_length=64, blank=True)
    failure = models.JSONField(null=True)

    attempt = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    inputs_hash = models.CharField(max_length=64, blank=True)
    outputs = models.JSONField(null=True)
    answer = models.JSONField(null=True)
    skip_reason = models.TextField(blank=True)

    next_check_at = models.DateTimeField(null=True)
    nudged_at = models.DateTimeField(null=True)
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    check_asked = models.BooleanField(default=False)

    started_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("product", "region", "slug")
        constraints = (
            models.UniqueConstraint(fields=("product", "region", "slug"), name="item_once"),
            one_of("state", ItemState.values, "item_state"),
            one_of("waiting_for", [*WaitsFor.values, ""], "item_reason"),
            one_of("direction", ["up", "down"], "item_goal"),
            models.CheckConstraint(
                condition=~models.Q(state="waiting") | ~models.Q(waiting_for=""), name="item_waits_for_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(lease_owner__isnull=True, lease_until__isnull=True)
                | models.Q(lease_owner__isnull=False, lease_until__isnull=False),
                name="item_lease_whole",
            ),
        )
        indexes = (
            models.Index(fields=("next_check_at",), condition=models.Q(next_check_at__isnull=False), name="item_due"),
        )

    def __str__(self) -> str:
        return f"{self.slug} in {self.region}" if self.region else self.slug

    @property
    def why(self) -> Failure | None:
        """The failure, if it failed."""
        return Failure(**self.failure) if self.failure else None

    def given(self) -> dict[str, Any]:
        """What a person supplied, by field; empty if nothing was."""
        return dict((self.answer or {}).get("values", {}))
