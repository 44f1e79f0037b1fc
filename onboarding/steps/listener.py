"""Listener: target group, registered targets, and the port that buyers knock at (S18, Q5). Done when it
exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Build, CheckResult, Context, NeedsAction, Outcome, Step, each, one
from onboarding.steps.listener_certificate import ListenerCertificate
from onboarding.steps.load_balancer import LoadBalancer
from onboarding.steps.network import Network
from onboarding.steps.targets import Targets
from onboarding.things.listener import Listener as ListenerThing
from onboarding.things.listener import ListenerBefore
from onboarding.things.target import Target, TargetBefore
from onboarding.things.target_group import TargetGroup


@dataclass(frozen=True, kw_only=True)
class ListenerOutputs:
    """The listener and the target group behind it; `port` and `protocol` are what buyers see."""

    arn: str
    target_group_arn: str
    port: int
    protocol: str


class Listener(Step[ListenerOutputs]):
    """On an adopted load balancer that has a listener on the port, that one and its target group are
    adopted, and the targets that it lacks are added to it; else target group and listener are made.
    """

    slug = "listener"
    title = "Listener"
    doing = "Creating the listener and registering targets"
    guide = ("S18",)
    needs = (LoadBalancer, Targets, ListenerCertificate)
    kinds = (ListenerThing, ListenerBefore, TargetGroup, Target, TargetBefore)
    outputs = ListenerOutputs
    inputs_changed_by = ("product.listener.",)

    def things(self, ctx: Context) -> Build[ListenerOutputs]:
        balancer, port = ctx[LoadBalancer], ctx.spec.product.listener.port
        there = ""
        if balancer.existing:
            look = yield from one(ListenerBefore(key="listener", target=balancer.arn, name=str(port)))
            there = look.values["value"]
        if there:
            arn, _, group = there.partition(" ")
            seen = yield from _adopt(ctx, arn, group.split(" ")[0])
        else:
            seen = yield from _open(ctx)
        return ListenerOutputs(
            arn=seen[0], target_group_arn=seen[1], port=port, protocol=ctx.spec.product.listener.protocol
        )

    def check(self, ctx: Context, outputs: ListenerOutputs) -> Sequence[CheckResult]:
        said = (
            f"The load balancer answers {outputs.protocol} on port {outputs.port} and sends it to "
            f"{len(ctx[Targets].ids)} targets."
        )
        facts = {"listener": outputs.arn, "target_group": outputs.target_group_arn}
        return [CheckResult(check="listener", outcome=Outcome.PASS, sentence=said, facts=facts)]


def _open(ctx: Context) -> Build[tuple[str, str]]:
    certificate = ctx[ListenerCertificate].arn if ctx.spec.product.listener.protocol == "TLS" else ""
    group = yield from one(_group(ctx))
    listener = _listener(ctx, group.id, certificate)
    seen = yield from each([listener, *_targets(ctx, group.id)])
    return seen[0].id, group.id


def _adopt(ctx: Context, listener_arn: str, group_arn: str) -> Build[tuple[str, str]]:
    if not group_arn:
        raise NeedsAction(
            f"The listener on port {ctx.spec.product.listener.port} sends connections to no target group.",
            "Give it one, or choose another port for the product; then retry this step.",
        )
    yield from each([_listener(ctx, group_arn, "", listener_arn), _group(ctx, group_arn)])
    wanted = _targets(ctx, group_arn)
    before = yield from each([TargetBefore(key=t.key, target=group_arn, name=t.aws_id) for t in wanted])
    # What was registered before us is not ours to take out again, so it is left out here.
    yield from each([t for t, look in zip(wanted, before, strict=True) if not look.values["value"]])
    return listener_arn, group_arn


def _listener(ctx: Context, group_arn: str, certificate_arn: str, given: str = "") -> ListenerThing:
    facts = ctx.spec.product.listener
    return ListenerThing(
        key="listener",
        given=given,
        load_balancer_arn=ctx[LoadBalancer].arn,
        port=facts.port,
        protocol=facts.protocol,
        target_group_arn=group_arn,
        certificate_arn=certificate_arn,
    )


def _group(ctx: Context, given: str = "") -> TargetGroup:
    facts, kind = ctx.spec.product.listener, ctx[Targets].kind
    protocol = facts.health_check.protocol
    if kind == "alb" and protocol == "TCP":
        protocol = "HTTP"  # AWS asks an application load balancer over HTTP or HTTPS only
    return TargetGroup(
        key="group",
        given=given,
        vpc_id=ctx[Network].vpc_id,
        port=facts.target_port,
        target_type=kind,
        health_protocol=protocol,
        health_path=facts.health_check.path or "",
    )


def _targets(ctx: Context, group_arn: str) -> list[Target]:
    port = ctx.spec.product.listener.target_port
    return [Target(key=i, target_group_arn=group_arn, target_id=i, port=port) for i in ctx[Targets].ids]
