"""What can be chosen from the account for a field, instead of typing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from onboarding.dns import coverage
from onboarding.pages.common.fields import Pick
from sellers import formats
from sellers.drafts import REGIONS
from sellers.models import Connection, Draft
from sellers.spec.fields import Field

# Path of a field -> kind of its picker, and the role whose account it looks into.
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
