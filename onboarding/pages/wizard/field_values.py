"""A field as a page shows it: its value, what is wrong or right about it, and what a colleague made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from onboarding.dns import coverage
from onboarding.pages.common.times import Moment, moment
from onboarding.pages.wizard.fields import REQUIRED, Field, Option
from sellers import formats
from sellers.drafts import ON, REGIONS, Conflict
from sellers.models import Connection, Draft

# What can be chosen from the account: kind of the picker, and the role whose account it is in.
PICKS: Mapping[str, tuple[str, str]] = {
    "network.vpc_id": ("vpc", "service"),
    "network.subnet_ids": ("subnets", "service"),
    "targets.instance_ids": ("instances", "service"),
    "targets.alb_arn": ("alb", "service"),
    "load_balancer.arn": ("load_balancer", "service"),
    "endpoint_service.service_id": ("endpoint_service", "service"),
    "certificate.arn": ("certificate", "certificates"),
    "rehearsal.vpc_id": ("rehearsal_vpc", "buyer_test"),
    "rehearsal.subnet_ids": ("rehearsal_subnets", "buyer_test"),
}
TYPED = ("line", "number", "list", "text")


@dataclass(frozen=True)
class Side:
    """One of two values that stand against each other: as a form sends it, as people read it."""

    value: str
    text: str


@dataclass(frozen=True)
class Pick:
    """The picker of a field: the address of its list to be put into the page, and of its page of its own."""

    inside: str
    page: str


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field with its value. `reveal` shows problems of fields that nobody has filled in yet.

    `unsaved` says that the value came with the address, from a picker, and is saved with the page.
    """

    field: Field
    value: Any
    problems: Sequence[str] = ()
    reveal: bool = False
    conflict: Conflict | None = None
    unsaved: bool = False
    pick: Pick | None = None

    @property
    def errors(self) -> Sequence[str]:
        """The sentences to show now."""
        touched = bool(self.value) if self.field.kind != "cards" else self.value != self.field.default
        return self.problems if self.reveal or touched else ()

    @property
    def fits(self) -> bool:
        """Whether something was typed, and is right."""
        typed = str(self.value).strip()
        return self.field.kind in TYPED and typed not in ("", self.field.default) and not self.problems

    @property
    def trigger(self) -> str:
        """When htmx saves it: at each change, and while people type when they pause."""
        return "input delay:300ms, change" if self.field.kind in TYPED else "change"

    @property
    def is_on(self) -> bool:
        """Whether a check box is ticked."""
        return bool(self.value == ON)

    @property
    def required(self) -> bool:
        """Whether the product cannot be without it."""
        return self.field.need == REQUIRED

    @property
    def options(self) -> list[Option]:
        """What is offered, and the value itself where it is none of that: nothing typed is lost."""
        offered = list(self.field.options)
        values = self.value if isinstance(self.value, list) else [self.value]
        known = {option.value for option in offered}
        return offered + [Option(value, f"{value[:60]} (not offered)") for value in values if value not in known]

    @property
    def sides(self) -> list[tuple[Side, str, Moment | None, bool]]:
        """(value, whose, when, whether it stands) of both values of a conflict, theirs first."""
        assert self.conflict is not None  # noqa: S101 - the template asks
        at = moment(datetime.fromisoformat(self.conflict.at))
        return [
            (_side(self.conflict.theirs), self.conflict.by, at, True),
            (_side(self.conflict.mine), "yours", None, False),
        ]


def _side(value: Any) -> Side:
    sent = " ".join(value) if isinstance(value, list) else str(value or "")
    return Side(sent, sent or "nothing")


def value_of(draft: Draft, field: Field) -> Any:
    """What a draft holds for a field; the default if nothing was typed."""
    if field.path == REGIONS:
        stored = draft.base.get(REGIONS, [])
        chosen = draft.data.get(REGIONS, [])
        return [*(region for region in stored if region not in chosen), *chosen]
    return draft.data.get(field.path, field.default)


def pick_of(draft: Draft, field: Field, connections: Sequence[Connection], back: str) -> Pick | None:
    """The picker for a field; None where nothing can be chosen from an account."""
    if not field.path.startswith(f"{REGIONS}."):
        return None
    region, _, path = field.path.removeprefix(f"{REGIONS}.").partition(".")
    kind, role = PICKS.get(path, ("", ""))
    rows = {row.role_arn: row for row in connections}
    arns = [str(draft.data.get(f"connections.{name}", "")) for name in (role, "service")]
    arn = arns[0] or (arns[1] if role == "certificates" else "")
    if not kind or arn not in rows:
        return None
    chosen = str(draft.data.get(field.path, ""))[:2000].split()[:50]
    given = {"field": field.path, **_context(draft, region, path), field.path: chosen}
    given = {name: value for name, value in given.items() if value}
    args = [rows[arn].pk, region, kind]
    pages = (reverse("onboarding:pick", args=args, query={**given, **more}) for more in ({}, {"next": back}))
    return Pick(*pages)


def _context(draft: Draft, region: str, path: str) -> dict[str, str]:
    """What the picker should judge by: the VPC that was chosen, listener, names."""
    part = path.partition(".")[0]
    vpc = (
        ""
        if path.endswith("vpc_id")
        else f"{REGIONS}.{region}.{'rehearsal' if part == 'rehearsal' else 'network'}.vpc_id"
    )
    port = "product.listener.target_port" if part == "targets" else "product.listener.port"
    paths = {"vpc": vpc, "port": port, "protocol": "product.listener.protocol"}
    found = {name: str(draft.data.get(where, "")).strip()[:64] for name, where in paths.items() if where}
    here = f"{REGIONS}.{region}"
    if part == "certificate":
        found["names"] = ",".join(_covered(draft))
    if part == "load_balancer" and draft.data.get(f"{here}.endpoint_service.mode") == "existing":
        found["service"] = str(draft.data.get(f"{here}.endpoint_service.service_id", "")).strip()[:64] or "existing"
    if part == "endpoint_service":
        found["balancer"] = str(draft.data.get(f"{here}.load_balancer.arn", "")).strip()[:300]
    return found


def _covered(draft: Draft) -> tuple[str, ...]:
    """The names that a certificate must cover, of those typed so far that are names."""
    typed = (str(draft.data.get(f"product.{name}_dns_name", "")).strip() for name in ("friendly", "private"))
    friendly, private = (name if _is_name(name) else "" for name in typed)
    return coverage.demanded(str(draft.data.get("product.profile", "")), friendly, private)


def _is_name(name: str) -> bool:
    try:
        return bool(formats.dns_name(name))
    except formats.FormatError:
        return False
