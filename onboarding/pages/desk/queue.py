"""The review desk's queue: what sellers have sent, and name servers that were asked for, by due date.

Ten queries a page, however long the queue is. A version that a newer one replaced is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from onboarding.checklist.words import counted
from onboarding.models import Item, Remark, RemarkKind, Submission, SubmissionState
from onboarding.pages.common.states import Mark
from onboarding.pages.common.times import Moment, moment
from sellers.models import Membership, ProductRegion, User

TARGET_DAYS = 3  # a decision is promised within so many business days


def due(since: datetime, days: int = TARGET_DAYS) -> date:
    """The day by whose end something is due that came at `since`; what comes at a weekend came on Monday."""
    day = since.astimezone(UTC).date()
    while day.weekday() > 4:
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def left(until: date, today: date) -> int:
    """Business days from today until then: 0 today, negative when it is over."""
    sign, (first, last) = (1, (today, until)) if until >= today else (-1, (until, today))
    days = (first + timedelta(days=n + 1) for n in range((last - first).days))
    return sign * sum(day.weekday() < 5 for day in days)


def due_by(today: date, days: int = TARGET_DAYS) -> datetime:
    """What came before this moment is due today, or was: the moment from which on things are due later."""
    moment = datetime(today.year, today.month, today.day, tzinfo=UTC)
    while due(moment, days) > today:
        moment -= timedelta(days=1)
    return moment + timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A due day in words: "today", "Thu 26 Nov", "2 business days over"; `late` when it is today or over."""

    day: str
    words: str
    late: bool


def due_words(since: datetime, now: datetime) -> Due:
    """When what came at `since` is due, seen from now."""
    day, today = due(since), now.astimezone(UTC).date()
    days = left(day, today)
    many = counted(abs(days), "business day")
    words = "Due today" if day == today else f"In {many}" if day > today else f"{many} over" if days else "Over"
    return Due("today" if day == today else f"{day:%a} {day.day} {day:%b}", words, day <= today)


A_PAGE = 25
MARKS = {
    "new": Mark("New", "s-todo", "circle-dashed"),
    "review": Mark("In review", "s-work", "eye"),
    "asked": Mark("Waiting", "s-wait", "hourglass", more="for the seller"),
    "returned": Mark("Returned", "s-wait", "arrow-back-up"),
    "live": Mark("Live", "s-done", "circle-check"),
    "names": Mark("Name servers asked for", "s-todo", "circle-dashed"),
}
OURS, THEIRS = ("new", "review"), ("asked", "returned")
# key -> (words, states of packages, whether requests for name servers are among them)
FILTERS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "all": ("All open", (*OURS, *THEIRS), True),
    "due": ("Due", OURS, True),
    "new": ("New", ("new",), False),
    "review": ("In review", ("review",), False),
    "seller": ("Waiting on the seller", THEIRS, False),
    "names": ("Name servers asked for", (), True),
    "live": ("Live", ("live",), False),
}


@dataclass(frozen=True)
class Row:
    """One package, or one request for name servers. `due` is None while the seller has the turn, or it is live."""

    product: str
    seller: str
    url: str
    version: int
    more: str
    mark: Mark
    due: Due | None
    since: Moment | None
    regions: str
    reviewer: str
    own: bool
    live: bool


@dataclass(frozen=True)
class Filter:
    """A chip: its words, how many there are, and whether it is on."""

    words: str
    query: str
    count: int
    on: bool


@dataclass(frozen=True)
class Desk:
    """The page. `now` says what waits for the reviewer, `next` is the row to begin with."""

    now: str
    target: str
    next: Row | None
    filters: list[Filter]
    rows: list[Row]
    page: Page[Any]
    query: str
    words: str


def desk(
    packages: QuerySet[Submission], requests: QuerySet[Item], user: User, get: Mapping[str, str], now: datetime
) -> Desk:
    """The queue as `get` asks for it: `show` (a key of FILTERS), `q` (seller, product or DNS name), `page`."""
    show, words = get.get("show", "all"), " ".join(get.get("q", "").replace("\0", "").split())[:120]
    show = show if show in FILTERS else "all"
    late = due_by(now.astimezone(UTC).date())
    found, asked = _packages(packages, words), _requests(requests, words)
    counts = _counts(found, asked, late)
    _, states, with_requests = FILTERS[show]
    found = found.filter(status__in=states, **({"since__lt": late} if show == "due" else {}))
    asked = asked.filter(since__lt=late) if show == "due" else asked
    page = Paginator(_ordered(found, asked if with_requests else asked.none(), show), A_PAGE).get_page(get.get("page"))
    rows = _rows(page, user, now)
    return Desk(
        now=_now(counts),
        target=f"A decision is due within {TARGET_DAYS} business days. A question pauses the clock until its answer.",
        next=next((row for row in rows if row.due and not row.own), None),
        filters=[Filter(FILTERS[key][0], _query(key, words), counts[key], key == show) for key in FILTERS],
        rows=rows,
        page=page,
        query=_query(show, words) + "&",
        words=words,
    )


def _query(show: str, words: str) -> str:
    return urlencode({"show": show, **({"q": words} if words else {})})


