"""Invitations: the only way to an account."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from sellers.models.choices import PlatformRole, Role, one_of
from sellers.models.seller import Seller
from sellers.models.user import User

VALID_FOR = timedelta(days=7)


def token_hash(token: str) -> str:
    """What is stored of a link's token: whoever reads the database cannot accept an invitation."""
    return hashlib.sha256(token.encode()).hexdigest()


def expiry() -> datetime:
    """When an invitation made now ends."""
    return timezone.now() + VALID_FOR


class Invitation(models.Model):
    """One address invited to one role; `seller` is empty for a role on the platform."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=expiry)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            one_of("role", [*Role.values, PlatformRole.ADMIN, PlatformRole.REVIEWER], "invitation_role"),
            models.CheckConstraint(
                condition=models.Q(seller__isnull=False, role__in=Role.values)
                | models.Q(seller__isnull=True, role__in=[PlatformRole.ADMIN, PlatformRole.REVIEWER]),
                name="invitation_role_fits_seller",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.accepted_at is None and timezone.now() < self.expires_at

    def new_token(self) -> str:
        """A fresh token of 256 bits for the link; an earlier one ends. The caller saves."""
        token = secrets.token_urlsafe(32)
        self.token_hash = token_hash(token)
        return token
