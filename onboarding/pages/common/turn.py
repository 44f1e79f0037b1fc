"""The turn bar: where am I, whose turn is it, what happens next, what do I press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from onboarding.checklist.words import counted
from onboarding.models import Item, ItemState, Run, Verb
from onboarding.pages.common.items import moves
from onboarding.pages.common.states import GO_LIVE, LIVE, Mark, mark
from onboarding.steps import doing, place
from sellers.models import Product

YOURS = Mark("Your turn", "s-you", "user-exclamation")
AWS = Mark("AWS is working", "s-work", "loader-2")
THEIRS = Mark("Waiting on AWS Marketplace", "s-wait", "hourglass")
DONE = Mark("Done", "s-done", "circle-check")
DOWN = Mark("Deleted", "s-undone", "arrow-back-up")
LEAVE = "You can close this page. The run continues in the background."
NOBODY = "Only engineers and leads of the seller can start a run."


@dataclass(frozen=True)
class Button:
    """The one thing to press: a link, or a form that posts. `why` disables it and says the reason."""

    label: str
    url: str
    icon: str = ""
    posts: bool = False
    why: str = ""


@dataclass(frozen=True)
class Turn:
    """Whose turn, what now, what next, one button."""

    mark: Mark
    now: str
    next: str = ""
    button: Button | None = None


def turn(product: Product, items: Sequence[Item], run: Run | None, *, may_run: bool) -> Turn:
    """The turn bar of a product. `run` is its open run."""
    if not items:
        return _unstarted(product, may_run)
    for state, reason, say in ((ItemState.FAILED, "", _failed), (ItemState.WAITING, "you", _needs_you)):
        found = [item for item in items if item.state == state and (not reason or item.waiting_for == reason)]
        if found:
            return say(found, items)
    if any(moves(item) for item in items):
        return _moving(items, run)
    theirs = [item for item in items if item.state == ItemState.WAITING]
    if theirs:
        return _theirs(theirs)
    return _resting(product, items, may_run)


def start(product: Product, may_run: bool, label: str = "Start run") -> Button:
    """The start button, or what must come first: a connection, proven."""
    connection = product.service_connection
    if not may_run:
        return Button(label, "", "player-play", why=NOBODY)
    if connection is None:
        return Button("Choose connection", reverse("onboarding:draft_of", args=[product.pk]), posts=True)
    if not connection.is_proven:
        return Button("Test connection", reverse("sellers:connection", args=[connection.pk]))
    return Button(label, reverse("onboarding:start", args=[product.pk]), "player-play", posts=True)


def _unstarted(product: Product, may_run: bool) -> Turn:
    connection = product.service_connection
    if connection is None:
        now = "Connect an AWS account to get started."
        return Turn(YOURS, now, "After that, you can review the plan and start the run.", start(product, may_run))
    if not connection.is_proven:
        return Turn(
            YOURS,
            f"The connection {connection} isn't verified yet.",
            "Test it. The role must require your external ID.",
            start(product, may_run),
        )
    return Turn(
        YOURS,
        "Review the planned changes before you start.",
        "The plan shows what we create in every Region.",
        _plan(product, start(product, may_run)),
    )


def _plan(product: Product, button: Button) -> Button:
    """Nothing is created before the plan was seen (rule 5), so a first start leads there; a reason why not stays."""
    return Button("Review plan", reverse("onboarding:plan", args=[product.pk])) if button.posts else button


def _failed(found: Sequence[Item], items: Sequence[Item]) -> Turn:
    first = found[0]
    where = place(first.slug, first.region)
    now = (
        f"{where} failed. {first.message}"
        if len(found) == 1
        else f"{len(found)} steps failed, first {where}. {first.message}"
    )
    return Turn(YOURS, now, _others(items), _open(first, "View error"))


def _needs_you(found: Sequence[Item], items: Sequence[Item]) -> Turn:
    first = found[0]
    more = f" {counted(len(found) - 1, 'other step')} also waiting on you." if len(found) > 1 else ""
    now = f"{place(first.slug, first.region)}: action required. {first.message}{more}"
    return Turn(YOURS, now, _others(items), _open(first, "Open step"))


def _moving(items: Sequence[Item], run: Run | None) -> Turn:
    at_work = [i for i in items if i.state in (ItemState.WORKING, ItemState.UNDOING)]
    waits = [i for i in items if i.state == ItemState.WAITING and moves(i)]
    down = run is not None and run.verb == Verb.TEARDOWN
    first = next(iter(at_work or waits), None)
    if first is None:
        return Turn(AWS, "The next steps are starting.", f"{at_marketplace(items)}{LEAVE}")
    if down:
        now = f"Deleting {place(first.slug, first.region)}."
    else:
        now = f"{doing(first.slug, first.region)}." if at_work else first.message
    more = len(at_work) + len(waits) - 1
    also = f"{counted(more, 'other step')} {'is' if more == 1 else 'are'} also in progress. " if more else ""
    theirs = at_marketplace([item for item in items if item is not first])
    return Turn(AWS if at_work else mark(first.state, first.waiting_for), now, f"{also}{theirs}{LEAVE}")


def _theirs(found: Sequence[Item]) -> Turn:
    first = found[0]
    return Turn(
        THEIRS if first.waiting_for == "marketplace" else mark(first.state, first.waiting_for),
        first.message or f"{place(first.slug, first.region)} is waiting.",
        "No action needed.",
        _open(first, "Open step"),
    )


def _resting(product: Product, items: Sequence[Item], may_run: bool) -> Turn:
    states = {item.state for item in items}
    if states <= {ItemState.UNDONE, ItemState.NOT_NEEDED}:
        now = "All resources of this product are deleted."
        return Turn(DOWN, now, "Start a run to create them again.", start(product, may_run))
    if states & {ItemState.TODO, ItemState.CANCELLED}:
        left = sum(i.state in (ItemState.TODO, ItemState.CANCELLED) for i in items)
        stopped = "The run was canceled. Existing resources are kept. " if ItemState.CANCELLED in states else ""
        now = f"{stopped}{counted(left, 'step')} left."
        return Turn(YOURS, now, "The run resumes where it stopped.", start(product, may_run))
    if down := list(dict.fromkeys(i.region for i in items if i.state == ItemState.UNDONE and i.region)):
        now = f"{' and '.join(down)} {'is' if len(down) == 1 else 'are'} deleted. Everything else is done."
        return Turn(
            DONE,
            now,
            "Start a run to create it again, or remove the Region under Product and buyers.",
            start(product, may_run),
        )
    live = any(item.slug == GO_LIVE and item.state == ItemState.DONE for item in items)
    return Turn(
        LIVE if live else DONE,
        f"{'The product is live. ' if live else ''}All {counted(len(items), 'step')} are done.",
        "Run it again at any time. It checks everything and changes only what differs.",
        start(product, may_run, "Run again"),
    )


def _others(items: Sequence[Item]) -> str:
    also = at_marketplace(items)
    # What a person must do in DNS is looked for by itself; that alone is nothing that goes on.
    if any(moves(item) and (item.state, item.waiting_for) != (ItemState.WAITING, "you") for item in items):
        return f"{also}Everything else continues."
    return f"{also}The run is paused until this is fixed."


def at_marketplace(items: Sequence[Item]) -> str:
    """What Marketplace has meanwhile, as a sentence with a space behind it; "" if that is nothing."""
    theirs = [i for i in items if i.state == ItemState.WAITING and i.waiting_for == "marketplace"]
    if not theirs:
        return ""
    more = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
    return f"Also waiting on AWS Marketplace: {place(theirs[0].slug, theirs[0].region)}{more}. "


def _open(item: Item, label: str) -> Button:
    return Button(label, reverse("onboarding:item", args=[item.pk]))
