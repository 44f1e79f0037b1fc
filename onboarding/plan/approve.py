"""Making a plan, seeing that it is still true, and approving it: nothing is created before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from onboarding.engine import commands
from onboarding.engine.counters import touch
from onboarding.engine.schedule import nodes
from onboarding.engine.signals import Blocked, DueItem
from onboarding.models import MET, Item, Plan
from onboarding.plan import build
from onboarding.plan.durations import expected
from onboarding.plan.inputs import Inputs, changed, inputs_of, print_of
from onboarding.plan.rows import Row, Sign
from sellers.models import Product, User
from sellers.spec_writer import spec_of

Facts = Mapping[str, Mapping[str, Any]]
KEPT = 10  # plans of a product that nobody approved
AGAIN = "It has been made again: read what it says now, then approve it."
ACCOUNT = "the account changed"


def plan_of(product: Product, by: User | None, *, store: bool = True) -> Plan:
    """The product's plan as its inputs are now: the stored one while it is true, else a new one, saved if `store`.

    Raises ValueError without a connection or a region, and steps.base.Wrong when the inputs admit no plan.
    """
    now = inputs_of(product)
    fingerprint, last = print_of(now), newest(product)
    if last is not None and last.fingerprint == fingerprint:
        return last
    facts = _zones(last, now)
    plan = Plan(
        seller_id=product.seller_id,
        product=product,
        fingerprint=fingerprint,
        inputs=now,
        facts=facts,
        rows=rows_for(product, facts),
        expected=expected(_left(product)),
        made_at=timezone.now(),
        made_by=by,
        why=changed(last.inputs, now) if last is not None and last.approved_at is None else "",
    )
    if store:
        plan.save()
        forget_old(product)
    return plan


def newest(product: Product) -> Plan | None:
    """The product's last plan, with its people and run, whether it is still true or not."""
    rows = Plan.objects.filter(product=product).select_related("made_by", "approved_by", "run")
    return rows.first()


def _left(product: Product) -> set[str]:
    """The steps of which something is left to do, also those that only wait or look."""
    met = set(Item.objects.filter(product=product, state__in=MET).values_list("slug", "region"))
    return {node[0] for node in nodes(spec_of(product)) if node not in met}


def rows_for(product: Product, facts: Facts) -> list[dict[str, Any]]:
    """The rows of a plan as JSON; `facts` tells what somebody saw in the regions: zones, and what stands on things."""
    looked = {
        (region, kind, target, name): value
        for region, seen in facts.items()
        for kind, target, name, value in seen.get("before", ())
    }
    return [asdict(row) for row in build.rows(product, zones_of(facts), looked)]


def zones_of(facts: Facts) -> dict[str, list[tuple[str, str]]]:
    """region -> (zone id, name) of the regions whose zones a look saw."""
    zones = {region: [(one, name) for one, name in seen.get("zones", ())] for region, seen in facts.items()}
    return {region: found for region, found in zones.items() if found}


def _zones(last: Plan | None, now: Inputs) -> dict[str, dict[str, Any]]:
    """What the last look saw that no input changes: the zones of the account, if it is still the same one."""
    if last is None or last.inputs["spec"]["connections"]["service"] != now["spec"]["connections"]["service"]:
        return {}
    regions = now["spec"]["regions"]
    return {region: {"zones": seen["zones"]} for region, seen in last.facts.items() if region in regions}


def rows_of(plan: Plan) -> list[Row]:
    """The plan's rows, from their JSON."""
    return [
        Row(**{**row, "sign": Sign(row["sign"]), **{k: tuple(row[k]) for k in ("guide", "commands", "warnings")}})
        for row in plan.rows
    ]


def approve(product: Product, plan_id: UUID, by: User | None) -> tuple[list[DueItem], str]:
    """Start the run that carries the plan out, once; who is due and what to say. In the caller's transaction.

    Raises Blocked with what changed if the plan is not true any more.
    """
    touch(product.pk)  # the product's place in the line: of two presses the second one sees the first one's run
    plan = Plan.objects.filter(product=product, pk=plan_id).select_related("run").first()
    if plan is not None and plan.run is not None:
        return [], f"Run {plan.run.number} carries this plan out already; nothing was started twice."
    why = _stale(plan, inputs_of(product))
    if plan is None or why:
        raise Blocked(f"This plan is out of date: {why}. {AGAIN}")
    started = commands.provision(product, by)
    Plan.objects.filter(pk=plan.pk).update(approved_at=timezone.now(), approved_by=by, run=started.run)
    how = "has started with this plan" if started.new else "continues with this plan"
    return started.due, f"Run {started.run.number} {how}."


def _stale(plan: Plan | None, now: Inputs) -> str:
    """What makes a plan untrue; "" while it is true."""
    if plan is None:
        return "it is an old one"
    if plan.fingerprint != print_of(now):
        return changed(plan.inputs, now) or "its inputs changed"
    newer = Plan.objects.filter(product_id=plan.product_id, made_at__gt=plan.made_at).first()
    return newer.why if newer is not None and newer.facts != plan.facts else ""


def forget_old(product: Product) -> None:
    """Drop the plans that nobody approved, but for the last ones."""
    unapproved: QuerySet[Plan] = Plan.objects.filter(product=product, approved_at__isnull=True)
    edge = unapproved.order_by("-made_at").values_list("made_at", flat=True)[KEPT - 1 : KEPT].first()
    if edge is not None:
        unapproved.filter(made_at__lt=edge).delete()
