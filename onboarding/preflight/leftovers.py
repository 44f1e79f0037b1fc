"""A look into a product's accounts, read-only: what of it AWS still has, and which buyers are connected (feature 36).

What was found is an event of the product, so the report says who looked and when, and nothing is asked of AWS to show
it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from onboarding.aws.clients import RegionClients
from onboarding.aws.errors import ErrorClass, read
from onboarding.aws.sessions import WrongAccount
from onboarding.checklist.step import NeedsAction
from onboarding.checklist.words import counted
from onboarding.engine.context import side_by_side
from onboarding.engine.history import record_event
from onboarding.engine.inventory import thing_of
from onboarding.models import EventKind, Resource, ResourceState
from onboarding.preflight.account import Look
from onboarding.things import kinds, tagged_kinds
from onboarding.things.base import Idempotency, State
from sellers.models import Product, User

THINGS = (
    Idempotency.NONE,
    Idempotency.TOKEN,
    Idempotency.NAME,
)  # what exists by itself; settings go with what they are settings of
CONNECTED = ("available", "pending", "pendingacceptance")
Found = dict[str, Any]


def look(product: Product, by: User | None) -> str:
    """Look, and remember what was found; the sentence of it, or why nobody could look."""
    rows = [row for row in Resource.objects.filter(product=product).exclude(aws_id="") if _counts(row)]
    try:
        seen = Look(product)
    except ValueError as error:
        return str(error)
    places = groupby(sorted(rows, key=_place), key=_place)
    jobs = [partial(_in_one, seen, role, region, list(own)) for (role, region), own in places]
    results = side_by_side(jobs) if jobs else []
    parts = [part for part in results if isinstance(part, dict)]
    data = {name: [one for part in parts for one in part[name]] for name in ("things", "connections")}
    data["problems"] = [_problem(error) for error in results if isinstance(error, Exception)]
    sentence = _said(data)
    record_event(product, EventKind.LOOK, by=by, sentence=sentence, data=data)
    return sentence


def _counts(row: Resource) -> bool:
    thing = kinds().get(row.kind)
    return row.managed and thing is not None and (thing.idempotency in THINGS or row.kind == "record")


def _place(row: Resource) -> tuple[str, str]:
    return row.role, row.region


def _in_one(seen: Look, role: str, region: str, rows: Sequence[Resource]) -> Found:
    """What is found under one role in one region."""
    door = seen.doors(role, region)
    known = {row.aws_id for row in rows}
    there = [_thing(row.kind, row.aws_id, door) for alike in _by_kind(rows) for row in _still_there(door, alike)]
    services = [row.aws_id for row in rows if row.kind == "endpoint_service" and row.state != ResourceState.GONE]
    return {
        "things": there + _strangers(door, seen.product_id, known),
        "connections": _connections(door, services) if services else [],
    }


def _by_kind(rows: Sequence[Resource]) -> Iterable[list[Resource]]:
    return [list(own) for _, own in groupby(sorted(rows, key=lambda row: row.kind), key=lambda row: row.kind)]


def _still_there(door: RegionClients, rows: Sequence[Resource]) -> list[Resource]:
    found = kinds()[rows[0].kind].check(door, [(thing_of(row), row.aws_id) for row in rows])
    return [row for row, one in zip(rows, found, strict=True) if one.state is not State.GONE]


def _strangers(door: RegionClients, product_id: str, known: set[str]) -> list[Found]:
    """Things that bear the product's tag and are in no row: a restored backup, a lost answer."""
    pages = door.ec2.get_paginator("describe_tags").paginate(
        Filters=[{"Name": "key", "Values": ["plc:item"]}, {"Name": "value", "Values": [f"{product_id}/*"]}]
    )
    found = []
    for tag in (tag for page in pages for tag in page["Tags"]):
        cls = tagged_kinds().get(str(tag["ResourceType"]))
        if cls is None or tag["ResourceId"] in known:
            continue
        thing = cls.load({"key": "stranger"})
        if cls.check(door, [(thing, tag["ResourceId"])])[0].state is not State.GONE:
            found.append(_thing(cls.kind, tag["ResourceId"], door))
    return found


def _thing(kind: str, aws_id: str, door: RegionClients) -> Found:
    return {"kind": kind, "id": aws_id, "account": door.account, "region": door.region}


def _connections(door: RegionClients, services: Sequence[str]) -> list[Found]:
    wanted: list[Any] = [{"Name": "service-id", "Values": list(services)}]
    pages = door.ec2.get_paginator("describe_vpc_endpoint_connections").paginate(Filters=wanted)
    return [
        {
            "service": entry["ServiceId"],
            "endpoint": entry["VpcEndpointId"],
            "owner": entry["VpcEndpointOwner"],
            "state": str(entry["VpcEndpointState"]),
            "region": door.region,
        }
        for page in pages
        for entry in page["VpcEndpointConnections"]
        if str(entry["VpcEndpointState"]).lower() in CONNECTED
    ]


def _problem(error: Exception) -> str:
    if isinstance(error, (NeedsAction, WrongAccount)):
        return str(error)
    if isinstance(error, (ClientError, BotoCoreError)):
        found = read(error)
        allowed = "" if found.kind is not ErrorClass.PERMISSION else f" Add {found.action} to the role's policy."
        return f"AWS answered {found.code or found.kind}.{allowed}"
    raise error


def _said(data: Found) -> str:
    things, buyers = len(data["things"]), len(data["connections"])
    connected = counted(buyers, "endpoint is", "endpoints are")
    said = f"AWS has {counted(things, 'thing')} of the product; {connected} connected."
    if data["problems"]:
        said = f"The look is not complete. {data['problems'][0]}"
    return said
