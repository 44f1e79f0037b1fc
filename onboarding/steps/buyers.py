"""Buyers: the allow list holds every buyer, and nobody else through us (S23, S24, S46)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onboarding.checklist.step import Build, CheckResult, Context, NeedsAction, Outcome, Step, each
from onboarding.checklist.words import counted
from onboarding.steps.access import by_yourself, only_reads
from onboarding.steps.endpoint_service import EndpointService
from onboarding.things.principal import Principal, PrincipalBefore, allowed
from sellers import formats


@dataclass(frozen=True, kw_only=True)
class BuyersOutputs:
    """Principals that may see the service, without the buyer test account: its test adds and removes it."""

    principals: tuple[str, ...]


class Buyers(Step[BuyersOutputs]):
    """Converges: a buyer who was taken off the product is taken off the list by the next run. On an adopted
    service, entries that were there before us stay. Under a role that only reads a person adds them.
    """

    slug = "buyers"
    title = "Allow list"
    doing = "Updating the allow list"
    guide = ("S23", "S24", "S46")
    needs = (EndpointService,)
    kinds = (Principal, PrincipalBefore)
    outputs = BuyersOutputs

    def things(self, ctx: Context) -> Build[BuyersOutputs]:
        service = ctx[EndpointService]
        partition = formats.partition_of(ctx.region)
        principals = list(dict.fromkeys(buyer.arn(partition) for buyer in ctx.spec.buyers))
        if only_reads(ctx):
            yield from each([])
            return BuyersOutputs(principals=tuple(principals))
        there: set[str] = set()
        if service.existing:
            # What was on an adopted list before us is not ours to take off again, so it is left out below.
            before = yield from each([PrincipalBefore(key=p, target=service.service_id, name=p) for p in principals])
            there = {p for p, look in zip(principals, before, strict=True) if look.values["value"]}
        yield from each(
            [Principal(key=p, service_id=service.service_id, principal=p) for p in principals if p not in there]
        )
        return BuyersOutputs(principals=tuple(principals))

    def check(self, ctx: Context, outputs: BuyersOutputs) -> Sequence[CheckResult]:
        there = allowed(ctx.door(), ctx[EndpointService].service_id)
        missing = [principal for principal in outputs.principals if principal not in there]
        if missing and only_reads(ctx):
            said, service = f"Not on the allow list yet: {', '.join(missing)}.", ctx[EndpointService].service_id
            change: dict[str, Any] = {"ServiceId": service, "AddAllowedPrincipals": missing}
            raise by_yourself(ctx, said, "ModifyVpcEndpointServicePermissions", "buyers_by_hand", **change)
        if missing:
            raise NeedsAction(f"Not on the allow list: {', '.join(missing)}.", "Retry this step, which adds them.")
        others = sorted(there - set(outputs.principals) - {"*"})
        facts = {"principals": list(outputs.principals), "others": others}
        said = _counted(outputs, len(others))
        proofs = [CheckResult(check="allow_list", outcome=Outcome.PASS, sentence=said, facts=facts)]
        if not outputs.principals:
            said = "Nobody is on the allow list yet: no buyer can find the service."
            proofs = [CheckResult(check="allow_list", outcome=Outcome.WARN, sentence=said, facts=facts)]
        if "*" in there:
            said = "The allow list holds *: every AWS account may connect, and the service is listed to none of them."
            proofs.append(CheckResult(check="everyone", outcome=Outcome.WARN, sentence=said))
        return proofs


def _counted(outputs: BuyersOutputs, others: int) -> str:
    """Who is on the list, in numbers."""
    parts = [counted(len(outputs.principals), "buyer")] if outputs.principals else []
    parts += [f"{others} not of this product"] if others else []
    return f"On the allow list: {', '.join(parts)}."
