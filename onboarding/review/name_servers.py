"""The name servers that Seller Operations gives for a product's friendly name (S22, Q6)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction

from onboarding.engine import answers
from onboarding.engine.progress import count
from onboarding.engine.signals import Blocked
from onboarding.models import Item, ItemState
from onboarding.review.base import Done, mail, may_review
from sellers.models import User


def hand_over(item: Item, by: User, servers: Sequence[str]) -> Done:
    """Answer the product's `name_servers` item; each server is asked before it counts. The same set again is the same.

    Blocked once they are in use: the parent zone points to them.
    """
    may_review(by, item)
    with transaction.atomic():
        count(item.product_id)
        item.refresh_from_db()
        given = sorted(servers)
        if sorted(item.given().get("servers", [])) == given:
            return [], "These name servers were handed over already."
        if item.state == ItemState.DONE:
            raise Blocked(
                f"The name servers of {item.product.name} were handed over and are in use: "
                f"{', '.join(item.given().get('servers', []))}. "
                "To change them, ask the seller to take the delegation down first."
            )
        due = answers.answer(item, by, {"servers": list(servers)})
        key = hashlib.sha256(" ".join(given).encode()).hexdigest()[:16]
        mail(
            f"{item.pk}.servers.{key}", item, "the name servers are there",
            f"Seller Operations gives these name servers for {item.product.friendly_dns_name}:", "\n".join(servers),
            "Each is asked now; then the delegation goes on, as soon as the certificates are issued.",
        )  # fmt: skip
        return due, f"The name servers of {item.product.name} are handed over. Each of them is asked now."
