"""Notices: what a person is told of, in the inbox and by email; and how often somebody wants to be mailed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from onboarding.models.choices import one_of
from sellers.access import TABLE, Action
from sellers.models import Membership, Product, Seller
from sellers.models.choices import PlatformRole

DECIDES = [role for role in PlatformRole.values if Action.REVIEW in TABLE.get(role, ())]


class NoticeKind(models.TextChoices):
    """Why somebody is told: it is their turn, something failed, something came to its end, something came in."""

    TURN = "turn", "Your turn"
    FAILED = "failed", "Failed"
    FINISHED = "finished", "Finished"
    LIVE = "live", "Live"
    QUESTION = "question", "Question"
    RETURNED = "returned", "Returned"
    ARRIVED = "arrived", "To review"
    ANSWERED = "answered", "Answered"


class Notices(models.QuerySet["Notice"]):
    """Notices, and who may still read them."""

    def readable(self) -> Notices:
        """Those whose person is not suspended and still belongs to the seller, or decides for Seller Operations."""
        member = Exists(Membership.objects.filter(seller=OuterRef("seller"), user=OuterRef("user")))
        own, desk = Q(member, desk=False), Q(desk=True, user__platform_role__in=DECIDES)
        return self.filter(own | desk, user__is_active=True)


class Notice(models.Model):
    """One thing that one person is told, once: `cause` names it (event.<id> of the history).

    `desk` notices are for Seller Operations, the others for the seller's people. `item_id` and `submission_id` are
    plain ids, for the link. `to_mail`: it has still to be mailed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    item_id = models.UUIDField(null=True)
    submission_id = models.UUIDField(null=True)
    desk = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    title = models.CharField(max_length=200)
    sentence = models.TextField(blank=True)
    cause = models.CharField(max_length=80)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    to_mail = models.BooleanField(default=True)

    objects = Notices.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("cause", "user"), name="notice_once"),
            one_of("kind", NoticeKind.values, "notice_kind"),
        )
        indexes = (
            models.Index(fields=("user", "-id"), name="notice_inbox"),
            models.Index(fields=("user",), condition=models.Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=("at",), condition=models.Q(to_mail=True), name="notice_to_mail"),
        )

    def __str__(self) -> str:
        return self.title


class Digest(models.TextChoices):
    """How often notices are mailed."""

    NOW = "now", "At once"
    HOURLY = "hourly", "Every hour"
    DAILY = "daily", "Once a day"
    NONE = "none", "Never"


class NoticeSetting(models.Model):
    """How often a person wants to be mailed; no row is at once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_setting"
    )
    digest = models.CharField(max_length=10, choices=Digest.choices, default=Digest.NOW)

    class Meta:
        constraints = (one_of("digest", Digest.values, "notice_setting_digest"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_digest_display()}"
