"""Targets: instances, one a zone, or existing instances, addresses or an ALB (S17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Build, CheckResult, Context, Input, NeedsAction, Outcome, Step, each, one
from onboarding.checklist.words import counted
from onboarding.steps.network import Network
from onboarding.things.alb import Alb
from onboarding.things.image import Image, architecture
from onboarding.things.instance import Instance
from onboarding.things.instance_offer import InstanceOffer
from onboarding.things.responder import user_data
from sellers import formats


@dataclass(frozen=True, kw_only=True)
class TargetsOutputs:
    """`kind` is "instance", "ip" or "alb"; `ids` what is registered; zones of addresses are not known to us
    (empty).

    `placeholder`: our responder answers, not the seller's software. `skipped_zone_ids` lack the instance
    type.
    """

    kind: str
    ids: tuple[str, ...]
    zone_ids: tuple[str, ...] = ()
    placeholder: bool = False
    skipped_zone_ids: tuple[str, ...] = ()


class Targets(Step[TargetsOutputs]):
    """Create: one instance in each subnet whose zone offers the type. Existing: what is given, which must
    be in the VPC.
    """

    slug = "targets"
    title = "Targets"
    doing = "Launching the instances behind the load balancer"
    guide = ("S17",)
    needs = (Network,)
    choice = "targets"
    inputs = (
        Input(
            field="instance_ids",
            words="instance ids",
            parse=formats.instance_id,
            many=True,
            required=False,
            output="ids",
        ),
        Input(field="ip_addresses", words="or IP addresses", parse=formats.ipv4, many=True, required=False),
        Input(field="alb_arn", words="or an application load balancer's ARN", parse=formats.alb_arn, required=False),
    )
    kinds = (InstanceOffer, Image, Instance, Alb)
    outputs = TargetsOutputs
    inputs_changed_by = ("product.listener.target_port",)

    def things(self, ctx: Context) -> Build[TargetsOutputs]:
        choice = ctx.choices.targets
        if choice.mode == "create":
            outputs = yield from _start(ctx)
        elif choice.alb_arn:
            seen = yield from one(Alb(key="alb", given=choice.alb_arn, vpc_id=ctx[Network].vpc_id))
            zone_ids = ctx[Network].ids_of(seen.values["zone_names"])
            outputs = TargetsOutputs(kind="alb", ids=(seen.id,), zone_ids=zone_ids)
        elif choice.ip_addresses:
            outputs = TargetsOutputs(kind="ip", ids=choice.ip_addresses)
        else:
            outputs = yield from _adopt(ctx)
        return outputs

    def check(self, ctx: Context, outputs: TargetsOutputs) -> Sequence[CheckResult]:
        proofs = []
        if outputs.skipped_zone_ids:
            verbs = ("lacks", "has") if len(outputs.skipped_zone_ids) == 1 else ("lack", "have")
            kind, zones = ctx.choices.targets.instance_type, ", ".join(outputs.skipped_zone_ids)
            said = f"{zones} {verbs[0]} {kind} and {verbs[1]} no target."
            skipped = list(outputs.skipped_zone_ids)
            proofs.append(CheckResult(check="zones", outcome=Outcome.WARN, sentence=said, facts={"skipped": skipped}))
        if outputs.placeholder:
            said = "A test server is running on the targets. Replace it with your software before you submit."
            proofs.append(CheckResult(check="placeholder", outcome=Outcome.WARN, sentence=said))
        said = f"{counted(len(outputs.ids), 'target')}: {', '.join(outputs.ids)}."
        facts = {"kind": outputs.kind, "ids": list(outputs.ids), "zone_ids": list(outputs.zone_ids)}
        return [*proofs, CheckResult(check="targets", outcome=Outcome.PASS, sentence=said, facts=facts)]


def _start(ctx: Context) -> Build[TargetsOutputs]:
    choice, network = ctx.choices.targets, ctx[Network]
    kind = architecture(choice.instance_type)
    # The keys hold what is asked for: another type or image is another question, not the old answer.
    offer, image = yield from each(
        [
            InstanceOffer(key=choice.instance_type, instance_type=choice.instance_type),
            Image(key=choice.image_id or kind, given=choice.image_id or "", architecture=kind),
        ]
    )
    zones = [zone for zone in network.zone_ids if zone in offer.values["zone_ids"]]
    if not zones:
        raise NeedsAction(
            f"No Availability Zone of the network offers {choice.instance_type}.",
            "Choose another instance type for the targets, then retry this step.",
        )
    if image.id == "none":
        raise NeedsAction(image.sentence, "Give an image_id for the targets, then retry this step.")
    wanted = _instances(ctx, image.id, zones)
    seen = yield from each(wanted)
    return TargetsOutputs(
        kind="instance",
        ids=tuple(look.id for look in seen),
        zone_ids=tuple(zones),
        placeholder=wanted[0].placeholder,
        skipped_zone_ids=tuple(zone for zone in network.zone_ids if zone not in zones),
    )


def _instances(ctx: Context, image_id: str, zones: Sequence[str]) -> list[Instance]:
    """One for each zone; with neither image nor user data of the seller's, the placeholder answers on it."""
    choice, network, listener = ctx.choices.targets, ctx[Network], ctx.spec.product.listener
    placeholder = not choice.user_data and not choice.image_id
    script = user_data(listener.target_port, listener.health_check.protocol == "HTTPS") if placeholder else ""
    subnet_ids = dict(zip(network.zone_ids, network.subnet_ids, strict=True))
    return [
        Instance(
            key=f"instance-{zone}",
            image_id=image_id,
            instance_type=choice.instance_type,
            vpc_id=network.vpc_id,
            subnet_id=subnet_ids[zone],
            group_ids=(network.target_group_id,),
            placeholder=placeholder,
            user_data=choice.user_data or script,
            profile=choice.instance_profile or "",
        )
        for zone in zones
    ]


def _adopt(ctx: Context) -> Build[TargetsOutputs]:
    network = ctx[Network]
    ids = ctx.choices.targets.instance_ids
    seen = yield from each([Instance(key=f"given-{i}", given=i, vpc_id=network.vpc_id) for i in ids])
    zone_ids = network.ids_of([look.values["zone_name"] for look in seen])
    return TargetsOutputs(kind="instance", ids=tuple(look.id for look in seen), zone_ids=zone_ids)
