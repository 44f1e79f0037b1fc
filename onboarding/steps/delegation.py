"""Delegation: the friendly name handed to Seller Operations' servers, and ACM's record watched after it (S22, Q4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onboarding.checklist.step import Build, CheckResult, Context, NeedsAction, Outcome, Scope, Step, Wait, WaitingFor
from onboarding.dns import delegation, records
from onboarding.steps import dns_records, renewal_records
from onboarding.steps.certificate import Certificate
from onboarding.steps.name_servers import NameServers
from onboarding.submission.facts import Kept

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec

TTL = 300
KEPT = "cname.kept"


@dataclass(frozen=True, kw_only=True)
class DelegationOutputs:
    """The delegation's values. `zone` is the id of the Route 53 zone that it stands in, "" if a person set it."""

    servers: tuple[str, ...]
    zone: str
    by_hand: bool


class Delegation(Step[DelegationOutputs]):
    """Starts only when every region has its issued certificate: once the name is delegated, ACM's record below it no
    longer resolves unless Seller Operations serves it, and no certificate would be issued any more.
    """

    slug = "delegation"
    title = "DNS delegation"
    doing = "Delegating the user-friendly DNS name"
    guide = ("S22", "Q4")
    scope = Scope.PRODUCT
    needs = (NameServers, Certificate)
    kinds = dns_records.KINDS
    outputs = DelegationOutputs
    inputs_changed_by = ("product.friendly_dns_name", "connections.dns")
    give_up_after = None

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.product.profile != "native"

    def things(self, ctx: Context) -> Build[DelegationOutputs]:
        _all_issued(ctx)
        record = _record(ctx, ctx[NameServers].servers)
        done = yield from dns_records.written(ctx, [record])
        return DelegationOutputs(servers=tuple(record["values"]), zone=(*done.zones, "")[0], by_hand=done.by_hand)

    def check(self, ctx: Context, outputs: DelegationOutputs) -> Sequence[CheckResult]:
        record, watched = _record(ctx, outputs.servers), renewal_records.issued(ctx)
        name = str(record["name"])
        found = delegation.diagnose(ctx.dns, name, outputs.servers, [renewal_records.as_record(one) for one in watched])
        proof = _proof(record, found, outputs.by_hand)
        if not found.ok:
            said = " ".join(str(finding) for finding in found.findings)
            reason = WaitingFor.YOU if outputs.by_hand else WaitingFor.DNS
            word = found.findings[0].word if found.findings else ""
            raise Wait(reason, said, kind="delegation", aws_status=word, proofs=[proof], poll=True)
        whole = (
            f"{name} is delegated to {', '.join(outputs.servers)}; the zone above, the servers and the public agree."
        )
        return [
            proof,
            *(_agrees(row, name) for row in found.rows),
            *(_kept(one, name, found.hidden) for one in watched),
            CheckResult(
                check="delegated", outcome=Outcome.PASS, sentence=whole, facts={"servers": list(outputs.servers)}
            ),
        ]


def _all_issued(ctx: Context) -> None:
    """Raises Wrong if a region's certificate was skipped: delegating hides the record that it needs (Q4)."""
    issued = ctx.everywhere(Certificate)
    missing = sorted(set(ctx.spec.regions) - set(issued))
    if missing:
        raise NeedsAction(
            f"There is no issued certificate in {', '.join(missing)}: its step was skipped.",
            "Delegating the name hides the record by which ACM issues and renews. Retry that step first, or choose an "
            "existing certificate there; then retry this one.",
        )


def _record(ctx: Context, servers: Sequence[str]) -> dict[str, Any]:
    name = ctx.spec.product.friendly_dns_name or ""
    return {"type": "NS", "name": name, "values": sorted(servers), "ttl": TTL}


def _proof(record: dict[str, Any], found: delegation.Delegation, by_hand: bool) -> CheckResult:
    """The NS record as evidence keeps every record: expected, and found at each server."""
    said = "; ".join(str(finding) for finding in found.findings) or f"NS {record['name']} is delegated everywhere."
    facts = {
        **record,
        "found": [_steady(row) for row in found.rows],
        "diagnosis": found.findings[0].word if found.findings else "",
        "zone": found.parent,
        "by_hand": by_hand,
        "once": found.ok,
    }
    outcome = Outcome.PASS if found.ok else Outcome.WARN
    return CheckResult(check=dns_records.check_name(record), outcome=outcome, sentence=said, facts=facts)


def _steady(row: delegation.Row) -> dict[str, Any]:
    """A row without what changes by itself: a resolver counts a TTL down."""
    return {key: value for key, value in row.facts().items() if key != "ttl" or row.role != "resolver"}


def _agrees(row: delegation.Row, name: str) -> CheckResult:
    who = {"parent": "of the zone above", "server": "of Marketplace", "resolver": "resolver"}[row.role]
    said = f"{row.server} ({who}) agrees on {name}."
    facts = {"server": row.server, "role": row.role, "address": row.address, "values": list(row.values)}
    return CheckResult(check=f"{row.role}.{row.server}", outcome=Outcome.PASS, sentence=said, facts=facts)


def _kept(one: Kept, name: str, hidden: Sequence[records.Record]) -> CheckResult:
    """Whether ACM's record still resolves below the delegated name: renewal needs it (Q4)."""
    text = f"{one.name}. {TTL} IN CNAME {one.value}."
    facts = {"type": "CNAME", "name": one.name, "values": [one.value], "ttl": TTL, "text": text}
    check = f"{KEPT}.{one.name}"
    if one.name not in {record.name for record in hidden}:
        said = f"ACM's record {one.name} resolves in the delegated zone, so the certificates renew."
        return CheckResult(check=check, outcome=Outcome.PASS, sentence=said, facts=facts)
    said = (
        f"ACM's record {one.name} does not resolve in the zone {name} of Marketplace: the certificates will not renew. "
        f"Ask Seller Operations to put it there: {text}"
    )
    return CheckResult(check=check, outcome=Outcome.WARN, sentence=said, facts=facts)
