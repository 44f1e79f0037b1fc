"""What a teardown has left in the accounts, and which buyers' endpoints stand in its way: from the last look and the
inventory; nothing is asked of AWS (`onboarding.preflight.leftovers` looks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onboarding.aws import cli
from onboarding.models import Event, EventKind, ItemState, Resource, ResourceState, Run, Verb
from onboarding.pages.common.times import Moment, moment
from onboarding.plan.prices import cost, dollars
from onboarding.plan.rows import Row, Sign
from onboarding.things import thing_words
from sellers.models import Product

DAYS = Decimal(365) / 12  # of a month
DOWN = (ItemState.UNDONE, ItemState.NOT_NEEDED)


@dataclass(frozen=True)
class Left:
    """A thing that AWS still has. `day` is its price a day, "" where none is known."""

    words: str
    aws_id: str
    where: str
    why: str
    day: str


@dataclass(frozen=True)
class Blocker:
    """A buyer's endpoint that is connected: AWS deletes no endpoint service before it is rejected."""

    service: str
    endpoint: str
    owner: str
    alias: str
    state: str
    region: str
    command: str


@dataclass(frozen=True)
class Remains:
    """The report. `looked` is the last look, None before there was one; `over`: something has been taken down before,
    so that what is left is a leftover; `day` is the known cost of it all a day.
    """

    looked: Moment | None
    by: str
    problems: list[str]
    blockers: list[Blocker]
    left: list[Left]
    day: str
    over: bool


def remains(product: Product, region: str = "", services: Sequence[str] | None = None) -> Remains:
    """The report of a product, or of one region. `services` are those that a teardown deletes: others' connections
    block nothing. Five queries.
    """
    seen = Event.objects.filter(product_id=product.pk, what=EventKind.LOOK).order_by("-id").first()
    data: dict[str, Any] = seen.data if seen else {}
    over = Run.objects.filter(product=product, verb=Verb.TEARDOWN).exists()
    left = _left(product, data.get("things", []), region) if over else []
    total, prices = _priced(left)
    return Remains(
        looked=moment(seen.at) if seen else None,
        by=seen.actor if seen else "",
        problems=[str(problem) for problem in data.get("problems", [])],
        blockers=_blockers(product, data.get("connections", []), region, services),
        left=[_shown(one, price) for one, price in zip(left, prices, strict=True)],
        day=total,
        over=over,
    )


Found = tuple[Row, str, str]  # the thing as a plan's row, its account, why it is listed


def _left(product: Product, things: Sequence[dict[str, str]], region: str) -> list[Found]:
    """By inventory: what an item that was taken down still holds. By the last look: what AWS had of things that are in
    no row, or in one that says they are gone.
    """
    rows = list(Resource.objects.filter(product=product, managed=True).exclude(aws_id="").select_related("item"))
    here = {row.aws_id: row for row in rows}
    found: dict[str, Found] = {}
    for row in rows:
        failed = row.state != ResourceState.GONE and row.item.direction == "down"
        if failed and row.item.state in (*DOWN, ItemState.FAILED, ItemState.CANCELLED):
            found[row.aws_id] = (_row(row.kind, row.region, row.aws_id, row.params), row.account, "Not deleted yet")
    for thing in things:
        row_ = here.get(thing["id"])
        if row_ is None or row_.state == ResourceState.GONE:
            why = "Bears our tag, in no record of ours" if row_ is None else "Said to be gone, and AWS shows it"
            params = row_.params if row_ else {}
            found[thing["id"]] = (_row(thing["kind"], thing["region"], thing["id"], params), thing["account"], why)
    return [one for one in found.values() if not region or one[0].region == region]


def _row(kind: str, region: str, aws_id: str, params: dict[str, Any]) -> Row:
    values: dict[str, object] = {"instance_type": params["instance_type"]} if params.get("instance_type") else {}
    return Row(
        slug="",
        region=region,
        sign=Sign.CREATE,
        kind=kind,
        words=thing_words(kind),
        name=aws_id,
        aws_id=aws_id,
        values=values,
    )


def _priced(left: Sequence[Found]) -> tuple[str, list[str]]:
    """The cost a day of all and of each, "" where no price is known."""
    if not left:
        return "", []
    known = cost([row for row, _, _ in left]).of
    days = [known[place] / DAYS if place in known else None for place in range(len(left))]
    total = sum((day for day in days if day is not None), Decimal(0))
    return dollars(total) if total else "", [dollars(day) if day else "" for day in days]


def _shown(found: Found, day: str) -> Left:
    row, account, why = found
    return Left(row.words, row.aws_id, f"{row.region} · {account}", why, day)


def _blockers(
    product: Product, connections: Sequence[dict[str, str]], region: str, services: Sequence[str] | None
) -> list[Blocker]:
    ours = set(Resource.objects.filter(product=product, kind="endpoint").values_list("aws_id", flat=True))
    names = dict(product.buyers.values_list("account_id", "alias"))
    return [
        Blocker(
            service=one["service"],
            endpoint=one["endpoint"],
            owner=one["owner"],
            alias=names.get(one["owner"], ""),
            state=one["state"],
            region=one["region"],
            command=_reject(one),
        )
        for one in connections
        if (not region or one["region"] == region)
        and (services is None or one["service"] in services)
        and one["endpoint"] not in ours  # a rehearsal's own endpoint goes with it
    ]


def _reject(one: dict[str, str]) -> str:
    params = {"ServiceId": one["service"], "VpcEndpointIds": [one["endpoint"]]}
    return cli.command("ec2", "RejectVpcEndpointConnections", params, one["region"])
