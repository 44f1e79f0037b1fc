"""Submission: the package is read from AWS, judged line by line, frozen, and mailed to Seller Operations (S25-S30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onboarding.checklist.step import (
    Build,
    CheckResult,
    Context,
    Email,
    Input,
    Outcome,
    PastResult,
    Scope,
    Step,
    SubmissionVersion,
    Wait,
    WaitingFor,
)
from onboarding.checklist.step import each as each_of
from onboarding.steps import by_slug, renewal_records
from onboarding.steps.certificate import Certificate
from onboarding.steps.delegation import Delegation
from onboarding.steps.endpoint_service import EndpointService
from onboarding.steps.name_servers import NameServers, NameServersOutputs
from onboarding.steps.private_dns import PrivateDns
from onboarding.steps.rehearsal import Rehearsal
from onboarding.submission import aws_snapshot, decisions, live_checks
from onboarding.submission.email import letter
from onboarding.submission.facts import CertificateFacts, Facts, RegionFacts, digest
from onboarding.submission.lines import LINES, OWN
from onboarding.submission.readiness import Known, ReadinessState, Row, rows
from sellers.formats import account_of

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec

PACKAGE, NOW = "package.", "now"
_KEPT = {
    ReadinessState.PASS: Outcome.PASS,
    ReadinessState.ATTESTED: Outcome.ATTESTED,
    ReadinessState.WARN: Outcome.WARN,
    ReadinessState.SKIPPED: Outcome.WARN,
}


@dataclass(frozen=True, kw_only=True)
class SubmissionOutputs:
    """What one look at AWS found: the facts with their digest, and the lines that it answers, as check, outcome,
    sentence and facts.
    """

    sha256: str
    facts: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...] = ()


class Submission(Step[SubmissionOutputs]):
    """Makes nothing in AWS. The facts are read once a look, so that what is judged is what is frozen and sent."""

    slug = "submission"
    title = "Submission"
    doing = "Reading the submission from AWS and checking each line"
    guide = ("S25", "S26", "S27", "S28", "S29", "S42", "S43", "S44", "S45", "S46")
    scope = Scope.PRODUCT
    needs = (Rehearsal, Delegation, PrivateDns)
    inputs = (
        Input(field="process", words="how you tell buyers and allow them", parse=decisions.process, required=False),
        Input(field="order", words="freeze or send", parse=decisions.order, required=False),
        Input(field="seen", words="the digest of the package that you looked at", parse=decisions.seen, required=False),
    )
    calls = aws_snapshot.CALLS
    outputs = SubmissionOutputs
    inputs_changed_by = ("product.marketplace_product_id",)
    give_up_after = None

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.product.profile != "native"

    def things(self, ctx: Context) -> Build[SubmissionOutputs]:
        yield from each_of([])
        services = {region: outputs.service_id for region, outputs in ctx.everywhere(EndpointService).items()}
        arns = {region: outputs.arn for region, outputs in ctx.everywhere(Certificate).items()}
        looks = aws_snapshot.look(ctx, services, arns)
        facts = _facts(ctx, looks)
        proofs = live_checks.proofs(facts, looks, _declared(ctx), ctx.now)
        plain = facts.dump()
        return SubmissionOutputs(sha256=digest(plain), facts=plain, lines=tuple(_plain(proof) for proof in proofs))

    def check(self, ctx: Context, outputs: SubmissionOutputs) -> Sequence[CheckResult]:
        judged = rows(_known(ctx, outputs))
        shown = [one.facts for one in ctx.evidence(OWN, "") if one.check.startswith(PACKAGE)]
        decision = decisions.decide(ctx.answer.values, outputs.facts, judged, shown)
        proofs = [*_proofs(outputs, judged), *_package(outputs)]
        if decision.done or decision.do == decisions.SEND:
            return proofs
        if decision.do == decisions.FREEZE:
            paper = SubmissionVersion(facts=outputs.facts, letter=letter(outputs.facts, judged, _by(ctx)))
            said = "The version is frozen: send it when you are ready."
            raise Wait(WaitingFor.YOU, said, kind="submission", proofs=proofs, sends=[paper])
        raise Wait(WaitingFor.YOU, decision.sentence, kind="submission", proofs=proofs)

    def summary(self, ctx: Context, outputs: SubmissionOutputs, proofs: Sequence[CheckResult]) -> str:
        return f"Version {decisions.version(ctx.answer.values, outputs.sha256)} was sent to Seller Operations."

    def outbox(self, ctx: Context, outputs: SubmissionOutputs) -> Sequence[Email | SubmissionVersion]:
        if ctx.answer.values.get("order") != decisions.SEND:
            return ()
        written = letter(outputs.facts, rows(_known(ctx, outputs)), _by(ctx))
        return [SubmissionVersion(facts=outputs.facts, letter=written, send=True)]


def _facts(ctx: Context, looks: Sequence[aws_snapshot.Look]) -> Facts:
    product = ctx.spec.product
    friendly = product.friendly_dns_name or ""
    records = [one for look in looks if look.certificate for one in look.certificate.records]
    servers = ctx.outputs.get((NameServers.slug, ""), NameServersOutputs())
    return Facts(
        seller=ctx.spec.seller,
        product=product.name,
        product_id=product.marketplace_product_id or "",
        friendly_name=friendly,
        private_name=product.private_dns_name or "",
        servers=servers.servers,
        regions=tuple(_region(look, friendly) for look in looks),
        keep=aws_snapshot.kept([*records, *renewal_records.of_listeners(ctx)], friendly),
        process=str(ctx.answer.values.get("process") or ""),
    )


def _region(look: aws_snapshot.Look, friendly_name: str) -> RegionFacts:
    service, found = look.service, look.certificate
    return RegionFacts(
        region=look.region,
        account=service.account if service else "",
        service_id=service.id if service else "",
        service_name=aws_snapshot.default_name(service, look.region, friendly_name) if service else "",
        certificate=CertificateFacts(
            arn=found.arn if found else "", account=found.account if found else "", names=found.names if found else ()
        ),
    )


def _by(ctx: Context) -> str:
    """Who answered, if it was a person and no command."""
    return "" if ctx.answer.by == "engine" else ctx.answer.by


def _declared(ctx: Context) -> live_checks.Declared:
    arns = ctx.spec.connections
    return live_checks.Declared(
        service_account=account_of(arns.service),
        certificate_accounts=tuple(sorted({account_of(arn) for arn in (arns.certificates, arns.service) if arn})),
    )


def _known(ctx: Context, outputs: SubmissionOutputs) -> dict[tuple[str, str], Known]:
    """Every item that answers a line, with its evidence; the submission's own is of this very look."""
    known = {(OWN, ""): Known(past=[_past(ctx, line) for line in outputs.lines])}
    for slug in {source.slug for line in LINES for source in line.sources} - {OWN}:
        step = by_slug().get(slug)
        if step is not None and step.applies(ctx.spec):
            for region in ctx.spec.regions if step.scope is Scope.REGION else [""]:
                skipped = (slug, region) in ctx.skipped or (slug, region) not in ctx.outputs
                known[slug, region] = Known(
                    past=ctx.evidence(slug, region), skipped=skipped, why=ctx.skipped.get((slug, region), "")
                )
    return known


