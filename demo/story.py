"""How one sample comes to be live: what the seller's engineer and Seller Operations do, each when it is their turn.

Each part is what a button of theirs does: a rule of the product, under their name, and a nudge for the workers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from demo import world
from demo.people import PEOPLE

if TYPE_CHECKING:
    from onboarding.engine.signals import DueItem
    from onboarding.models import Item, Submission
    from sellers.models import Product, User

LONGEST = 900.0  # seconds that one party may take; a person may have slowed the world down
PROCESS = (
    "Each new customer gets an email that names the endpoint service of their Region and how to create the endpoint.\n"
    "They send us their AWS account ID; we add it to the allow list within one working day and accept the endpoint."
)
Found = TypeVar("Found")


def to_live(product: Product) -> None:
    """Carries a started product to live. TimeoutError when somebody's turn does not come."""
    engineer, reviewer = (_person(role) for role in ("engineer", "reviewer"))
    _give_name_servers(product, reviewer)
    _send(product, engineer)
    _confirm(product, reviewer)


def _give_name_servers(product: Product, reviewer: User) -> None:
    """Seller Operations made the zone when the mail came; the reviewer hands its name servers over."""
    from onboarding import review

    servers = _until(f"name servers of {product.name}", lambda: _servers(product.friendly_dns_name))
    if item := _turn(product, "name_servers"):
        _press(lambda: review.hand_over(item, reviewer, servers))


def _servers(name: str) -> list[str]:
    zones = world.look("marketplace")["zones"]
    return next((list(zone["servers"]) for zone in zones if zone["name"] == name), [])


def _send(product: Product, engineer: User) -> None:
    """The engineer writes down how buyers are told, and sends the package."""
    from onboarding.engine import commands

    if item := _turn(product, "submission"):
        _press(lambda: (commands.answer(item, engineer, {"process": PROCESS, "order": "send"}), ""))


def _confirm(product: Product, reviewer: User) -> None:
    """Seller Operations put the name in the place of the services' own, and the reviewer says so."""
    from onboarding import review
    from onboarding.models import Submission

    if _turn(product, "go_live") is None:
        return

    def sent() -> Submission | None:
        return Submission.objects.filter(product=product, sent_at__isnull=False).order_by("-number").first()

    submission = _until(f"package of {product.name}", sent)
    _press(lambda: review.acknowledge(submission, reviewer))
    services = [one["service_name"] for one in submission.facts["regions"]]
    world.do("marketplace_live", {"name": product.friendly_dns_name, "services": services})
    _press(lambda: review.confirm_live(submission, reviewer))


def _turn(product: Product, slug: str) -> Item | None:
    """The product's item of that step once it waits for somebody; None if it is done without us."""
    from onboarding.models import Item, ItemState
    from onboarding.models.choices import WaitsFor

    def look() -> Item | None:
        item = Item.objects.filter(product=product, slug=slug, region="").first()
        if item is None or item.state == ItemState.DONE:
            return item
        people = item.waiting_for in (WaitsFor.YOU, WaitsFor.MARKETPLACE)
        return item if item.state == ItemState.WAITING and people else None

    item = _until(f"{slug} of {product.name}", look)
    return None if item.state == ItemState.DONE else item


def _press(rule: Callable[[], tuple[Sequence[DueItem], str]]) -> None:
    """Does what a button does. One that somebody else pressed first is no harm."""
    from onboarding.engine.signals import Blocked
    from onboarding.tasks import nudge

    try:
        with transaction.atomic():
            due, _ = rule()
            nudge(due)
    except Blocked as blocked:
        print(blocked.sentence)


def _until(what: str, look: Callable[[], Found | None]) -> Found:
    """Looks twice a second until there is something."""
    ends = time.monotonic() + LONGEST
    while not (found := look()):
        if time.monotonic() > ends:
            raise TimeoutError(f"Waited {LONGEST:.0f} s for: {what}.")
        time.sleep(0.5)
    return found


def _person(role: str) -> User:
    from sellers.models import User

    return User.objects.get(email=next(person.email for person in PEOPLE if person.role == role))
