"""The submission page: the mail, readiness line by line, what may be ordered, versions and the tracker (S25-S31)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from onboarding.checklist import guide
from onboarding.checklist.words import counted
from onboarding.engine.evidence import newest
from onboarding.models import Evidence, Item, ItemState, Submission, SubmissionState
from onboarding.pages.common.evidence import MARK_OF, known
from onboarding.pages.common.items import items_of, moves, servers_awaited
from onboarding.pages.common.states import GO_LIVE, LIVE, Mark
from onboarding.pages.common.turn import AWS, DONE, LEAVE, NOBODY, THEIRS, YOURS, Button, Turn, at_marketplace, turn
from onboarding.pages.submission.tracker import Stop, tracker
from onboarding.pages.submission.versions import Diff, Mail, Version, diff, draft, frozen, versions
from onboarding.submission.facts import digest
from onboarding.submission.readiness import Row, open_lines, rows
from sellers.models import Product
from sellers.models.choices import Profile

SLUG, PROCESS = "submission", "S46"
WANTED = "Write down how you tell buyers of the PrivateLink option and how you allow their accounts."
# The item's sentences are the command line's, too; a page has a form and a button instead.
TYPED = (re.compile(r' Give it as this item\'s answer "process"\.'), re.compile(r" with seen=[0-9a-f]+"))
WITH_THEM = (SubmissionState.SENT, SubmissionState.ACKNOWLEDGED)


def spoken(sentence: str) -> str:
    """The sentence without what is typed on the command line alone."""
    for typed in TYPED:
        sentence = typed.sub("", sentence)
    return sentence


def ordered(item: Item) -> bool:
    """Whether a version was ordered and the item has not come to it yet."""
    return bool(item.given().get("order")) and item.state in (ItemState.WAITING, ItemState.WORKING) and moves(item)


def wants_process(item: Item | None) -> bool:
    """Whether the seller's words on how buyers are told and allowed are still missing (S46)."""
    over = (ItemState.DONE, ItemState.SKIPPED, ItemState.NOT_NEEDED, ItemState.UNDONE)
    return item is not None and item.state not in over and not item.given().get("process")


def submission_turn(
    product: Product, items: Sequence[Item], kept: Sequence[Submission], *, opened: Sequence[str], may_run: bool
) -> Turn:
    """Whose turn it is with the package. `opened` are the guide's lines that keep it back, `kept` the versions, the
    newest first.
    """
    item = next((item for item in items if item.slug == SLUG), None)
    run = Button("Open the run", reverse("onboarding:run", args=[product.pk]))
    if product.profile == Profile.NATIVE:
        return Turn(DONE, "Nothing is submitted: buyers find this product by its own private DNS name alone.", "", run)
    if item is None:
        return Turn(YOURS, "There is no package yet.", "It's assembled as the run progresses.", run)
    if ordered(item):
        return Turn(AWS, "Your order is carried out: AWS is read again, then the version is kept.", LEAVE)
    if _asked(item):
        return _own(item, opened)
    if any(one.slug == GO_LIVE and one.state == ItemState.DONE for one in items):
        return Turn(LIVE, "The product is live.", "Nothing is left to do.")
    if kept and kept[0].state in WITH_THEM and not any(_asks(items)):
        row = kept[0]
        taken = f"{row.acknowledged_by} has taken it up." if row.acknowledged_by else "Review hasn't started."
        return Turn(THEIRS, f"Version {row.number} is with Seller Operations. {taken}", "No action needed.")
    if may_run and wants_process(item) and not any(_asks(items)):
        goes = "The run continues in the meantime." if any(moves(one) for one in items) else ""
        return Turn(YOURS, WANTED, f"{at_marketplace(items)}{goes}".strip(), _process())
    return turn(product, items, None, may_run=may_run)


def _own(item: Item, opened: Sequence[str]) -> Turn:
    """The submission's own question, with the place on this page where it is answered."""
    if item.state == ItemState.FAILED:
        to = Button("Show the failed item", reverse("onboarding:item", args=[item.pk]))
    elif PROCESS in opened and wants_process(item):
        to = _process()
    else:
        to = Button("Show what is not ready", "#ready-h") if opened else Button("Send to AWS Marketplace", "#send")
    then = "Save a version, or save and send it."
    return Turn(YOURS, spoken(item.message), then, to)


def _process() -> Button:
    return Button("Write the text", "#process-h")


def _asks(items: Sequence[Item]) -> Iterator[bool]:
    """Of each item whether it wants the person."""
    for item in items:
        yield _asked(item)


def _asked(item: Item) -> bool:
    return item.state == ItemState.FAILED or (item.state == ItemState.WAITING and item.waiting_for == "you")


PACKAGE = "package."


@dataclass(frozen=True)
class Ready:
    """A line of the guide. `url` is the page of the item that it is judged by."""

    words: str
    guide: list[tuple[str, str]]
    mark: Mark
    sentence: str
    url: str


