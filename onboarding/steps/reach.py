"""Reach: healthy targets in each zone, TCP through the load balancer, then TLS with the name (S20, S48, Q5, Q7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import (
    Build,
    CheckResult,
    Context,
    Input,
    NeedsAction,
    Outcome,
    Step,
    Wait,
    WaitingFor,
    each,
)
from onboarding.dns import coverage
from onboarding.steps.certificate_request import names_for
from onboarding.steps.listener import Listener
from onboarding.steps.load_balancer import LoadBalancer
from onboarding.steps.network import Network
from onboarding.steps.targets import Targets
from sellers import formats

ADVICE = {
    "Target.FailedHealthChecks": "See that your software listens on the target port, "
    "and that the targets' security group lets the load balancer in.",
    "Target.Timeout": "See that the targets' security group and network ACL "
    "let the load balancer in on the target port.",
    "Target.ResponseCodeMismatch": "See that the health check's path answers with 200.",
    "Target.NotInUse": "See that the load balancer is in the target's Availability Zone.",
    "Target.InvalidState": "Start the instance.",
    "Target.IpUnusable": "Choose an address that no load balancer uses.",
    "Target.NotRegistered": "Retry the listener step, which registers the targets.",
}


@dataclass(frozen=True, kw_only=True)
class ReachOutputs:
    """The names that were tried, all of them AWS's own."""

    names: tuple[str, ...]
    port: int


class Reach(Step[ReachOutputs]):
    """Makes nothing. Without a probe proxy a person tries the connection from inside the VPC and attests
    it. A listener that ends TLS must serve a certificate for every name of the product.
    """

    slug = "reach"
    title = "Connectivity check"
    doing = "Checking target health and connectivity"
    guide = ("S20", "S48")
    needs = (Listener,)
    inputs = (Input(field="attest", words="how you tried the connection and what you saw", parse=formats.line),)
    calls = ("elasticloadbalancing:DescribeTargetHealth",)
    outputs = ReachOutputs
    inputs_changed_by = ("product.listener.",)
    give_up_after = timedelta(minutes=15)

    def things(self, ctx: Context) -> Build[ReachOutputs]:
        yield from each([])
        return ReachOutputs(names=ctx[LoadBalancer].names, port=ctx[Listener].port)

    def check(self, ctx: Context, outputs: ReachOutputs) -> Sequence[CheckResult]:
        health = ctx.door().elbv2.describe_target_health(TargetGroupArn=ctx[Listener].target_group_arn)
        proofs = _health(ctx, health["TargetHealthDescriptions"])
        if ctx.probe is None:
            return [*proofs, _attested(ctx, outputs)]
        places = ("load balancer", *ctx[LoadBalancer].zone_names)
        proofs += _connected(places, _tried(ctx, outputs, ""))
        if ctx[Listener].protocol == "TLS":
            proofs += _secured(ctx, places, outputs)
        return proofs

    def summary(self, ctx: Context, outputs: ReachOutputs, proofs: Sequence[CheckResult]) -> str:
        health, *tried = proofs
        if any(proof.outcome is Outcome.ATTESTED for proof in tried):
            return ""
        count, over = len(outputs.names), f"over {ctx[Listener].protocol}"
        names = "Its name answers" if count == 1 else f"All {count} names of the load balancer answer"
        return f"{health.sentence} {names} on port {outputs.port} {over}."


def _health(ctx: Context, found: Sequence[Any]) -> list[CheckResult]:
    wanted = set(ctx[Targets].ids)
    mine = [entry for entry in found if entry["Target"]["Id"] in wanted]
    for entry in mine:
        _judge(ctx, entry)
    seen = {entry["Target"]["Id"] for entry in mine}
    if missing := sorted(wanted - seen):
        raise NeedsAction(
            f"{', '.join(missing)} is not registered with the load balancer.", ADVICE["Target.NotRegistered"]
        )
    waiting = [entry["Target"]["Id"] for entry in mine if entry["TargetHealth"]["State"] != "healthy"]
    if waiting:
        said = f"AWS is checking the health of {', '.join(waiting)}."
        raise Wait(WaitingFor.AWS, said, kind="target_health", aws_status=mine[0]["TargetHealth"]["State"])
    return [_zones(ctx, sorted(seen))]


