"""What the frame of every page says of the inbox."""

from __future__ import annotations

from django import template

from onboarding.models import Notice
from sellers.models import User

register = template.Library()


@register.simple_tag
def unread(user: User) -> int:
    """How many of their notices a person has not opened; one query."""
    return Notice.objects.readable().filter(user=user, read_at__isnull=True).count()