@dataclass(frozen=True)
class Order:
    """Freeze or send: what the button says, and why it may not be pressed ("" if it may)."""

    key: str
    label: str
    icon: str
    why: str


@dataclass(frozen=True)
class SubmissionPage:
    """The page. `open` are the lines that keep it back. `seen` is the digest of the facts that were read last: an order
    is for these and no others.
    """

    turn: Turn
    mail: Mail | None
    diff: Diff | None
    open: list[Ready]
    ready: list[Ready]
    said: str
    orders: list[Order]
    seen: str
    process: str
    takes_process: bool
    versions: list[Version]
    stops: list[Stop]
    moves: bool
    started: bool
    servers_url: str


def submission(product: Product, chosen: str = "", *, may_run: bool, by: str = "") -> SubmissionPage:
    """The page, with the mail of the version `chosen` (else the draft, else the newest version); three queries."""
    items, evidence = items_of(product), newest(product)
    kept = list(Submission.objects.filter(product=product).order_by("-number"))
    judged = rows(known(items, evidence))
    own = {item.slug: item for item in items if not item.region}
    facts = drafted(evidence)
    mail = _mail(kept, chosen, facts, judged, by)
    before = next((row for row in kept if mail and row.number < mail.number), None)
    item = own.get(SLUG)
    return SubmissionPage(
        turn=submission_turn(product, items, kept, opened=[row.code for row in judged if row.blocks], may_run=may_run),
        mail=mail,
        diff=diff(before, mail) if mail else None,
        open=[_ready(row, items) for row in judged if row.blocks],
        ready=[_ready(row, items) for row in judged if not row.blocks],
        said=f"{sum(not row.blocks for row in judged)} of {counted(len(judged), 'line')}",
        orders=_orders(item, judged, kept, facts, may_run),
        seen=digest(facts) if facts else "",
        process=str(item.given().get("process", "")) if item else "",
        takes_process=item is not None and may_run,
        versions=versions(kept, mail.number if mail and not mail.draft else 0),
        stops=tracker(own, kept),
        moves=any(moves(item) for item in items),
        started=bool(items),
        servers_url=_servers(own.get("name_servers")),
    )


def drafted(evidence: Sequence[Evidence]) -> Mapping[str, Any] | None:
    """The facts that the submission's item last read from AWS and DNS."""
    found = [row.facts for row in evidence if row.item.slug == SLUG and row.check_name.startswith(PACKAGE)]
    return found[-1] if found else None


def _mail(
    kept: Sequence[Submission], chosen: str, facts: Mapping[str, Any] | None, judged: Sequence[Row], by: str
) -> Mail | None:
    asked = next((row for row in kept if chosen == str(row.number)), None)
    if asked is not None:
        return frozen(asked)
    if facts and (not kept or digest(facts) != kept[0].sha256):
        return draft(facts, judged, kept[0] if kept else None, by)
    return frozen(kept[0]) if kept else None


def _ready(row: Row, items: Sequence[Item]) -> Ready:
    cell = row.worst
    item = next((item for item in items if (item.slug, item.region) == (cell.slug, cell.at)), None)
    asked = row.code == PROCESS and row.blocks and item is not None and item.slug == SLUG and wants_process(item)
    return Ready(
        words=row.words,
        guide=guide.lines([row.code]),
        mark=MARK_OF[row.outcome],
        sentence=WANTED if asked else spoken(row.sentence),
        url="#process-h" if asked else reverse("onboarding:item", args=[item.pk]) if item else "",
    )


def _orders(
    item: Item | None, judged: Sequence[Row], kept: Sequence[Submission], facts: Mapping[str, Any] | None, may_run: bool
) -> list[Order]:
    why = _why_not(item, judged, may_run)
    same = bool(facts and kept and kept[0].sha256 == digest(facts))
    number = kept[0].number if same else (kept[0].number + 1 if kept else 1)
    held = f"Version {number} is frozen already." if same and not why else ""
    return [
        Order("send", f"Send version {number}", "arrow-right", why),
        Order("freeze", f"Freeze version {number}", "lock", why or held),
    ]


def _why_not(item: Item | None, judged: Sequence[Row], may_run: bool) -> str:
    """Why nothing can be ordered now; "" if it can."""
    if not may_run:
        return NOBODY
    if item is None:
        return "No run has started yet."
    if ordered(item):
        return "It was ordered: AWS is read again first."
    not_ready = open_lines(judged)
    if not_ready:
        more = f" and {len(not_ready) - 1} more" if len(not_ready) > 1 else ""
        return f"Waits for “{not_ready[0].words}”{more}."
    if item.state == ItemState.DONE:
        return "It is sent, and nothing has changed since."
    return "" if item.state == ItemState.WAITING else "The run hasn't reached the submission yet."


def _servers(item: Item | None) -> str:
    """The page on which name servers are pasted, while they are awaited; "" once some are being tried."""
    if item is None or not servers_awaited(item):
        return ""
    return reverse("onboarding:item", args=[item.pk])
