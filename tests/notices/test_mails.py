"""Notices by email: how often, several in one, and to nobody who may not read them any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from onboarding.engine import clock, delivery
from onboarding.models import Digest, Item, Notice, Outbox
from onboarding.notices import emails, send_notices
from onboarding.pages.inbox import board
from sellers.models import Membership, User
from tests import factories
from tests.factories import Tenant
from tests.notices.rows import mailed, needs_you

pytestmark = pytest.mark.django_db


def at(hour: int, day: int = 2) -> datetime:
    return datetime(2030, 1, day, hour, 0, 1, tzinfo=UTC)


def posts(user: User, now: datetime) -> list[str]:
    """The subjects of what the person is mailed at that time."""
    before = Outbox.objects.count()
    emails.post(now)
    return [row.subject for row in Outbox.objects.order_by("pk")[before:] if row.to == [user.email]]


@pytest.mark.parametrize(
    ("digest", "moments"),
    [
        (Digest.HOURLY, [(at(9), []), (at(10), ["2 notices: Example Analytics"]), (at(11), [])]),
        (Digest.DAILY, [(at(23), []), (at(6, 3), []), (at(7, 3), ["2 notices: Example Analytics"]), (at(8, 3), [])]),
        (Digest.NONE, [(at(9), []), (at(9, 5), [])]),
    ],
)
def test_a_digest_collects(
    waiting: Item, own: Tenant, digest: str, moments: Sequence[tuple[datetime, list[str]]]
) -> None:
    board.choose(own.engineer, digest)
    needs_you(own.product, region="us-east-1")
    send_notices()
    assert own.engineer.email not in [to for to, _ in mailed()]
    Notice.objects.update(at=at(9) + timedelta(minutes=20))
    for now, subjects in moments:
        assert posts(own.engineer, now) == subjects
    assert not Notice.objects.filter(user=own.engineer, to_mail=True).exists()


def test_a_digest_names_each_and_leaves_out_what_was_read(waiting: Item, own: Tenant) -> None:
    board.choose(own.engineer, Digest.HOURLY)
    for slug in ("targets", "load_balancer", "listener"):
        needs_you(own.product, slug)
    send_notices()
    first = Notice.objects.filter(user=own.engineer).order_by("id")[0]
    board.read(first)
    emails.post(clock.now() + timedelta(hours=1))
    row = Outbox.objects.get(to=[own.engineer.email])
    assert row.subject == "3 notices: Example Analytics"
    assert "Action required: Listener in eu-west-1" in row.body
    assert first.title not in row.body
    assert "/inbox/settings/" in row.body


def test_who_was_removed_gets_nothing_more(waiting: Item, own: Tenant) -> None:
    board.choose(own.engineer, Digest.HOURLY)
    send_notices()
    Membership.objects.filter(user__in=[own.engineer, own.lead]).delete()
    assert mailed() == [(own.lead.email, "Example Analytics: Action required: Network in eu-west-1")], "not sent yet"
    send_notices()
    emails.post(clock.now() + timedelta(hours=1))
    delivery.drain()
    assert (mailed(), mail.outbox) == ([], [])
    assert board.mine(own.lead).count() == 0


def test_who_was_suspended_gets_nothing_more(waiting: Item, own: Tenant) -> None:
    send_notices()
    User.objects.filter(pk=own.lead.pk).update(is_active=False)
    send_notices()
    assert [to for to, _ in mailed()] == [own.engineer.email]


def test_each_sellers_notices_come_in_a_mail_of_their_own(waiting: Item, own: Tenant, other: Tenant) -> None:
    Membership.objects.create(seller=other.seller, user=own.lead, role="engineer")
    factories.started(other.product, other.lead)
    needs_you(other.product)
    send_notices()
    subjects = sorted(subject for to, subject in mailed() if to == own.lead.email)
    assert subjects == [
        "Canary Corp: Action required: Network in eu-west-1",
        "Example Analytics: Action required: Network in eu-west-1",
    ]
