"""Endpoint service: over the load balancer, in the same zones, asking before it accepts (S19, S41)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Build, CheckResult, Context, Input, NeedsAction, Outcome, Step, each, one
from onboarding.steps.load_balancer import LoadBalancer
from onboarding.steps.network import Network
from onboarding.things.base import Observation
from onboarding.things.endpoint_service import EndpointService as EndpointServiceThing
from onboarding.things.service_setting import ACCEPTANCE, HOME_ONLY, REGIONS, ServiceSetting, ServiceSettingBefore
from sellers import formats
from sellers.spec import EndpointServiceChoice


@dataclass(frozen=True, kw_only=True)
class EndpointServiceOutputs:
    """The service: `service_name` is what the submission names (S43). `existing`: it is not ours."""

    service_id: str
    service_name: str
    zone_ids: tuple[str, ...]
    acceptance_required: bool
    existing: bool


class EndpointService(Step[EndpointServiceOutputs]):
    """Existing: judged; acceptance that was turned off here and regions that were added here are changed
    and put back on undo. A service that accepts by itself is only warned of: nothing existing is made
    stricter silently.
    """

    slug = "endpoint_service"
    title = "Endpoint service"
    doing = "Creating the endpoint service"
    guide = ("S19", "S41", "S43")
    needs = (LoadBalancer,)
    choice = "endpoint_service"
    inputs = (Input(field="service_id", words="the endpoint service's id", parse=formats.service_id),)
    kinds = (EndpointServiceThing, ServiceSetting, ServiceSettingBefore)
    calls = ("ec2:DescribeVpcEndpointConnections",)  # who is connected, before anything is taken down
    outputs = EndpointServiceOutputs

    def things(self, ctx: Context) -> Build[EndpointServiceOutputs]:
        choice, balancer = ctx.choices.endpoint_service, ctx[LoadBalancer].arn
        existing = choice.mode != "create"
        seen = yield from one(
            EndpointServiceThing(
                key="service",
                given=choice.service_id or "" if existing else "",
                load_balancer_arn=balancer,
                acceptance_required=choice.acceptance_required,
                supported_regions=choice.supported_regions,
            )
        )
        if existing:
            yield from _change(choice, seen)
        zones = tuple(seen.values["zone_ids"]) or ctx[Network].ids_of(seen.values["zone_names"])
        return EndpointServiceOutputs(
            service_id=seen.id,
            service_name=seen.values["name"],
            zone_ids=zones,
            acceptance_required=seen.values["acceptance_required"],
            existing=existing,
        )

    def check(self, ctx: Context, outputs: EndpointServiceOutputs) -> Sequence[CheckResult]:
        have, want = set(outputs.zone_ids), set(ctx[LoadBalancer].zone_ids)
        facts = {"service_name": outputs.service_name, "zone_ids": sorted(have), "load_balancer_zone_ids": sorted(want)}
        if have != want:
            raise NeedsAction(
                f"The service is in {', '.join(sorted(have)) or 'no zone'}, the load balancer in "
                f"{', '.join(sorted(want))}.",
                "AWS takes on the load balancer's zones when the service is modified: run aws ec2 "
                f"modify-vpc-endpoint-service-configuration --service-id {outputs.service_id} "
                f"--region {ctx.region}, "
                "wait a minute, then retry this step.",
            )
        said = f"{outputs.service_name} is available in the load balancer's zones: {', '.join(sorted(have))}."
        return [CheckResult(check="zones", outcome=Outcome.PASS, sentence=said, facts=facts)]


def _change(choice: EndpointServiceChoice, seen: Observation) -> Build[None]:
    names = list(_wished(choice))
    before = yield from each([ServiceSettingBefore(key=n, target=seen.id, name=n) for n in names])
    changes = [
        ServiceSetting(key=name, target=seen.id, name=name, value=wanted, old=old)
        for name, old in zip(names, (look.values["value"] for look in before), strict=True)
        if (wanted := _value(choice, name, old)) != old
    ]
    yield from each(changes)


def _wished(choice: EndpointServiceChoice) -> Iterator[str]:
    if not choice.acceptance_required:
        yield ACCEPTANCE
    if choice.supported_regions:
        yield REGIONS


def _value(choice: EndpointServiceChoice, name: str, old: str) -> str:
    """The value wanted: regions are added to those that the service has, none is taken away."""
    if name == ACCEPTANCE:
        return "false"
    have = set() if old in ("", HOME_ONLY) else set(old.split(","))
    return ",".join(sorted(have | set(choice.supported_regions)))
