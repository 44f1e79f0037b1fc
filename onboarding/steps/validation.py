"""Validation: the records by which ACM sees who controls the names, once for all regions (S21, Q4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import Build, CheckResult, Context, Outcome, Scope, Step, Wait, WaitingFor
from onboarding.checklist.words import counted
from onboarding.dns import caa
from onboarding.steps import dns_records
from onboarding.steps.certificate_request import CertificateRequest, names_for, wants_certificate

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec


@dataclass(frozen=True, kw_only=True)
class ValidationOutputs:
    """The validation records of all requests, each once. They stay for good: ACM renews only while they are served.

    `by_hand`: a person sets at least one of them.
    """

    records: tuple[dict[str, Any], ...]
    by_hand: bool


class Validation(Step[ValidationOutputs]):
    """ACM gives an account one record a name, the same in every region, so it is set once and waited for once."""

    slug = "validation"
    title = "Certificate validation"
    doing = "Adding the validation records and waiting for them to appear"
    guide = ("S21", "Q4")
    scope = Scope.PRODUCT
    needs = (CertificateRequest,)
    kinds = dns_records.KINDS
    outputs = ValidationOutputs
    inputs_changed_by = ("connections.dns",)
    give_up_after = timedelta(hours=72)

    def applies(self, spec: OnboardSpec) -> bool:
        return wants_certificate(spec)

    def things(self, ctx: Context) -> Build[ValidationOutputs]:
        records = _records(ctx)
        if records:
            _allowed(ctx)
        done = yield from dns_records.written(ctx, records)
        return ValidationOutputs(records=tuple(records), by_hand=done.by_hand)

    def check(self, ctx: Context, outputs: ValidationOutputs) -> Sequence[CheckResult]:
        if not outputs.records:
            said = "Every region uses a certificate that exists, so there is no record to set."
            return [CheckResult(check="records", outcome=Outcome.PASS, sentence=said)]
        proofs = dns_records.served(ctx, outputs.records, outputs.by_hand, ctx.evidence(self.slug, ""))
        count = counted(len(outputs.records), "validation record")
        said = f"ACM can see the names: {count} served. Leave them there, since ACM renews by them."
        if any(proof.outcome is not Outcome.PASS for proof in proofs):
            return proofs
        return [*proofs, CheckResult(check="records", outcome=Outcome.PASS, sentence=said)]


def _records(ctx: Context) -> list[dict[str, Any]]:
    """The records of all regions, each once, in a steady order."""
    found: dict[str, dict[str, Any]] = {}
    for outputs in ctx.everywhere(CertificateRequest).values():
        for record in (*outputs.records, *outputs.listener_records):
            found[f"{record['type']} {record['name']}"] = dict(record)
    return [found[key] for key in sorted(found)]


def _allowed(ctx: Context) -> None:
    """Raise NotYet while a CAA record keeps Amazon from issuing: once ACM sees its record it would end the request."""
    if any(past.facts.get("once") for past in ctx.evidence(Validation.slug, "")):
        return  # the records were served: ACM has looked since
    said: list[str] = together(ctx, [partial(caa.forbids, ctx.dns, name) for name in names_for(ctx.spec)])
    if refusals := list(dict.fromkeys(sentence for sentence in said if sentence)):
        raise Wait(WaitingFor.YOU, " ".join(refusals), kind="caa", poll=True)