def _judge(ctx: Context, entry: Any) -> None:
    """Raise Wrong for a target that will not become healthy by itself. One without use in a zone of ours is
    still settling.
    """
    state, reason = entry["TargetHealth"]["State"], entry["TargetHealth"].get("Reason", "")
    zone = entry["Target"].get("AvailabilityZone", "")
    settling = reason == "Target.NotInUse" and zone in ("", "all", *ctx[LoadBalancer].zone_names)
    if state in ("healthy", "initial") or (state == "unused" and settling):
        return
    said = f"Target {entry['Target']['Id']} is {state} ({reason or 'AWS gives no reason'})."
    raise NeedsAction(said, f"{ADVICE.get(reason, 'Look at the target in the EC2 console.')} Then retry this step.")


def _zones(ctx: Context, ids: Sequence[str]) -> CheckResult:
    balancer, targets = ctx[LoadBalancer], ctx[Targets]
    facts = {"healthy": list(ids), "target_zones": list(targets.zone_ids), "zones": list(balancer.zone_ids)}
    left = sorted(set(balancer.zone_ids) - set(targets.zone_ids)) if targets.zone_ids else []
    if left:
        said = f"All {len(ids)} targets are healthy. {', '.join(left)} has none of its own and is served across zones."
        return CheckResult(check="health", outcome=Outcome.WARN, sentence=said, facts=facts)
    said = f"All {len(ids)} targets are healthy" + (" in every zone." if targets.zone_ids else ".")
    return CheckResult(check="health", outcome=Outcome.PASS, sentence=said, facts=facts)


def _tried(ctx: Context, outputs: ReachOutputs, server_name: str) -> list[Any]:
    """What every name of the load balancer answers; over TLS with a server name. Raises NotYet while one does not."""
    assert ctx.probe is not None  # noqa: S101 - check asks before it tries
    answers = together(ctx, [partial(ctx.probe, name, outputs.port, server_name) for name in outputs.names])
    closed = [answer for answer in answers if not answer.open]
    if closed:
        raise Wait(
            WaitingFor.AWS, closed[0].sentence, kind="probe", aws_status=f"{len(closed)} of {len(answers)} closed"
        )
    return answers


def _server_name(ctx: Context, outputs: ReachOutputs) -> str:
    """The name that a buyer's client would send: the private name, else the friendly one."""
    facts = ctx.spec.product
    wanted = facts.private_dns_name or facts.friendly_dns_name or outputs.names[0]
    return wanted.replace("*.", "endpoint.")


def _secured(ctx: Context, places: Sequence[str], outputs: ReachOutputs) -> list[CheckResult]:
    """The certificate that each place serves is for every name of the product. Raises Wrong for another one."""
    name = _server_name(ctx, outputs)
    answers = _tried(ctx, outputs, name)
    for answer in answers:
        missing = coverage.covers(answer.names, names_for(ctx.spec)).missing
        if missing:
            raise NeedsAction(
                f"{answer.target} serves a certificate for {', '.join(answer.names) or 'no name'}, which does not "
                f"cover {', '.join(missing)}.",
                "Give the listener the product's certificate, or choose one that covers the names; then retry this "
                "step.",
            )
    return [
        CheckResult(
            check=f"tls.{place}",
            outcome=Outcome.PASS,
            sentence=answer.sentence,
            facts={
                "target": answer.target,
                "port": answer.port,
                "server_name": name,
                "names": list(answer.names),
                "sha256": answer.sha256,
            },
        )
        for place, answer in zip(places, answers, strict=True)
    ]


def _connected(places: Sequence[str], answers: Sequence[Any]) -> list[CheckResult]:
    return [
        CheckResult(
            check=f"tcp.{place}",
            outcome=Outcome.PASS,
            sentence=answer.sentence,
            facts={"target": answer.target, "port": answer.port, "ms": answer.ms},
        )
        for place, answer in zip(places, answers, strict=True)
    ]


def _attested(ctx: Context, outputs: ReachOutputs) -> CheckResult:
    word = str(ctx.answer.values.get("attest") or "").strip()
    if not word:
        raise Wait(
            WaitingFor.YOU,
            f"The targets are healthy. No probe proxy is set up, so try {outputs.names[0]} on port "
            f"{outputs.port} from inside "
            f"{ctx[Network].vpc_id} and say here that it connects.",
        )
    said = f"{ctx.answer.by or 'A person'} says that {outputs.names[0]} accepts connections on port {outputs.port}."
    facts = {"said": word[:500], "by": ctx.answer.by, "at": ctx.answer.at}
    return CheckResult(check="tcp", outcome=Outcome.ATTESTED, sentence=said, facts=facts)
