"""How a step and a number of things are said, on pages and in mails."""

from __future__ import annotations

from onboarding.checklist.registry import by_slug


def title(slug: str) -> str:
    """A step's noun; the slug of one that this version no longer has."""
    step = by_slug().get(slug)
    return step.title if step else f"{slug} (retired)"


def place(slug: str, region: str) -> str:
    """An item in words: "Load balancer in eu-west-1"."""
    return f"{title(slug)} in {region}" if region else title(slug)


def doing(slug: str, region: str) -> str:
    """What happens while an item works: "Building the network load balancer in eu-west-1"."""
    step = by_slug().get(slug)
    words = step.doing if step else title(slug)
    return f"{words} in {region}" if region else words


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 item", "3 items"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
