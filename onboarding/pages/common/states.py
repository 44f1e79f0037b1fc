"""The fixed words for states, with their icon and color: the same on every page."""

from __future__ import annotations

from dataclasses import dataclass

from onboarding.models import ItemState, RunState, WaitsFor


@dataclass(frozen=True)
class Mark:
    """A state as people see it: word, color class of app.css, icon of the sprite. `rank`: the larger, the worse."""

    word: str
    css_class: str
    icon: str
    rank: int = 0
    more: str = ""

    @property
    def spins(self) -> bool:
        """Whether its icon turns (unless motion is reduced)."""
        return self.icon == "loader-2"

    @property
    def whole(self) -> str:
        """Both words: "Waiting on AWS"."""
        return f"{self.word} {self.more}".strip()


NOT_NEEDED = Mark("Not needed", "s-undone", "circle-dashed", 0)
MARKS = {
    ItemState.NOT_NEEDED: NOT_NEEDED,
    ItemState.UNDONE: Mark("Deleted", "s-undone", "arrow-back-up", 1),
    ItemState.DONE: Mark("Done", "s-done", "circle-check", 2),
    ItemState.SKIPPED: Mark("Skipped", "s-undone", "arrow-right", 3),
    ItemState.TODO: Mark("Not started", "s-todo", "circle-dashed", 4),
    ItemState.WORKING: Mark("In progress", "s-work", "loader-2", 6),
    ItemState.UNDOING: Mark("Deleting", "s-work", "loader-2", 7),
    ItemState.CANCELLED: Mark("Canceled", "s-todo", "player-stop", 8),
    ItemState.FAILED: Mark("Failed", "s-fail", "circle-x", 10),
}
LIVE = Mark("Live", "s-done", "circle-check", 2)
SELLER = Mark("Waiting on", "s-you", "user-exclamation", 9, "the seller")  # who only looks reads of the seller
GO_LIVE = "go_live"
WAITS = {
    WaitsFor.AWS: Mark("Waiting on", "s-wait", "hourglass", 5, "AWS"),
    WaitsFor.DNS: Mark("Waiting on", "s-wait", "hourglass", 5, "DNS"),
    WaitsFor.MARKETPLACE: Mark("Waiting on", "s-wait", "hourglass", 5, "AWS Marketplace"),
    WaitsFor.BUYER: Mark("Waiting on", "s-wait", "hourglass", 5, "the buyer"),
    WaitsFor.YOU: Mark("Action required", "s-you", "user-exclamation", 9),
}
OUTCOMES = {
    "pass": Mark("Passed", "s-done", "circle-check"),
    "warn": Mark("Warning", "s-you", "user-exclamation"),
    "fail": Mark("Failed", "s-fail", "circle-x"),
    "attested": Mark("Self-reported", "s-todo", "fingerprint"),
}
RUN_MARKS = {
    RunState.OPEN: Mark("Running", "s-work", "loader-2"),
    RunState.DONE: Mark("Done", "s-done", "circle-check"),
    RunState.FAILED: Mark("Incomplete", "s-fail", "circle-x"),
    RunState.CANCELLED: Mark("Canceled", "s-todo", "player-stop"),
}


def mark(state: str, reason: str = "") -> Mark:
    """The mark of an item in this state; a waiting one's depends on whom it waits for."""
    return WAITS[WaitsFor(reason)] if state == ItemState.WAITING else MARKS[ItemState(state)]
