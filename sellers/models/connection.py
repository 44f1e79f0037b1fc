"""Connections: one role in a seller's account and the external ID that we made for it."""

import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.base import ModelBase

from sellers import formats
from sellers.models.choices import ConnectionState, one_of
from sellers.models.seller import Seller

FIXED = frozenset({"seller", "seller_id", "role_arn", "account_id", "external_id"})
REFUSAL = "A connection's role and external ID are never changed. Make a new connection instead."


def new_external_id() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Refuses to change in bulk what must never change."""

    def update(self, **changes: Any) -> int:
        """As Django's, without the fixed columns."""
        if FIXED & changes.keys():
            raise ValidationError(REFUSAL)
        return super().update(**changes)


class Connection(models.Model):
    """A role that we assume. No key is ever stored; the external ID is no secret, but never reused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="connections")
    role_arn = models.CharField("role ARN", max_length=2048)
    account_id = models.CharField(max_length=12, editable=False)
    external_id = models.CharField(max_length=32, unique=True, editable=False, default=new_external_id)
    label = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=16, choices=ConnectionState.choices, default=ConnectionState.NEW)
    detail = models.CharField(max_length=1000, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=("seller", "role_arn"), name="connection_once"),
            one_of("state", ConnectionState.values, "connection_state"),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.account_id})" if self.label else self.role_arn

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Store it; ValidationError if a fixed column was changed."""
        stored = type(self).objects.filter(pk=self.pk).values("seller_id", "role_arn", "external_id").first()
        if stored and any(getattr(self, name) != value for name, value in stored.items()):
            raise ValidationError(REFUSAL)
        self.account_id = formats.account_of(self.role_arn)
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    @property
    def is_proven(self) -> bool:
        """Whether the role let us in with the external ID, and nobody without."""
        return self.state == ConnectionState.PROVEN
