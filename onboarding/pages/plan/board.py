"""The plan page: what will be made, reused, changed and deleted, what it costs and takes, and what was found before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from onboarding.checklist.step import NeedsAction, Outcome
from onboarding.checklist.words import counted
from onboarding.models import Plan
from onboarding.pages.common.times import Moment, moment, span
from onboarding.pages.common.turn import AWS, DONE, YOURS, Button, Turn, start
from onboarding.pages.plan.lines import Group, Part, groups, parts
from onboarding.plan import terraform
from onboarding.plan.approve import plan_of, rows_of
from onboarding.plan.durations import longest
from onboarding.plan.prices import Cost, cost, dollars
from onboarding.plan.rows import Row, Sign
from sellers.models import Product, User

FEW = 4  # regions shown one below the other; more of them are shown one at a time
LABEL = "Approve and run"


@dataclass(frozen=True)
class Sum:
    """The head: how many of each sign, seconds and dollars in words. `sentence` says it all in one line."""

    create: int
    reuse: int
    change: int
    delete: int
    by_hand: int
    takes: str
    month: str

    @property
    def sentence(self) -> str:
        """ "12 to create · 2 reused · 0 to delete · about 9 min · about $148 per month"."""
        hand = [f"{self.by_hand} by hand"] if self.by_hand else []
        change = [f"{self.change} changed"] if self.change else []
        counts = [f"{self.create} to create", f"{self.reuse} reused", *change, f"{self.delete} to delete", *hand]
        takes = f"about {self.takes}" if self.takes else "time not known yet"
        month = f"about {self.month} per month" if self.month else "cost not known yet"
        return " · ".join([*counts, takes, month])


@dataclass(frozen=True)
class About:
    """This plan: when and by whom it was made, what made the one before untrue, and the estimates' grounds."""

    made: Moment | None
    by: str
    why: str
    approved: Moment | None
    approver: str
    run: str
    checked: Moment | None
    cost: Cost
    prices: str
    per_zone: bool  # no one has looked yet how many zones there are


@dataclass(frozen=True)
class PlanPage:
    """All that the page shows. Without a plan (`sum` is None) the turn bar says what has to come first.

    `regions` are offered one at a time, when they are many; `region` is the one shown then.
    """

    turn: Turn
    sum: Sum | None = None
    about: About | None = None
    groups: Sequence[Group] = ()
    parts: Sequence[Part] = ()
    regions: Sequence[str] = ()
    region: str = ""
    commands: bool = False
    check: Button | None = None

    @property
    def spoken(self) -> list[Part]:
        """The parts that say something."""
        return [part for part in self.parts if not part.silent]

    @property
    def silent(self) -> list[Part]:
        """Those of which “Check now” will tell."""
        return [part for part in self.parts if part.silent]


def plan_page(product: Product, by: User, *, may_run: bool, region: str = "", commands: bool = False) -> PlanPage:
    """The page of a product's plan, which is made again if it is not true any more. `region` of many is shown alone;
    `commands` opens all commands.
    """
    busy = _busy(product)
    try:
        plan = plan_of(product, by, store=may_run and not busy)
    except NeedsAction as wrong:
        return PlanPage(turn=Turn(YOURS, wrong.sentence, wrong.cure, _set_up(product, may_run)))
    except ValueError:
        now = "The plan is made of the product's connection and regions, and one of them is missing."
        return PlanPage(turn=Turn(YOURS, now, "Choose them; then the plan is made.", _set_up(product, may_run)))
    rows = rows_of(plan)
    price = cost(rows)
    summed = _sum(rows, plan.expected, price)
    named = list(dict.fromkeys(row.region for row in rows if row.region))
    many = named if len(named) > FEW else []
    chosen = (region if region in many else many[0]) if many else ""
    shown = groups(plan, rows, price, chosen)
    return PlanPage(
        turn=_turn(product, plan, summed, busy, may_run),
        sum=summed,
        about=_about(plan, price),
        groups=shown,
        parts=parts(plan, shown),
        regions=many,
        region=chosen,
        commands=commands,
        check=_check(product, may_run),
    )


def terraform_of(product: Product) -> str:
    """The plan as a Terraform file; "" while the product admits no plan."""
    try:
        return terraform.document(product)
    except (NeedsAction, ValueError):
        return ""


def _busy(product: Product) -> bool:
    """Whether a run moves things right now, by the stored counters: its plan would be another one each second."""
    progress = getattr(product, "progress", None)
    return progress is not None and progress.working + progress.undoing > 0


def _sum(rows: Sequence[Row], seconds: Mapping[str, float], price: Cost) -> Sum:
    counts = {sign: sum(row.sign is sign for row in rows) for sign in Sign}
    takes = longest(seconds)
    return Sum(
        create=counts[Sign.CREATE],
        reuse=counts[Sign.REUSE],
        change=counts[Sign.CHANGE],
        delete=counts[Sign.DELETE],
        by_hand=counts[Sign.BY_HAND],
        takes="" if takes is None else span(takes),
        month="" if price.total is None else dollars(price.total),
    )


def _turn(product: Product, plan: Plan, summed: Sum, busy: bool, may_run: bool) -> Turn:
    button = start(product, may_run, LABEL)
    if button.posts:
        button = replace(button, url=reverse("onboarding:plan_approve", args=[product.pk, plan.pk]))
    if busy:
        now = "A run is at work; this is the plan of what is left."
        why = "A run is at work. The plan of what is left can be approved when it rests."
        return Turn(AWS, now, "The run page shows how far it is.", replace(button, why=button.why or why))
    if not any((summed.create, summed.change, summed.delete, summed.by_hand)):
        now = "Everything in this plan exists already."
        return Turn(DONE, now, "Approving it verifies everything, and changes only what differs.", button)
    first = not summed.reuse and not plan.inputs.get("inventory")
    now = f"Read the plan, then approve it.{' Nothing exists yet.' if first else ''}"
    return Turn(YOURS, now, f"{_stops(plan)}{summed.sentence}. You can stop at any time, and keep or undo.", button)


def _stops(plan: Plan) -> str:
    """What the last look found that would stop the run, as a sentence with a space behind it."""
    checks = plan.checks or {}
    bad = sum(one["outcome"] == Outcome.FAIL for part in checks.values() if isinstance(part, list) for one in part)
    return f"{counted(bad, 'finding')} below would stop the run. " if bad else ""


def _set_up(product: Product, may_run: bool) -> Button:
    if not may_run or product.service_connection is None:
        return start(product, may_run, LABEL)
    return Button("Open setup", reverse("onboarding:draft_of", args=[product.pk]), posts=True)


def _check(product: Product, may_run: bool) -> Button:
    first = start(product, may_run, "Check now")
    why = first.why or ("" if first.posts else "The AWS connection must be proven first.")
    url = reverse("onboarding:plan_check", args=[product.pk])
    return Button("Check now", url, "refresh", posts=True, why=why)


def _about(plan: Plan, price: Cost) -> About:
    checks = plan.checks or {}
    return About(
        made=moment(plan.made_at),
        by=_name(plan.made_by),
        why=plan.why if plan.approved_at is None else "",
        approved=moment(plan.approved_at),
        approver=_name(plan.approved_by),
        run=f"run {plan.run.number}" if plan.run else "",
        checked=moment(datetime.fromisoformat(checks["at"])) if checks else None,
        cost=price,
        prices=f"list prices, the oldest of {price.oldest:%-d %b %Y}" if price.oldest else "no list price used",
        per_zone=any(row["values"].get("per_zone") and row["kind"] == "instance" for row in plan.rows),
    )


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user is not None else ""
