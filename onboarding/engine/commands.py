"""What people ask for: start, retry, skip, check now, cancel (and `answers.answer`). Each is one transaction, safe to
send twice.

Every verb returns who is due; the caller nudges after commit. `by` is the user, or None for the engine itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from pydantic import ValidationError

from onboarding.checklist import graph
from onboarding.checklist.step import Input, Step
from onboarding.engine import clock
from onboarding.engine.counters import touch
from onboarding.engine.history import record_event
from onboarding.engine.lease import free
from onboarding.engine.schedule import lay_out, needs, settle
from onboarding.engine.signals import Blocked, DueItem
from onboarding.engine.transition import apply
from onboarding.models import EventKind, Item, ItemState, Run, RunState, Verb, WaitsFor
from onboarding.steps import by_slug
from sellers.formats import FormatError
from sellers.models import Product, User
from sellers.spec_writer import spec_of

RELEASED = {"next_check_at": None, "nudged_at": None, "lease_owner": None, "lease_until": None}
PEOPLE = (WaitsFor.YOU, WaitsFor.MARKETPLACE, WaitsFor.BUYER)
STOPPING = "The run before is still finishing its last AWS call; try again in a minute."


@dataclass(frozen=True)
class Started:
    """A run, whether this call made it, and who is due."""

    run: Run
    due: list[DueItem]
    new: bool


def provision(product: Product, by: User | None, *, region: str = "", until: str = "") -> Started:
    """Start, or join, the run that builds the product, or one region of it, up to the step `until`."""
    if until and until not in by_slug():
        raise Blocked(f"There is no step “{until}”. The steps are: {', '.join(by_slug())}.")
    with transaction.atomic():
        touch(product.pk)
        run, new = _open_run(product, by, Verb.PROVISION, region, until)
        spec = spec_of(product)
        items = lay_out(run, spec)
        wanted = graph.until(until, needs()) if until else set(by_slug())
        mine = [i for i in items if i.slug in wanted and (not region or i.region in ("", region))]
        if not new:
            mine = [i for i in mine if i.run_id in (None, run.pk) and i.state == ItemState.TODO]
        if any(i.lease_owner and i.state in (ItemState.WORKING, ItemState.UNDOING) for i in mine if new):
            raise Blocked(STOPPING)
        _reset([i for i in mine if i.state != ItemState.SKIPPED], run, "up")
        return Started(run, settle(product.pk, run).due, new)


def teardown(product: Product, by: User | None, *, region: str = "", only: Collection[UUID] | None = None) -> Started:
    """Start, or join, the run that takes down what was made; it ends a provisioning run first, then goes down. `only`
    are the items that go, where not all do.
    """
    with transaction.atomic():
        touch(product.pk)
        for run in Run.objects.filter(product=product, verb=Verb.PROVISION, state=RunState.OPEN):
            _end(run, by, RunState.CANCELLED)
        run, new = _open_run(product, by, Verb.TEARDOWN, region, "")
        items = Item.objects.filter(product=product).exclude(state__in=(ItemState.NOT_NEEDED, ItemState.UNDONE))
        if region:
            items = items.filter(region=region)
        elif only is not None:
            items = items.filter(pk__in=only)
        elif run.region:  # a region goes down already; now all of them do
            Run.objects.filter(pk=run.pk).update(region="")
        _reset(list(items if new else items.exclude(run=run)), run, "down")
        return Started(run, settle(product.pk, run).due, new)


def verify(product: Product, by: User | None) -> Run:
    """Start, or join, a verification: every finished item is looked at again, read-only; evidence is all it writes."""
    with transaction.atomic():
        touch(product.pk)
        run, _new = _open_run(product, by, Verb.VERIFY, "", "")
        return run


def retry(item: Item, by: User | None) -> list[DueItem]:
    """Try a failed, cancelled or skipped item again, with the product's inputs as they are now. The second click does
    nothing.
    """
    with transaction.atomic():
        touch(item.product_id)
        item.refresh_from_db()
        run = item.run
        if run is None or item.state not in (ItemState.FAILED, ItemState.CANCELLED, ItemState.SKIPPED):
            return []
        _reopen(run, item.product)
        to = ItemState.UNDOING if item.direction == "down" else ItemState.TODO
        again = {"attempt": F("attempt") + 1, "started_at": Now()} if item.direction == "down" else {}
        _change(item, to, by, EventKind.RETRY, failure=None, error_count=0, cancel_asked=False, skip_reason="", **again)
        return settle(item.product_id, run).due


def skip(item: Item, by: User | None, reason: str) -> list[DueItem]:
    """Leave an item out, with a written reason that reviewers see."""
    if not reason.strip():
        raise Blocked("Give the reason in a sentence: it is shown to whoever reviews the product.")
    with transaction.atomic():
        touch(item.product_id)
        item.refresh_from_db()
        if item.lease_owner is not None and item.state == ItemState.WORKING:
            raise Blocked(STOPPING)
        if item.run is None or item.state not in (ItemState.TODO, ItemState.WAITING, ItemState.FAILED):
            return []
        _reopen(item.run, item.product)
        _change(
            item,
            ItemState.SKIPPED,
            by,
            EventKind.SKIP,
            skip_reason=reason.strip(),
            message=f"Skipped: {reason.strip()}",
            failure=None,
        )
        return settle(item.product_id, item.run).due


def return_to_seller(item: Item, by: User | None, sentence: str) -> list[DueItem]:
    """Seller Operations returns a submission: its item is the engineer's again, with what they said (S25, S30)."""
    with transaction.atomic():
        touch(item.product_id)
        item.refresh_from_db()
        if item.run is None or item.state not in (ItemState.DONE, ItemState.WAITING):
            return []
        if item.lease_owner is not None:
            raise Blocked("The step is being worked on; try again in a minute.")
        _reopen(item.run, item.product)
        values = {name: value for name, value in item.given().items() if name not in ("order", "seen", "sent")}
        answer = {**(item.answer or {}), "values": {**values, "returned": sentence}}
        _change(item, ItemState.TODO, by, EventKind.HAND_BACK, message=sentence, answer=answer)
        return settle(item.product_id, item.run).due


