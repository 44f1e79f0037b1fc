"""Tells people, each once of each cause: a row in the inbox, and by email as often as they want.

An event is looked for until it is told. Once a minute that goes a quarter of an hour further back than the last time:
longer than any transaction that could still write one. One worker writes at a time; a row is the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from onboarding.engine import clock
from onboarding.models import Heartbeat, Notice
from onboarding.models.notice import DECIDES
from onboarding.notices import emails, events
from onboarding.notices.events import NotifiableEvent
from sellers.access import TABLE, Action
from sellers.models import Membership, User
from sellers.models.choices import Role

NAME, LOCK = "notices", "notices lock"
BACK, NEAR, REST = timedelta(minutes=15), timedelta(minutes=1), timedelta(minutes=1)
ACTS = [role for role in Role.values if Action.ANSWER in TABLE[role]]


def send_notices() -> int:
    """Tell what was not told yet, and put into the outbox what is due by email; returns how many mails that were.

    With nothing to tell it only reads, but for its sign of life once a minute. What is found is found without a lock.
    """
    now = clock.now()
    last = Heartbeat.objects.filter(pk=NAME).values_list("at", flat=True).first()
    far = last is None or now - last > REST
    rows = list(_rows(events.since((last or now) - (BACK if far else NEAR))))
    posted = _write(rows, now) if rows or emails.waiting(now) else 0
    if far:
        Heartbeat.objects.update_or_create(pk=NAME, defaults={"at": now})
    return posted


def _write(rows: Sequence[Notice], now: datetime) -> int:
    """Write them, but for those that another worker has told meanwhile."""
    Heartbeat.objects.get_or_create(pk=LOCK, defaults={"at": now})
    with transaction.atomic():
        Heartbeat.objects.select_for_update().get(pk=LOCK)
        told = events.told([row.cause for row in rows])
        Notice.objects.bulk_create([row for row in rows if row.cause not in told], batch_size=500)
        return emails.post(now)


def _rows(found: Iterable[NotifiableEvent]) -> Iterator[Notice]:
    """One row for each person of each cause."""
    crews: dict[tuple[UUID, bool], list[User]] = {}
    for cause in found:
        at = (cause.seller_id, cause.desk)
        if at not in crews:
            crews[at] = list(_desk(cause.seller_id) if cause.desk else _seller(cause.seller_id))
        for user in crews[at]:
            if user.email != cause.actor and cause.only in ("", user.email):
                yield _row(cause, user)


def _row(cause: NotifiableEvent, user: User) -> Notice:
    # Who reads the mailbox of Seller Operations has the letter already.
    has_it = cause.desk and user.email == settings.SELLER_OPS_EMAIL
    return Notice(
        user=user,
        seller_id=cause.seller_id,
        product_id=cause.product_id,
        item_id=cause.item_id,
        submission_id=cause.submission_id,
        desk=cause.desk,
        kind=cause.kind,
        title=cause.title[:200],
        sentence=cause.sentence,
        cause=cause.key,
        at=cause.at,
        to_mail=cause.mails and not has_it,
    )


def _seller(seller_id: UUID) -> Iterable[User]:
    """The seller's people who may act and are not suspended."""
    return User.objects.filter(memberships__seller=seller_id, memberships__role__in=ACTS, is_active=True)


def _desk(seller_id: UUID) -> Iterable[User]:
    """Who decides for Seller Operations, but not on a seller of their own."""
    members = Membership.objects.filter(seller=seller_id).values("user")
    return User.objects.filter(platform_role__in=DECIDES, is_active=True).exclude(pk__in=members)
