"""The turn bar of the submission page, and the item's sentences in the words of a page (S25-S31, S46)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.urls import reverse

from onboarding.board.run import moves
from onboarding.board.turn import AWS, DONE, LEAVE, THEIRS, YOURS, Button, Turn, at_marketplace, turn
from onboarding.board.words import GO_LIVE, LIVE
from onboarding.models import Item, ItemState, Submission, SubmissionState
from sellers.models import Product
from sellers.models.words import Profile

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
        return Turn(YOURS, "There is no package yet.", "It is put together as the checklist goes on.", run)
    if ordered(item):
        return Turn(AWS, "Your order is carried out: AWS is read again, then the version is kept.", LEAVE)
    if _asked(item):
        return _own(item, opened)
    if any(one.slug == GO_LIVE and one.state == ItemState.DONE for one in items):
        return Turn(LIVE, "The product is live.", "Nothing is left to do.")
    if kept and kept[0].state in WITH_THEM and not any(_asks(items)):
        row = kept[0]
        taken = f"{row.acknowledged_by} has taken it up." if row.acknowledged_by else "Nobody has taken it up yet."
        return Turn(THEIRS, f"Version {row.number} is with Seller Operations. {taken}", "Nothing waits for you.")
    if may_run and wants_process(item) and not any(_asks(items)):
        goes = "The checklist goes on meanwhile." if any(moves(one) for one in items) else ""
        return Turn(YOURS, WANTED, f"{at_marketplace(items)}{goes}".strip(), _process())
    return turn(product, items, None, may_run=may_run)


def _own(item: Item, opened: Sequence[str]) -> Turn:
    """The submission's own question, with the place on this page where it is answered."""
    if item.state == ItemState.FAILED:
        to = Button("Show the failed item", reverse("onboarding:item", args=[item.pk]))
    elif PROCESS in opened and wants_process(item):
        to = _process()
    else:
        to = Button("Show what is not ready", "#ready-h") if opened else Button("Go to the order", "#send")
    then = "Freezing keeps a version; sending keeps and mails it."
    return Turn(YOURS, spoken(item.detail), then, to)


def _process() -> Button:
    return Button("Write the text", "#process-h")


def _asks(items: Sequence[Item]) -> Iterator[bool]:
    """Of each item whether it wants the person."""
    for item in items:
        yield _asked(item)


def _asked(item: Item) -> bool:
    return item.state == ItemState.FAILED or (item.state == ItemState.WAITING and item.reason == "you")
