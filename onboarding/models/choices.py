"""The few words that rows of several kinds share: states, verbs, goals."""

from django.db import models


class ItemState(models.TextChoices):
    """The durable state of a checklist item; the words people see are in `board`."""

    TODO = "todo"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"
    NOT_NEEDED = "not_needed"


MET = frozenset({ItemState.DONE, ItemState.SKIPPED, ItemState.NOT_NEEDED})
MOVING = frozenset({ItemState.TODO, ItemState.WORKING, ItemState.WAITING, ItemState.UNDOING})


class WaitsFor(models.TextChoices):
    """Whom or what a waiting item waits for."""

    AWS = "aws"
    DNS = "dns"
    YOU = "you"
    MARKETPLACE = "marketplace"
    BUYER = "buyer"


class Verb(models.TextChoices):
    """What a run does."""

    PROVISION = "provision"
    VERIFY = "verify"
    TEARDOWN = "teardown"


class RunState(models.TextChoices):
    """A run is open until nothing of it moves; then it is done, failed or cancelled."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ResourceState(models.TextChoices):
    """Where a thing stands in the inventory. Intended: the row is there, the thing perhaps not."""

    INTENDED = "intended"
    EXISTS = "exists"
    ADOPTED = "adopted"
    DELETING = "deleting"
    GONE = "gone"


class EventKind(models.TextChoices):
    """What an event tells of: an item's or a run's state, what a person did, or what was done to a thing."""

    ITEM = "item"
    RETRY = "retry"
    SKIP = "skip"
    CANCEL = "cancel"
    HAND_BACK = "hand back"
    ANSWER = "answer"
    DRIFT = "drift"

    RUN = "run"
    VERIFY_FOR_REVIEW = "verify for review"
    SUBMISSION = "submission"
    QUESTION = "question"
    CONNECTION = "connection"
    LOOK = "look"

    INTENT = "intent"
    MADE = "made"
    NOT_MADE = "not made"
    TWIN = "twin"
    ADOPTED = "adopted"
    UNTRACKED = "stranger found"
    LOOKED = "looked"
    FOUND = "found"
    NEVER_MADE = "never made"
    GONE = "gone"
    LET_GO = "let go"
    REMOVING = "removing"
    REMOVED = "removed"


# The events that tell an item's way from state to state.
STATE_CHANGES = (EventKind.ITEM, EventKind.RETRY, EventKind.SKIP, EventKind.CANCEL, EventKind.HAND_BACK)


def one_of(field: str, values: list[str], name: str) -> models.CheckConstraint:
    """A constraint that a column holds one of these words."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)
