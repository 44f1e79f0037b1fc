"""What the control page shows, as plain data: the JSON answers and the pages' contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sandbox import faults, world
from sandbox.aws.certificate_states import listed
from sandbox.aws.inventory import collect
from sandbox.clock import clock
from sandbox.control.marketplace import shown
from sandbox.control.names import dns
from sandbox.control.values import Values
from sandbox.mail import Outbox
from sandbox.marketplace.desk import Desk

LAST_CALLS = 300
View = Callable[[Values], Any]


def state(values: Values) -> Any:
    """Clock, speed, settings, switches and faults."""
    return {
        "now": clock.now(),
        "speed": clock.speed,
        "settings": asdict(world.settings),
        "switches": asdict(world.switches),
        "faults": faults.list(),
    }


def calls(values: Values) -> Any:
    """The call log, oldest first; `account`, `region`, `service`, `action`, `mutating`, `limit` narrow it."""
    wanted = {name: values.get(name) for name in ("account", "region", "service", "action")}
    mutating = {"true": True, "false": False}.get(str(values.get("mutating", "")).lower())
    found = world.calls(**wanted, mutating=mutating)
    limit = int(values.get("limit") or 0)
    return [asdict(call) for call in found[-limit:]]


def inventory(values: Values) -> Any:
    """Everything that exists, per account, region and kind; `account` and `region` narrow it."""
    return collect(values.get("account") or None, values.get("region") or None)


def certificates(values: Values) -> Any:
    """Every certificate: ARN, names, status, why it failed, how its renewal stands."""
    return listed()


def overview() -> list[dict[str, Any]]:
    """A line for each account and region that holds something: how many of each kind."""
    return [
        {"account": account, "region": region, "kinds": kinds, "total": sum(map(len, kinds.values()))}
        for account, regions in sorted(collect().items())
        for region, kinds in sorted(regions.items())
        if any(kinds.values())
    ]


def busiest() -> list[tuple[str, int]]:
    """The actions called most often, with their number."""
    return Counter(f"{call.service}:{call.action}" for call in world.calls()).most_common(20)


def all_views(outbox: Outbox, desk: Desk) -> dict[str, View]:
    """The JSON answers by the last part of their address."""

    def letters(values: Values) -> Any:
        return [letter.summary() for letter in outbox.letters(values.get("to") or None)]

    def marketplace(values: Values) -> Any:
        return shown(desk)

    return {
        "state": state,
        "calls": calls,
        "inventory": inventory,
        "outbox": letters,
        "dns": dns,
        "certificates": certificates,
        "marketplace": marketplace,
    }
