"""What all rules of the desk share: the permission, the version that counts, the history, and the seller's people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from onboarding.engine.counters import touch
from onboarding.engine.delivery import post
from onboarding.engine.history import record_event
from onboarding.engine.signals import Blocked, DueItem
from onboarding.models import EventKind, Item, Outbox, Submission
from sellers.access import Action, can, why_not
from sellers.models import Seller, User
from sellers.models.choices import Role

Done: TypeAlias = tuple[Sequence[DueItem], str]


def may_review(by: User, of: Submission | Item) -> None:
    """PermissionDenied unless the person decides for Seller Operations, and not on a seller of their own."""
    if not can(by, Action.REVIEW, of):
        raise PermissionDenied(why_not(by, Action.REVIEW))


def locked(submission: Submission) -> Submission:
    """The row as it is now, held to the end of the transaction; the product's pages see that something changed."""
    touch(submission.product_id)
    found = Submission.objects.select_for_update(of=("self",)).select_related("product", "seller")
    return found.get(pk=submission.pk)


def newest(submission: Submission) -> None:
    """Blocked if there is a newer version: nobody decides on what the seller has replaced."""
    later = Submission.objects.filter(product_id=submission.product_id, number__gt=submission.number)
    row = later.order_by("-number").values_list("number", "sent_at").first()
    if row is None:
        return
    number, sent = row
    state = "was sent" if sent else "is frozen and not sent yet"
    cure = f"Decide on version {number}." if sent else f"Wait for version {number}, or ask the seller about it."
    raise Blocked(
        f"Version {submission.number} is not the newest any more: version {number} {state}. {cure} Nothing was changed."
    )


def item_of(submission: Submission, slug: str) -> Item | None:
    """The product's item of that step, over the whole product."""
    return Item.objects.filter(product_id=submission.product_id, slug=slug, region="").select_related("run").first()


def tell(of: Submission, by: User, what: EventKind, before: str, after: str, sentence: str = "") -> None:
    """One event of the product, in the history of its submission item."""
    data = {"version": of.number}
    about = item_of(of, "submission") or of
    record_event(about, what, by=by, before=before, after=after, sentence=sentence, data=data)


def people(seller: Seller) -> list[str]:
    """The addresses of a seller's engineers and leads who are not suspended."""
    found = seller.memberships.filter(role__in=Role.values, user__is_active=True)
    return list(found.order_by("user__email").values_list("user__email", flat=True))


def mail(key: str, of: Submission | Item, subject: str, *parts: str, page: str = "run") -> None:
    """A mail to those people, with the transaction's change, and the address of one of the product's pages."""
    link = settings.PUBLIC_URL + reverse(f"onboarding:{page}", args=[of.product_id])
    if to := people(of.seller):
        post(f"{Outbox.REVIEW}{key}", to, f"{of.product.name}: {subject}", "\n\n".join([*parts, link]) + "\n")
