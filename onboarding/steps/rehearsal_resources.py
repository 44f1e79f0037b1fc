"""A rehearsal in one region (S32-S38, S47-S49): from the buyer test account, as a buyer would, and away again.

Two steps rehearse: before the submission, and again with the friendly name when the product is live. Each look does
what is left: while this attempt has no verdict, the test endpoint and what it needs are yielded; then the verdict is
kept with a wait, nothing is yielded any more, the engine takes all of it away, and the item ends with the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from onboarding.checklist.results import FRESH
from onboarding.checklist.step import Build, Context, NeedsAction, Outcome, PastResult, each, one
from onboarding.steps.endpoint_service import EndpointService, EndpointServiceOutputs
from onboarding.things.base import Observation, State, Thing
from onboarding.things.buyer_network import BuyerNetwork
from onboarding.things.connection import Connection
from onboarding.things.discovery import Discovery, Refusal
from onboarding.things.endpoint import Endpoint
from onboarding.things.endpoint_group import EndpointGroup, EndpointRule
from onboarding.things.trial_principal import TrialPrincipal, TrialPrincipalBefore
from sellers import formats

EXPIRES_AFTER = timedelta(days=2)
VERDICT, CLEAN_UP = "verdict", "clean_up"
KINDS: tuple[type[Thing], ...] = (
    TrialPrincipal,
    TrialPrincipalBefore,
    Refusal,
    Discovery,
    BuyerNetwork,
    EndpointGroup,
    EndpointRule,
    Endpoint,
    Connection,
)


@dataclass(frozen=True)
class RehearsalResult:
    """What the things of one region's rehearsal showed. JSON-native; `endpoint_id` is "" until one is available."""

    account: str = ""
    refusal: str = ""
    listed_before: str = ""
    endpoint_id: str = ""
    found: Mapping[str, Any] | None = None
    network: Mapping[str, Any] | None = None
    states: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RegionRehearsal:
    """One region's rehearsal within an item of the step `slug`; `whole`: the item stands over the product."""

    ctx: Context  # of the region
    slug: str
    whole: bool = False

    @classmethod
    def of(cls, ctx: Context, slug: str) -> list[RegionRehearsal]:
        """The rounds of an item: its region's, or one for each region of the product."""
        if ctx.region:
            return [cls(ctx, slug)]
        return [cls(replace(ctx, region=region), slug, whole=True) for region in ctx.spec.regions]

    @property
    def region(self) -> str:
        """The region in which it is rehearsed."""
        return self.ctx.region

    @property
    def item_region(self) -> str:
        """The region of the item that this round belongs to."""
        return "" if self.whole else self.region

    def named(self, name: str) -> str:
        """A check's or a thing's name in this item."""
        return f"{name}.{self.region}" if self.whole else name

    @cached_property
    def service(self) -> EndpointServiceOutputs:
        """The endpoint service that the buyer connects to."""
        return self.ctx[EndpointService]

    @property
    def tester(self) -> str:
        """The buyer test account as declared, "" if none is connected."""
        return formats.account_of(self.ctx.spec.connections.buyer_test)

    @property
    def principal(self) -> str:
        """The buyer test account's root, as the allow list has it."""
        return formats.principal(self.tester, formats.partition_of(self.region))

    def subject(self) -> dict[str, Any]:
        """What the buyer connection test is about: evidence of another subject proves nothing any more."""
        facts = self.ctx.spec.product
        return {
            "service_id": self.service.service_id,
            "service_name": self.service.service_name,
            "port": facts.listener.port,
            "protocol": facts.listener.protocol,
            "friendly_dns_name": facts.friendly_dns_name or "",
            "private_dns_name": facts.private_dns_name or "",
            "zone_ids": sorted(self.service.zone_ids),
            "account": self.tester,
        }

    def past(self, name: str) -> PastResult | None:
        """The newest evidence of one of this round's checks."""
        known = {past.check: past for past in self.ctx.evidence(self.slug, self.item_region)}
        return known.get(self.named(name))

    def verdict(self) -> PastResult | None:
        """The verdict that holds: this attempt's, or an earlier one that did not fail and is fresh; else None.

        A look that may not write (a verification) takes an old one too, and tells its age.
        """
        past = self.past(VERDICT)
        if past is None or past.facts.get("subject") != self.subject():
            return None
        if past.current:
            return past
        old = past.age > FRESH and self.ctx.writes
        return None if past.outcome is Outcome.FAIL or old else past


