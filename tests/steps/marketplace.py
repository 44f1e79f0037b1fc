"""A product that is handed to Marketplace: its driver, the zone of its domain, and what the Marketplace side does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from config import env
from onboarding.aws.clients import RegionClients
from onboarding.aws.gate import passing
from onboarding.checklist.step import Answer, CheckResult, NeedsAction, Wait
from onboarding.dns.resolver import Resolver
from onboarding.steps import by_slug
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from sellers.spec import load_data
from tests import products
from tests.contract.driver import Driver
from tests.contract.world import ANY, BUYER, SELLER, World

HOME, NAME = "us-east-1", "api.vpce.example.com"
PROCESS = "We write to every new buyer, and support allows the account within a day."


class Asking(Driver):
    """A driver that says what is wrong with a fact of the account when it looks it up, as the engine does."""

    def first(self, thing: Thing, door: RegionClients, mark: Ownership) -> Observation:
        seen = super().first(thing, door, mark)
        if thing.idempotency is Idempotency.READ and seen.state is State.WRONG:
            raise NeedsAction(seen.sentence)
        return seen


def marketplace(
    world: World,
    regions: Sequence[str] | Mapping[str, Any] = (HOME,),
    connections: dict[str, str] | None = None,
    **facts: Any,
) -> Driver:
    """The driver of a product of the Marketplace profile, with its own software on the targets and its zone live."""
    arn, tester = world.role(ANY), world.role(ANY, account=BUYER, name="test")
    targets = {"user_data": "#!/bin/bash\n# plc:listen 8443/tcp\n"}
    usual = {place: {"network": {"cidr": f"10.{20 + i}.0.0/16"}, "targets": targets} for i, place in enumerate(regions)}
    choices = dict(regions) if isinstance(regions, Mapping) else usual
    data = products.whole(choices, **{"profile": "marketplace", **facts})
    data["connections"] = {"service": arn, "buyer_test": tester, **(connections or {})}
    products.zone(world.process, account=SELLER)
    world.later(60)
    return Asking(
        spec=load_data(data),
        doors=world.doors(arn, buyer_test=tester),
        later=world.later,
        proxy=world.process.environment["PROBE_PROXY"],
        dns=Resolver(env.resolvers(world.process.environment["DNS_RESOLVERS"].split(","))),
    )


def before_names(made: Driver) -> None:
    """Everything that the request for name servers needs."""
    for slug in ("endpoint_service", "certificate_request"):
        made.on(slug)


def answered(made: Driver, slug: str, **values: Any) -> None:
    """Somebody answers an item."""
    step = by_slug()[slug]
    asks = {ask.field: ask for ask in step.inputs}
    kept = dict(made.answers.get(slug, Answer()).values)
    for name, value in values.items():
        ask = asks[name]
        kept[name] = [ask.parse(one) for one in value] if ask.many else ask.parse(value)
    told = Answer(values=kept, by="eva@example.com", at="2026-11-23T12:00:00+00:00")
    made.answers = {**made.answers, slug: told}


def zone(world: World, *cnames: tuple[str, str]) -> list[str]:
    """Marketplace makes the friendly name's zone, with these records in it; its name servers."""
    kept = [{"name": name, "value": value} for name, value in cnames]
    made: list[str] = world.process.post("marketplace_zone", {"name": NAME, "cnames": kept})["servers"]
    world.later(60)
    return made


def once(made: Driver, slug: str, region: str = "") -> Sequence[CheckResult]:
    """One look at an item, as it stands. Raises Wrong and NotYet as the step does."""
    with passing(made.gate):
        return made.once(by_slug()[slug], region)


def wait(made: Driver, slug: str) -> Wait:
    """The wait that one look at an item ends in."""
    try:
        once(made, slug)
    except Wait as waits:
        return waits
    raise AssertionError(f"{slug} is done")
