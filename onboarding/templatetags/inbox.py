"""What the frame of every page says of the inbox."""

from __future__ import annotations

from uuid import UUID

from django import template
from django.db.models import Count, QuerySet

from onboarding.models import Notice
from sellers.models import User
from sellers.prepared import Prepared

register = template.Library()


def _count(user: UUID) -> QuerySet[Notice, tuple[int]]:
    rows = Notice.objects.readable().filter(user=user, read_at__isnull=True).order_by()
    return rows.values("user").annotate(number=Count("pk")).values_list("number")


_UNREAD = Prepared(_count, UUID)


@register.simple_tag
def unread(user: User) -> int:
    """How many of their notices a person has not opened; one query."""
    found = _UNREAD(user.pk)
    return int(found[0][0]) if found else 0
