"""Items that wait, what people were told, and what they were mailed."""

from __future__ import annotations

from onboarding.models import Item, Notice, Outbox
from sellers.models import Product, User
from tests import factories


def needs_you(product: Product, slug: str = "network", region: str = "eu-west-1") -> Item:
    """That item, waiting for a person."""
    item = factories.item(product, slug, region)
    return factories.moved(item, "waiting", waiting_for="you", sentence="Give the id of the VPC.")


def told(user: User) -> list[str]:
    """The titles of what the person was told, the first first."""
    return list(Notice.objects.filter(user=user).order_by("id").values_list("title", flat=True))


def mailed() -> list[tuple[str, str]]:
    """To whom and what, of the notices in the outbox."""
    rows = Outbox.objects.filter(dedupe_key__startswith="notice.").order_by("pk")
    return [(row.to[0], row.subject) for row in rows]