def check_now(item: Item, by: User | None) -> list[DueItem]:
    """Look at a waiting item at once."""
    with transaction.atomic():
        touch(item.product_id)
        waiting = Item.objects.filter(pk=item.pk, state__in=(ItemState.WAITING, ItemState.UNDOING))
        changed = waiting.exclude(next_check_at__isnull=True, state=ItemState.UNDOING).update(
            next_check_at=Now(), check_asked=True
        )
    return [DueItem(item.pk)] if changed else []


def cancel(run: Run, by: User | None) -> None:
    """Stop a run; what exists is kept. An item in the middle of an AWS call stops before its next one."""
    with transaction.atomic():
        touch(run.product_id)
        _end(run, by, RunState.CANCELLED)


def _open_run(product: Product, by: User | None, verb: str, region: str, until: str) -> tuple[Run, bool]:
    spec = spec_of(product).model_dump(mode="json")
    print_ = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()
    like = Q(verb=Verb.VERIFY) if verb == Verb.VERIFY else ~Q(verb=Verb.VERIFY)
    open_ = Run.objects.filter(like, product=product, state=RunState.OPEN).first()
    if open_ is not None:
        if open_.verb != verb:
            raise Blocked("The product is being deleted. Wait until that's finished, then start again.")
        if open_.fingerprint != print_:  # what waits for people may read what has changed
            people = Item.objects.filter(run=open_, state=ItemState.WAITING, waiting_for__in=PEOPLE)
            people.update(next_check_at=Now(), check_asked=True)
        Run.objects.filter(pk=open_.pk).update(spec=spec, fingerprint=print_)
        open_.spec, open_.fingerprint = spec, print_
        return open_, False
    number = (Run.objects.filter(product=product).aggregate(most=Max("number"))["most"] or 0) + 1
    run = Run.objects.create(
        seller_id=product.seller_id,
        product=product,
        number=number,
        verb=verb,
        region=region,
        until=until,
        by=by,
        spec=spec,
        fingerprint=print_,
        started_at=clock.now(),
    )
    record_event(run, EventKind.RUN, by=by, after=RunState.OPEN, data={"verb": run.verb, "region": run.region})
    return run, True


def _reopen(run: Run, product: Product) -> None:
    """The item's run goes on, with today's inputs; not while another run of the product writes."""
    others = Run.objects.filter(product=product, state=RunState.OPEN).exclude(verb=Verb.VERIFY).exclude(pk=run.pk)
    if others.exists():
        raise Blocked(f"Run {others.get().number} of this product is open. Retry when it has finished.")
    spec = spec_of(product).model_dump(mode="json")
    run.fingerprint = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()
    Run.objects.filter(pk=run.pk).update(state=RunState.OPEN, ended_at=None, spec=spec, fingerprint=run.fingerprint)


