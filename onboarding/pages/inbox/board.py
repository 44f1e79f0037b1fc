"""The inbox: what one person was told, the newest first; and what they have read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.functions import Now

from onboarding.models import ItemState, Notice, NoticeKind, NoticeSetting
from onboarding.pages.common.states import MARKS, Mark
from onboarding.pages.common.times import Moment, moment
from sellers.models import User

A_PAGE = 25
UNREAD = "unread"
KINDS = {
    NoticeKind.TURN: Mark("Your turn", "s-you", "user-exclamation"),
    NoticeKind.FAILED: MARKS[ItemState.FAILED],
    NoticeKind.FINISHED: Mark("Finished", "s-accent", "flag"),
    NoticeKind.LIVE: Mark("Live", "s-done", "circle-check"),
    NoticeKind.QUESTION: Mark("Question", "s-you", "help-circle"),
    NoticeKind.RETURNED: Mark("Returned", "s-you", "arrow-back-up"),
    NoticeKind.ARRIVED: Mark("To review", "s-you", "user-exclamation"),
    NoticeKind.ANSWERED: Mark("Answered", "s-accent", "check"),
}


@dataclass(frozen=True)
class Line:
    """One notice as the page shows it."""

    pk: int
    mark: Mark
    title: str
    sentence: str
    product: str
    seller: str
    at: Moment | None
    unread: bool


@dataclass(frozen=True)
class Inbox:
    """A page of it. `unread` counts all pages; `newest` is the last notice that the person has seen listed."""

    lines: list[Line]
    page: Page[Any]
    unread: int
    newest: int
    only_unread: bool

    @property
    def query(self) -> str:
        """What the links to other pages keep."""
        return f"show={UNREAD}&" if self.only_unread else ""


def mine(user: User) -> QuerySet[Notice]:
    """The notices that the person may read; those of a seller that they have left are not among them."""
    return Notice.objects.filter(user=user).readable()


def inbox(user: User, page: str | None, show: str = "") -> Inbox:
    """Four queries, however many there are. An unknown `show` shows all."""
    only_unread, unread = show == UNREAD, mine(user).filter(read_at__isnull=True)
    found = unread if only_unread else mine(user)
    shown = Paginator(found.select_related("product", "seller"), A_PAGE).get_page(page)
    newest = mine(user).values_list("pk", flat=True).first() or 0
    return Inbox([_line(row) for row in shown.object_list], shown, unread.count(), newest, only_unread)


def read(notice: Notice) -> None:
    """The person has read it; when they first did stays."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=Now())


def read_all(user: User, newest: int) -> int:
    """The person has read all of them up to that one; returns how many were new. Later ones stay unread."""
    return mine(user).filter(read_at__isnull=True, pk__lte=newest).update(read_at=Now())


def choose(user: User, digest: str) -> None:
    """How often the person is mailed from now on; what waits for a digest goes by the new choice."""
    NoticeSetting.objects.update_or_create(user=user, defaults={"digest": digest})


def _line(row: Notice) -> Line:
    return Line(
        pk=row.pk,
        mark=KINDS[NoticeKind(row.kind)],
        title=row.title,
        sentence=row.sentence,
        product=row.product.name,
        seller=row.seller.name,
        at=moment(row.at),
        unread=row.read_at is None,
    )