def _past(ctx: Context, line: Mapping[str, Any]) -> PastResult:
    age = ctx.now - ctx.now
    return PastResult(**{**line, "outcome": Outcome(line["outcome"])}, at=ctx.now, age=age, current=True)


def _plain(proof: CheckResult) -> dict[str, Any]:
    return {"check": proof.check, "outcome": str(proof.outcome), "sentence": proof.sentence, "facts": dict(proof.facts)}


def _proofs(outputs: SubmissionOutputs, judged: Sequence[Row]) -> list[CheckResult]:
    """One proof a line and region: of the look at AWS, and of what the other items' evidence says."""
    own = [CheckResult(**{**line, "outcome": Outcome(line["outcome"])}) for line in outputs.lines]
    seen = {proof.check.split(".")[0] for proof in own}
    for row in judged:
        if row.code not in seen:
            own += [_of_evidence(row, index) for index in range(len(row.cells))]
    return own


def _of_evidence(row: Row, index: int) -> CheckResult:
    cell = row.cells[index]
    return CheckResult(
        check=f"{row.code}.{cell.region}" if cell.region else row.code,
        outcome=Outcome.FAIL if cell.blocks else _KEPT.get(cell.outcome, Outcome.FAIL),
        sentence=cell.sentence,
        facts={"item": cell.slug, "region": cell.at},
    )


def _package(outputs: SubmissionOutputs) -> list[CheckResult]:
    """The facts under their own digest, to tell later what has changed since, and as those of now."""
    said = f"The package's facts have the SHA-256 {outputs.sha256}."
    names = (outputs.sha256[:12], NOW)
    return [
        CheckResult(check=PACKAGE + name, outcome=Outcome.PASS, sentence=said, facts=outputs.facts) for name in names
    ]
