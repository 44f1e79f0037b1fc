"""What a planned thing is called: as AWS will show it, or what it says."""

from __future__ import annotations

import re
from typing import Any

from onboarding.plan.commands import mark
from onboarding.plan.known import Known
from onboarding.plan.variables import ANY
from onboarding.plan.walk import Yielded

NAMED = {
    "load_balancer": ("nlb", 32),
    "target_group": ("tg", 32),
    "security_group": ("sg", 120),
    "endpoint_group": ("sg", 120),
}


def title(facts: Known, one: Yielded) -> str:
    """The chosen id, what a rule, setting or record says, or the name that the thing gets."""
    thing: Any = one.thing
    if thing.given:
        return str(thing.given)
    if said := _said(thing):
        return said
    found = mark(facts, one)
    if one.thing.kind in NAMED:
        kind, limit = NAMED[one.thing.kind]
        return found.name(kind, limit)
    return re.sub(r"[ -]{2,}", " ", ANY.sub("", found.tags["Name"])).strip(" -")


def _said(thing: Any) -> str:
    match thing.kind:
        case "security_rule" | "endpoint_rule":
            return f"TCP {thing.from_port} from {_source(thing)}"
        case "record":
            return f"{thing.type} {ANY.sub('…', thing.name)}"
        case "principal" | "trial_principal":
            return str(thing.principal)
        case "target":
            return f"{ANY.sub('the instance', thing.target_id)}:{thing.port}"
        case "certificate":
            return ", ".join(thing.names)
        case "listener":
            return f"{thing.protocol} {thing.port}"
        case "private_dns_verification":
            return str(thing.name)
        case _:
            return f"{thing.name}: {thing.value}" if hasattr(thing, "old") else ""


def _source(thing: Any) -> str:
    if thing.source_group_id:
        return ANY.sub("the load balancer's security group", thing.source_group_id)
    return ANY.sub("the VPC's range", thing.cidr)
