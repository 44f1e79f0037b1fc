"""What a step is told: the run's spec, what earlier steps made, and doors that pass the engine's gate."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from onboarding import probe
from onboarding.aws import sessions
from onboarding.aws.clients import RegionClients
from onboarding.checklist.side_by_side import caught
from onboarding.checklist.step import Answer, Context, NeedsAction, Scope, restore
from onboarding.dns.resolver import Resolver
from onboarding.engine.evidence import Evidences
from onboarding.engine.gate import give_back
from onboarding.engine.lease import Lease
from onboarding.models import Item, ItemState, Run
from onboarding.steps import by_slug
from sellers.models import Connection
from sellers.models.choices import ConnectionState
from sellers.spec import OnboardSpec, load_data

MOST_THREADS = 16


@lru_cache(maxsize=128)
def spec_of(run_id: UUID, _fingerprint: str) -> OnboardSpec:
    """The run's snapshot, parsed once per process; the fingerprint changes when the snapshot is renewed."""
    return load_data(Run.objects.values_list("spec", flat=True).get(pk=run_id))


def build(held: Lease) -> Context:
    """The context of a claimed item. Answers to manual choices are already filled in."""
    item = held.item
    run = item.run
    assert run is not None  # noqa: S101 - claim takes no item without a run
    spec = spec_of(run.pk, run.fingerprint)
    made, answers, skipped = {}, {}, {}
    for slug, region, data, answer, state, reason in _others(item):
        step = by_slug().get(slug)
        if step is not None and data is not None:
            made[slug, region] = restore(step.outputs, data)
        if answer:
            answers[slug, region] = answer
        if state == ItemState.SKIPPED:
            skipped[slug, region] = reason
    own = answers.get((item.slug, item.region), {})
    return Context(
        product_id=str(item.product_id),
        owner=str(item.seller_id),
        spec=_answered(spec, answers),
        region=item.region,
        outputs=made,
        answer=Answer(**own) if own else Answer(),
        doors=Doors(item, spec, run),
        probe=partial(probe.probe, settings.PROBE_PROXY) if settings.PROBE_PROXY else None,
        side_by_side=side_by_side,
        evidence=Evidences(held),
        dns=resolver().knowing_homes(),
        now=held.now(),
        skipped=skipped,
        writes=run.writes,
    )


@cache
def resolver() -> Resolver:
    """The configured resolvers (DNS_RESOLVERS)."""
    return Resolver(settings.DNS_RESOLVERS)


class Doors:
    """The doors of a product's roles, opened once per claim. A role that no proven connection serves is a sentence."""

    def __init__(self, item: Item, spec: OnboardSpec, run: Run) -> None:
        self._item, self._spec, self._run = item, spec, run
        self._external: dict[str, str] = {}
        self._open: dict[tuple[str, str], RegionClients] = {}

    def __call__(self, role: str, region: str) -> RegionClients:
        place = (role, region)
        if place not in self._open:
            self._open[place] = self._opened(role, region)
        return self._open[place]

    def _opened(self, role: str, region: str) -> RegionClients:
        arn = arn_for(self._spec, role)
        if not arn:
            raise NeedsAction(
                f"The product has no AWS connection for “{role.replace('_', ' ')}”.",
                "Add the role's connection to the product, then retry this step.",
            )
        if arn not in self._external:
            self._external[arn] = self._proven(arn)
        key = sessions.Role(
            arn=arn,
            external_id=self._external[arn],
            purpose=f"plc-{self._item.seller.slug}-{self._run.number}"[:64],
            read_only=not self._run.writes,
        )
        return sessions.door(key, region or home(self._spec))

    def _proven(self, arn: str) -> str:
        proven = Connection.objects.filter(seller=self._item.seller_id, role_arn=arn, state=ConnectionState.PROVEN)
        external_id = proven.values_list("external_id", flat=True).first()
        if external_id is None:
            raise NeedsAction(
                f"The AWS connection {arn} is not proven.",
                "Test the connection on the Connections page, then retry this step.",
            )
        return external_id


def arn_for(spec: OnboardSpec, role: str) -> str:
    """The role ARN of one of the product's roles: certificates and dns default to service; dns "none" has none."""
    arns = spec.connections
    found = {
        "service": arns.service,
        "certificates": arns.certificates or arns.service,
        "dns": arns.dns or arns.service,
        "buyer_test": arns.buyer_test or "",
    }[role]
    return "" if found == "none" else found


def home(spec: OnboardSpec) -> str:
    """The region in which an item over the account asks: the product's first."""
    return next(iter(spec.regions), "us-east-1")


def side_by_side(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run jobs at the same time, each behind the caller's gate; results in order, exceptions as results.

    Each call has threads of its own: a job that runs jobs itself cannot starve of a shared pool's.
    """
    if len(jobs) == 1:
        return [caught(jobs[0])]
    give_back()
    with ThreadPoolExecutor(min(len(jobs), MOST_THREADS), thread_name_prefix="side") as pool:
        futures = [pool.submit(contextvars.copy_context().run, _closing, job) for job in jobs]
        return [future.result() for future in futures]


def _closing(job: Callable[[], Any]) -> Any:
    try:
        return caught(job)
    finally:
        connections.close_all()


def _others(item: Item) -> Iterable[tuple[Any, ...]]:
    """The items that this one may read: of its region and the product, or all if it stands over the product."""
    step = by_slug().get(item.slug)
    found = Item.objects.filter(product=item.product_id).order_by()
    if step is None or step.scope is Scope.REGION:
        found = found.filter(region__in=("", item.region))
    return found.values_list("slug", "region", "outputs", "answer", "state", "skip_reason")


def _answered(spec: OnboardSpec, answers: dict[tuple[str, str], Any]) -> OnboardSpec:
    regions = dict(spec.regions)
    for (slug, region), answer in answers.items():
        step = by_slug().get(slug)
        if step is None or not step.choice or region not in regions:
            continue
        choice = getattr(regions[region], step.choice)
        if choice.mode == "manual":
            values = answer["values"]
            filled = choice.with_answer(**{ask.field: values[ask.field] for ask in step.inputs if ask.field in values})
            regions[region] = regions[region].model_copy(update={step.choice: filled})
    return spec.model_copy(update={"regions": regions})
