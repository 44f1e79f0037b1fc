"""Private DNS: the service's private name, proven by a TXT record of its own in each region (S6, S45, Q9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from onboarding.checklist.step import (
    Build,
    CheckResult,
    Context,
    NeedsAction,
    Outcome,
    PastResult,
    Step,
    Wait,
    WaitingFor,
    one,
)
from onboarding.steps import dns_records
from onboarding.steps.access import by_yourself, only_reads
from onboarding.steps.endpoint_service import EndpointService
from onboarding.things.private_dns_name import NAME, PrivateDnsName, PrivateDnsNameBefore, proof_of
from onboarding.things.private_dns_verification import VERIFIED, PrivateDnsVerification
from onboarding.things.setting import NOTHING

if TYPE_CHECKING:
    from onboarding.things.variables import Variables
    from sellers.spec import OnboardSpec

TTL = 300
BY_HAND = "private_dns_by_hand"
MOST_TURNS = 3  # looks of AWS in one attempt at the step


@dataclass(frozen=True, kw_only=True)
class PrivateDnsOutputs:
    """`name` is what buyers use; TXT `<label>.<name>` with `value` proves it. `state` is AWS's word for it."""

    name: str
    label: str
    value: str
    by_hand: bool = False
    state: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """The TXT record; for a wildcard name it stands below the domain."""
        name = f"{self.label}.{self.name.removeprefix('*.')}"
        return {"type": "TXT", "name": name, "values": [self.value], "ttl": TTL}


class PrivateDns(Step[PrivateDnsOutputs]):
    """Sets the name on the service, has the record served, and asks AWS to look only then. On an adopted service the
    earlier name is put back on undo. Under a role that only reads a person does both.
    """

    slug = "private_dns"
    title = "Private DNS name"
    doing = "Verifying the private DNS name"
    guide = ("S6", "S45", "Q9")
    needs = (EndpointService,)
    kinds = (PrivateDnsName, PrivateDnsNameBefore, PrivateDnsVerification, *dns_records.KINDS)
    outputs = PrivateDnsOutputs
    give_up_after = timedelta(hours=24)
    inputs_changed_by = ("product.private_dns_name", "connections.dns")

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.product.profile != "marketplace" and bool(spec.product.private_dns_name)

    def things(self, ctx: Context) -> Build[PrivateDnsOutputs]:
        name, service = ctx.spec.product.private_dns_name or "", ctx[EndpointService].service_id
        by_hand = only_reads(ctx)
        if not by_hand:
            yield from _named(ctx, name, service)
        facts = proof_of(ctx.door(), service)
        if by_hand and facts.get("name") != name:
            said = f"Set {name} as the private DNS name of the service."
            change = {"ServiceId": service, "PrivateDnsName": name}
            raise by_yourself(ctx, said, "ModifyVpcEndpointServiceConfiguration", BY_HAND, **change)
        if facts.get("name") != name or not facts["label"]:
            raise Wait(WaitingFor.AWS, f"AWS is preparing the TXT record of {name}.", kind="private_dns_name")
        outputs = PrivateDnsOutputs(name=name, label=facts["label"].lower(), value=facts["token"], state=facts["state"])
        done = yield from dns_records.written(ctx, [outputs.record])
        if facts["state"] != VERIFIED:
            dns_records.served(ctx, [outputs.record], done.by_hand)
            if by_hand:
                said = f"TXT {outputs.record['name']} is served. Have AWS look for it, again if it found nothing."
                start = "StartVpcEndpointServicePrivateDnsVerification"
                raise by_yourself(ctx, said, start, BY_HAND, aws_status=facts["state"], ServiceId=service)
            turn = _turn(ctx.evidence(self.slug, ctx.region))
            seen = yield from one(PrivateDnsVerification(key="verification", service_id=service, name=name, turn=turn))
            facts = {**facts, "state": str(seen.values.get("state", ""))}
        return PrivateDnsOutputs(
            name=name, label=outputs.label, value=outputs.value, by_hand=done.by_hand, state=facts["state"]
        )

    def after_reads(
        self, ctx: Context, last: PrivateDnsOutputs | None, names: Variables
    ) -> Build[PrivateDnsOutputs | None]:
        """The TXT record that AWS will ask for, and AWS's verification of it."""
        name, service = ctx.spec.product.private_dns_name or "", ctx[EndpointService].service_id
        if last is None or last.name != name:
            line = (
                f"aws ec2 describe-vpc-endpoint-service-configurations --region {ctx.region} --service-ids {service} "
            )
            line += "--output text --query 'ServiceConfigurations[0].PrivateDnsNameConfiguration."
            label = names.read("txt label", ctx.region, f"{line}Name'")
            value = names.read("txt value", ctx.region, f"{line}Value'")
            last = PrivateDnsOutputs(name=name, label=label, value=value)
        yield from dns_records.written(ctx, [last.record])
        if last.state != VERIFIED and not only_reads(ctx):
            yield from one(PrivateDnsVerification(key="verification", service_id=service, name=name))
        return last

    def check(self, ctx: Context, outputs: PrivateDnsOutputs) -> Sequence[CheckResult]:
        past = ctx.evidence(self.slug, ctx.region)
        state = proof_of(ctx.door(), ctx[EndpointService].service_id).get("state", "")
        if state != VERIFIED:
            _again(outputs, past, state)
        facts = {
            "name": outputs.name,
            "label": outputs.label,
            "value": outputs.value,
            "state": state,
            "turn": _turn(past),
        }
        said = f"AWS has verified {outputs.name}: buyers may switch on private DNS."
        proof = CheckResult(check="verification", outcome=Outcome.PASS, sentence=said, facts=facts)
        return [*dns_records.served(ctx, [outputs.record], outputs.by_hand, wait=False), proof]


def _named(ctx: Context, name: str, service: str) -> Build[None]:
    """The name on the service; on an adopted one that had it before us, nothing is ours."""
    old = ""
    if ctx[EndpointService].existing:
        before = yield from one(PrivateDnsNameBefore(key=NAME, target=service))
        old = before.values["value"] or NOTHING
    if old != name:
        yield from one(PrivateDnsName(key=NAME, target=service, value=name, old=old))


def _latest(past: Sequence[PastResult]) -> Mapping[str, Any]:
    return next((each.facts for each in past if each.check == "verification"), {})


def _turn(past: Sequence[PastResult]) -> int:
    return int(_latest(past).get("turn", 0))


def _again(outputs: PrivateDnsOutputs, past: Sequence[PastResult], state: str) -> None:
    """AWS looked and did not find the record: it is asked again a few times, then a person looks."""
    row = next((each for each in past if each.check == "verification" and each.current), None)
    failed = int(row.facts.get("failed", 0)) + 1 if row else 1
    said = f"AWS looked for TXT {outputs.record['name']} and did not find {outputs.value} ({state or 'no state'})."
    facts = {"name": outputs.name, "state": state, "turn": _turn(past) + 1, "failed": failed}
    proof = CheckResult(check="verification", outcome=Outcome.WARN, sentence=said, facts=facts)
    if failed >= MOST_TURNS:
        raise NeedsAction(
            f"{said} It looked {failed} times.",
            "See that the record stands in the public zone with exactly this value, capitals too, and that no DNSSEC "
            "error hides the domain; then retry this step.",
        )
    raise Wait(WaitingFor.DNS, f"{said} It is asked to look again.", kind="private_dns_again", proofs=[proof])
