"""Notices by email: several in one, through the outbox, as often as each person wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from onboarding.checklist.words import counted
from onboarding.engine import delivery
from onboarding.models import Digest, Notice, NoticeSetting, Outbox
from onboarding.notices import links
from sellers.models import User

KEY = Outbox.NOTICE
BATCH = 1000
SHOWN = 50
DAILY_HOUR = 7  # UTC
OFTEN = {Digest.NOW: "at once", Digest.HOURLY: "once an hour", Digest.DAILY: "once a day", Digest.NONE: "never"}


def waiting(now: datetime) -> bool:
    """Whether there is anything to put into the outbox, or to take out of it."""
    return _due(now).exists() or _unsent().exists()


def post(now: datetime) -> int:
    """Put one mail a person and seller into the outbox with all that is due; returns how many. In the caller's
    transaction.

    What was read meanwhile is not mailed, nor what somebody may not read any more.
    """
    withdraw()
    rows = list(_due(now).order_by("user_id", "id").values_list("pk", flat=True)[:BATCH])
    mine = Notice.objects.filter(pk__in=rows).readable().filter(read_at__isnull=True)
    mine = mine.exclude(user__notice_setting__digest=Digest.NONE)
    found = sorted(mine.select_related("user", "product", "seller").order_by("id"), key=_whose)
    mails = [list(notices) for _, notices in groupby(found, key=_whose)]
    for notices in mails:
        _post(notices)
    Notice.objects.filter(pk__in=rows).update(to_mail=False)
    return len(mails)


def withdraw() -> None:
    """Take mails out of the outbox, not sent yet, whose person may not read their first notice any more."""
    keys = {int(key.removeprefix(KEY)): key for key in _unsent().values_list("dedupe_key", flat=True)[:BATCH]}
    if keys:
        kept = set(Notice.objects.filter(pk__in=keys).readable().values_list("pk", flat=True))
        _unsent().filter(dedupe_key__in=[key for pk, key in keys.items() if pk not in kept]).delete()


def often(user: User) -> Digest:
    """How often the person wants to be mailed."""
    setting = NoticeSetting.objects.filter(user=user).first()
    return Digest(setting.digest) if setting else Digest.NOW


def _due(now: datetime) -> QuerySet[Notice]:
    """Notices whose person is to be mailed by now, or never."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=DAILY_HOUR) - timedelta(days=hour.hour < DAILY_HOUR)
    digest = "user__notice_setting__digest"
    at_once = Q(user__notice_setting__isnull=True) | Q(**{f"{digest}__in": (Digest.NOW, Digest.NONE)})
    hourly, daily = Q(**{digest: Digest.HOURLY}, at__lt=hour), Q(**{digest: Digest.DAILY}, at__lt=day)
    return Notice.objects.filter(at_once | hourly | daily, to_mail=True)


def _unsent() -> QuerySet[Outbox]:
    return Outbox.objects.filter(sent_at__isnull=True, dedupe_key__startswith=KEY)


def _whose(notice: Notice) -> tuple[str, str]:
    """Whom a mail is for, and of which seller it tells: one of several would outlive a membership in one of them."""
    return str(notice.user_id), "" if notice.desk else str(notice.seller_id)


def _post(notices: Sequence[Notice]) -> None:
    first = notices[0]
    subject = f"{first.product.name}: {first.title}"
    if len(notices) > 1:
        products = dict.fromkeys(notice.product.name for notice in notices)
        subject = f"{counted(len(notices), 'notice')}: {', '.join(products)}"
    context = {
        "notices": [(notice, settings.PUBLIC_URL + links.path(notice)) for notice in notices[:SHOWN]],
        "more": len(notices) - SHOWN,
        "inbox": settings.PUBLIC_URL + reverse("onboarding:inbox"),
        "settings": settings.PUBLIC_URL + reverse("onboarding:notice_settings"),
        "often": OFTEN[often(first.user)],
    }
    delivery.post(
        f"{KEY}{first.pk}", [first.user.email], subject, render_to_string("onboarding/mail/notices.txt", context)
    )
