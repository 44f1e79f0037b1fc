"""Load balancer: an internal network load balancer in every zone, cross-zone on, PrivateLink enforcement
off (S18, S40).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Build, CheckResult, Context, Input, NeedsAction, Outcome, Step, each, one
from onboarding.steps.network import Network
from onboarding.things.base import Observation
from onboarding.things.endpoint_service import configurations
from onboarding.things.load_balancer import NetworkLoadBalancer
from onboarding.things.load_balancer_attribute import CROSS_ZONE, LoadBalancerAttribute, LoadBalancerAttributeBefore
from onboarding.things.privatelink_rules import PrivateLinkRules, PrivateLinkRulesBefore
from sellers import formats


@dataclass(frozen=True, kw_only=True)
class LoadBalancerOutputs:
    """The load balancer; zones as ids and as this account's names, in no common order. `existing`: it is
    not ours.
    """

    arn: str
    name: str
    dns_name: str
    zone_ids: tuple[str, ...]
    zone_names: tuple[str, ...]
    existing: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The DNS names to try: the load balancer's, then one for each zone."""
        return (self.dns_name, *(f"{zone}.{self.dns_name}" for zone in self.zone_names))


class LoadBalancer(Step[LoadBalancerOutputs]):
    """Create: with its security group from the start. Existing: judged; its two settings are changed and
    put back on undo.
    """

    slug = "load_balancer"
    title = "Load balancer"
    doing = "Creating the Network Load Balancer"
    guide = ("S18", "S40")
    needs = (Network,)
    choice = "load_balancer"
    inputs = (Input(field="arn", words="the network load balancer's ARN", parse=formats.nlb_arn),)
    kinds = (
        NetworkLoadBalancer,
        LoadBalancerAttribute,
        LoadBalancerAttributeBefore,
        PrivateLinkRules,
        PrivateLinkRulesBefore,
    )
    calls = ("ec2:DescribeVpcEndpointServiceConfigurations",)
    outputs = LoadBalancerOutputs

    def things(self, ctx: Context) -> Build[LoadBalancerOutputs]:
        network, choice = ctx[Network], ctx.choices.load_balancer
        existing = choice.mode != "create"
        if existing:
            seen = yield from one(NetworkLoadBalancer(key="nlb", given=choice.arn or "", vpc_id=network.vpc_id))
            yield from _change(seen)
        else:
            seen = yield from one(
                NetworkLoadBalancer(
                    key="nlb",
                    vpc_id=network.vpc_id,
                    subnet_ids=network.subnet_ids,
                    group_ids=(network.balancer_group_id,),
                )
            )
            yield from each([_cross_zone(seen.id), _rules_off(seen)])
        return LoadBalancerOutputs(
            arn=seen.id,
            name=seen.values["name"],
            dns_name=seen.values["dns_name"],
            zone_ids=network.ids_of(seen.values["zone_names"]),
            zone_names=tuple(seen.values["zone_names"]),
            existing=existing,
        )

    def check(self, ctx: Context, outputs: LoadBalancerOutputs) -> Sequence[CheckResult]:
        if outputs.existing and ctx.choices.endpoint_service.mode == "create":
            _free(ctx, outputs)
        left = sorted(set(ctx[Network].region_zone_ids) - set(outputs.zone_ids))
        facts = {"arn": outputs.arn, "zone_ids": list(outputs.zone_ids), "left_out": left}
        if left:
            said = f"The load balancer is not in {', '.join(left)}; buyers there cannot place an endpoint."
            return [CheckResult(check="zones", outcome=Outcome.WARN, sentence=said, facts=facts)]
        said = f"{outputs.name} is active in every Availability Zone of {ctx.region}."
        return [CheckResult(check="zones", outcome=Outcome.PASS, sentence=said, facts=facts)]


def _change(seen: Observation) -> Build[None]:
    """Cross-zone on, and enforcement off where there are groups to enforce; what was there before is
    remembered first.
    """
    groups = bool(seen.values["group_ids"])
    asked = [LoadBalancerAttributeBefore(key=CROSS_ZONE, target=seen.id, name=CROSS_ZONE)]
    before = yield from each([*asked, *([PrivateLinkRulesBefore(key="enforcement", target=seen.id)] if groups else [])])
    yield from each(list(_changes(seen, [look.values["value"] for look in before])))


def _changes(seen: Observation, before: Sequence[str]) -> Iterator[LoadBalancerAttribute | PrivateLinkRules]:
    if before[0] != "true":
        yield _cross_zone(seen.id, before[0])
    if before[1:] == ["on"]:
        yield _rules_off(seen, before[1])


def _cross_zone(arn: str, old: str = "") -> LoadBalancerAttribute:
    return LoadBalancerAttribute(key=CROSS_ZONE, target=arn, name=CROSS_ZONE, value="true", old=old)


def _rules_off(seen: Observation, old: str = "") -> PrivateLinkRules:
    groups = tuple(seen.values["group_ids"])
    return PrivateLinkRules(key="enforcement", target=seen.id, value="off", old=old, group_ids=groups)


def _free(ctx: Context, outputs: LoadBalancerOutputs) -> None:
    """A load balancer belongs to at most one endpoint service: one that another holds cannot get ours."""
    ours = f"{ctx.product_id}/"
    for service in configurations(ctx.door()):
        tags = {tag["Key"]: tag["Value"] for tag in service.get("Tags", [])}
        held = (
            outputs.arn in service.get("NetworkLoadBalancerArns", []) and service["ServiceState"].lower() != "deleted"
        )
        if held and not tags.get("plc:item", "").startswith(ours):
            raise NeedsAction(
                f"{outputs.name} is already in the endpoint service {service['ServiceId']}, "
                "and one is all it can be in.",
                "Choose endpoint service: existing with that id, or another load balancer; then retry this step.",
            )