def _reset(items: list[Item], run: Run, direction: str) -> None:
    """Put items to the start of their way. One that works now is asked to stop, and goes down when it has."""
    busy = [
        i.pk
        for i in items
        if direction == "down" and i.lease_owner and i.state in (ItemState.WORKING, ItemState.WAITING)
    ]
    Item.objects.filter(pk__in=busy).update(direction=direction, run=run, cancel_asked=True)
    others = [i for i in items if i.pk not in set(busy)]
    for item in others:
        item.run = run
    columns: dict[str, Any] = {
        **RELEASED,
        "direction": direction,
        "run": run,
        "message": "",
        "aws_status": "",
        "failure": None,
        "error_count": 0,
        "cancel_asked": False,
        "waiting_since": None,
        "ended_at": None,
    }
    if direction == "down":  # its own line in the history; a way up is counted when it is claimed
        columns |= {"attempt": F("attempt") + 1, "started_at": Now()}
    apply(others, ItemState.UNDOING if direction == "down" else ItemState.TODO, columns=columns, by=run.by)


def _end(run: Run, by: User | None, state: str) -> None:
    if not Run.objects.filter(pk=run.pk, state=RunState.OPEN).update(state=state, ended_at=Now()):
        return
    data = {"verb": run.verb, "region": run.region}
    record_event(run, EventKind.RUN, by=by, before=RunState.OPEN, after=state, data=data)
    idle = Item.objects.filter(free(), run=run, state__in=(ItemState.TODO, ItemState.WAITING, ItemState.UNDOING))
    told = "Canceled. Existing resources are kept."
    columns = {**RELEASED, "message": told}
    apply(list(idle), ItemState.CANCELLED, columns=columns, what=EventKind.CANCEL, by=by, sentence=told)
    Item.objects.filter(run=run, lease_owner__isnull=False).update(cancel_asked=True)
    # A refused permission is not looked at again in a run that was stopped.
    Item.objects.filter(run=run, state=ItemState.FAILED).update(next_check_at=None)


def _change(item: Item, to: str, by: User | None, what: EventKind, **fields: Any) -> None:
    apply([item], to, columns={**RELEASED, **fields}, what=what, by=by, sentence=fields.get("message", ""))
    item.state, item.waiting_for = to, ""


def answer(item: Item, by: User | None, given: Mapping[str, Any]) -> list[DueItem]:
    """Supply what a person must: the ids of a manual step, an attestation. Wrong values are Blocked, all in one
    sentence.
    """
    step = by_slug().get(item.slug)
    asks = step.inputs if step else ()
    known = {ask.field: ask for ask in asks}
    problems, values = [], {}
    for name, value in given.items():
        if name not in known:
            problems.append(f"{item} takes no “{name}”; it takes {', '.join(known) or 'no answer'}.")
            continue
        try:
            values[name] = _parsed(known[name], value)
        except FormatError as error:
            problems.append(f"{known[name].words}: {error.quoting}")
    if problems or not values:
        raise Blocked(" ".join(problems) or f"{item} takes {', '.join(known) or 'no answer'}.")
    with transaction.atomic():
        touch(item.product_id)
        item.refresh_from_db()
        kept = {**item.given(), **values}
        _fits(item, step, kept)
        who = by.email if by else "engine"
        data = {"values": kept, "by": who, "at": clock.now().isoformat()}
        # A worker that looks at it now read the old answer: check_asked makes it look again at once.
        Item.objects.filter(pk=item.pk).update(answer=data, check_asked=True)
        record_event(item, EventKind.ANSWER, by=by, before=item.state, after=item.state, sentence=", ".join(values))
        Item.objects.filter(pk=item.pk, state=ItemState.WAITING).update(next_check_at=Now())
    return [DueItem(item.pk)]


def _fits(item: Item, step: Step[Any] | None, values: Mapping[str, Any]) -> None:
    """Whether the values fit together as the region's choice: Blocked with its sentences if they do not."""
    if step is None or not step.choice or not item.region:
        return
    region = spec_of(item.product).regions.get(item.region)
    choice = getattr(region, step.choice, None)
    if choice is None or choice.mode != "manual":
        raise Blocked(f"{item} is not made by hand, so it takes no ids. Change the product's choice first.")
    try:
        choice.with_answer(**values)
    except ValidationError as error:
        raise Blocked(" ".join(str(one["msg"]) for one in error.errors())) from None


def _parsed(ask: Input, value: Any) -> Any:
    texts = value if isinstance(value, (list, tuple)) else str(value).replace(",", " ").split() if ask.many else [value]
    parsed = [ask.parse(str(text)) for text in texts]
    return parsed if ask.many else parsed[0]