def _packages(rows: QuerySet[Submission], words: str) -> QuerySet[Any]:
    """The newest sent version of each product with its `status`, whose `turn` it is and `since` when."""
    later = Submission.objects.filter(product=OuterRef("product"), number__gt=OuterRef("number"))
    question = Remark.objects.filter(submission=OuterRef("pk"), kind=RemarkKind.QUESTION, answered=False)
    answer = Remark.objects.filter(submission=OuterRef("pk"), kind=RemarkKind.ANSWER)
    last = answer.order_by().values("submission").annotate(last=Max("at")).values("last")
    live = Item.objects.filter(product=OuterRef("product"), slug="go_live", state="done")
    status = Case(
        When(Q(state=SubmissionState.LIVE) | Exists(live), then=Value("live")),
        When(state=SubmissionState.RETURNED, then=Value("returned")),
        When(Exists(question), then=Value("asked")),
        When(state=SubmissionState.ACKNOWLEDGED, then=Value("review")),
        default=Value("new"),
    )
    sent = rows.exclude(state=SubmissionState.FROZEN)
    found = sent.filter(~Exists(later.exclude(state=SubmissionState.FROZEN)), _named(words))
    theirs = Case(When(status__in=THEIRS, then=Value(1)), default=Value(0), output_field=IntegerField())
    return found.annotate(status=status, since=Coalesce(Subquery(last), "sent_at")).annotate(turn=theirs)


def _requests(rows: QuerySet[Item], words: str) -> QuerySet[Any]:
    """Name servers that products wait for, like packages: it is the reviewers' turn."""
    asked = rows.filter(_named(words), state="waiting", waiting_for="marketplace")
    since = Coalesce("waiting_since", "started_at", Value(timezone.now()))
    return asked.annotate(since=since, turn=Value(0, IntegerField()), status=Value("names"))


def _named(words: str) -> Q:
    if not words:
        return Q()
    named = (f"{field}__icontains" for field in ("product__name", "seller__name", "product__friendly_dns_name"))
    first, second, third = (Q(**{name: words}) for name in named)
    return first | second | third


def _counts(packages: QuerySet[Any], requests: QuerySet[Any], late: datetime) -> dict[str, int]:
    asked = requests.aggregate(all=Count("pk"), due=Count("pk", filter=Q(since__lt=late)))
    open_ = {
        key: Q(status__in=states) & (Q(since__lt=late) if key == "due" else Q())
        for key, (_, states, _) in FILTERS.items()
        if states  # an empty list would make Django answer nothing at all
    }
    found = packages.aggregate(**{key: Count("pk", filter=which) for key, which in open_.items()})
    return {
        key: found.get(key, 0) + (asked["due" if key == "due" else "all"] if with_requests else 0)
        for key, (_, _, with_requests) in FILTERS.items()
    }


def _now(counts: Mapping[str, int]) -> str:
    if counts["due"]:
        return f"{counted(counts['due'], 'package or request is', 'packages and requests are')} due today or over."
    if ours := counts["new"] + counts["review"] + counts["names"]:
        return f"{counted(ours, 'package or request waits', 'packages and requests wait')} for you; none is due today."
    return "No action needed."


def _ordered(packages: QuerySet[Any], requests: QuerySet[Any], show: str) -> QuerySet[Any, Any]:
    """(pk, since, turn, status) of both: the reviewers' turn first, then the longest wait; live ones newest first."""
    columns = ("pk", "since", "turn", "status")
    both = packages.order_by().values_list(*columns).union(requests.order_by().values_list(*columns), all=True)
    return both.order_by("turn", "-since" if show == "live" else "since", "pk")


def _rows(page: Page[Any], user: User, now: datetime) -> list[Row]:
    """The rows of the page, whole: three queries."""
    keys: list[tuple[UUID, datetime, int, str]] = list(page.object_list)
    regions = ProductRegion.objects.filter(product=OuterRef("product")).order_by().values("product")
    many = Subquery(regions.annotate(n=Count("pk")).values("n"))
    own = set(Membership.objects.filter(user=user).values_list("seller_id", flat=True))
    packages = Submission.objects.filter(pk__in=[pk for pk, *_, status in keys if status != "names"])
    asked = Item.objects.filter(pk__in=[pk for pk, *_, status in keys if status == "names"])
    wanted = ("product__name", "seller__name", "seller_id")
    known: dict[UUID, dict[str, Any]] = {}
    for row in packages.annotate(many=many).values("pk", "number", "acknowledged_by", "many", *wanted):
        known[row["pk"]] = row
    for row in asked.annotate(many=many).values("pk", "many", *wanted):
        known[row["pk"]] = row
    return [_row(known[pk], since, status, own, now) for pk, since, _, status in keys if pk in known]


def _row(row: Mapping[str, Any], since: datetime, status: str, own: set[UUID], now: datetime) -> Row:
    name = "desk_names" if status == "names" else "desk_package"
    return Row(
        product=row["product__name"],
        seller=row["seller__name"],
        url=reverse(f"onboarding:{name}", args=[row["pk"]]),
        version=row.get("number", 0),
        more=_more(row, status),
        mark=MARKS[status],
        due=due_words(since, now) if status in (*OURS, "names") else None,
        live=status == "live",
        since=moment(since),
        regions=counted(row["many"] or 0, "region"),
        reviewer=row.get("acknowledged_by", ""),
        own=row["seller_id"] in own,
    )


def _more(row: Mapping[str, Any], status: str) -> str:
    if status == "names":
        return "the delegation waits for them"
    return "sent again" if status == "new" and row["number"] > 1 else ""
