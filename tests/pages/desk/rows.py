"""What the desk's rules leave in the database."""

from __future__ import annotations

from onboarding.models import Event, Outbox, Remark


def mails() -> list[Outbox]:
    """All mail, in the order in which it was written."""
    return list(Outbox.objects.order_by("pk"))


def counts() -> tuple[int, ...]:
    """How many events, remarks and mails there are."""
    return (Event.objects.count(), Remark.objects.count(), Outbox.objects.count())