def perform(turn: RegionRehearsal) -> Build[RehearsalResult]:
    """Everything up to a test endpoint whose connection is accepted; less while AWS does not show the service yet."""
    account = _another(turn)
    listed, refusal, network = yield from each([*_before(turn), _network(turn)])
    allow = [] if listed.values["value"] == turn.principal else [_principal(turn)]
    *_, group = yield from each([*allow, _group(turn, network)])
    found = yield from one(_discovery(turn))
    trial = RehearsalResult(
        account=account,
        refusal=refusal.values["value"],
        listed_before=listed.values["value"],
        found=found.values,
        network=network.values,
    )
    if found.state is not State.READY:
        return trial
    endpoint = yield from _connect(turn, account, network, group)
    if endpoint.state is not State.READY:
        return trial
    return replace(trial, endpoint_id=endpoint.id, states=endpoint.values)


def _another(turn: RegionRehearsal) -> str:
    """The buyer test account, by GetCallerIdentity of both roles: it must not be the seller's own (S49)."""
    buyer, seller = turn.ctx.door("buyer_test"), turn.ctx.door("service")
    if buyer.account == seller.account:
        raise NeedsAction(
            f"The buyer test role answers for account {buyer.account}, which also owns the endpoint service.",
            "Connect a buyer test role of another account: an owner is not refused and proves nothing. Then retry.",
        )
    return buyer.account


def _before(turn: RegionRehearsal) -> list[Thing]:
    service = turn.service
    return [
        TrialPrincipalBefore(
            key=f"{turn.named('before')} {service.service_id}",
            region=turn.region,
            target=service.service_id,
            name=turn.principal,
        ),
        Refusal(
            key=f"{turn.named('refusal')} {service.service_id}",
            region=turn.region,
            target=service.service_name,
            name="the refusal",
        ),
    ]


def _principal(turn: RegionRehearsal) -> TrialPrincipal:
    return TrialPrincipal(
        key=turn.named("tester"), region=turn.region, service_id=turn.service.service_id, principal=turn.principal
    )


def _group(turn: RegionRehearsal, network: Observation) -> EndpointGroup:
    """A security group of the test endpoint's own."""
    vpc_id = network.values["vpc_id"]
    return EndpointGroup(
        key=f"{turn.named('group')} {vpc_id}",
        region=turn.region,
        vpc_id=vpc_id,
        description="Test endpoint of the onboarding buyer connection test",
    )


def _discovery(turn: RegionRehearsal) -> Discovery:
    return Discovery(
        key=f"{turn.named('found')} {turn.service.service_id}",
        region=turn.region,
        service_name=turn.service.service_name,
    )


def _network(turn: RegionRehearsal) -> BuyerNetwork:
    choice = turn.ctx.choices.rehearsal
    chosen = "+".join([choice.vpc_id or "default", *(subnet[-8:] for subnet in choice.subnet_ids)])
    return BuyerNetwork(
        key=f"{turn.named('network')} {chosen}"[:120],
        region=turn.region,
        vpc_id=choice.vpc_id or "",
        subnet_ids=choice.subnet_ids,
        zone_ids=turn.service.zone_ids,
    )


def _connect(turn: RegionRehearsal, account: str, network: Observation, group: Observation) -> Build[Observation]:
    """The endpoint, and its connection accepted in the seller's account."""
    where, port = network.values, turn.ctx.spec.product.listener.port
    rules = [
        EndpointRule(
            key=f"{turn.named('rule')} {cidr}",
            region=turn.region,
            group_id=group.id,
            from_port=port,
            to_port=port,
            cidr=cidr,
        )
        for cidr in where["cidrs"]
    ]
    endpoint = Endpoint(
        key=f"{turn.named('endpoint')} {where['vpc_id']}",
        region=turn.region,
        service_name=turn.service.service_name,
        vpc_id=where["vpc_id"],
        subnet_ids=tuple(where["subnet_ids"]),
        group_ids=(group.id,),
        expires=(turn.ctx.now + EXPIRES_AFTER).date().isoformat(),
    )
    *_, outputs = yield from each([*rules, endpoint])
    yield from one(
        Connection(
            key=turn.named("connection"),
            region=turn.region,
            service_id=turn.service.service_id,
            endpoint_id=outputs.id,
            owner=account,
        )
    )
    return outputs
