"""Certificate: issued by ACM, or chosen and judged; nothing is delegated before that (S21, S29, S44, Q4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

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
    one,
)
from onboarding.dns import coverage
from onboarding.steps.certificate_request import (
    CertificateRequest,
    CertificateRequestOutputs,
    names_for,
    wants_certificate,
)
from onboarding.steps.validation import Validation
from onboarding.things.base import Observation, State
from onboarding.things.certificate import ISSUED
from onboarding.things.certificate import Certificate as CertificateThing
from sellers import formats

if TYPE_CHECKING:
    from onboarding.things.variables import Variables
    from sellers.spec import OnboardSpec


@dataclass(frozen=True, kw_only=True)
class CertificateOutputs:
    """An issued certificate: `not_after` is ISO 8601, `records` are those by which ACM renews it, `imported` ones never
    renew. `listener_arn` is the second one of a TLS listener in another account, "" if there is none.
    """

    arn: str
    account: str
    names: tuple[str, ...]
    records: tuple[dict[str, Any], ...]
    not_after: str
    listener_arn: str
    imported: bool = False


class Certificate(Step[CertificateOutputs]):
    """Waits for ACM up to the 72 hours after which ACM gives up. An existing one must be issued, of this region and for
    all names of the product.
    """

    slug = "certificate"
    title = "Certificate"
    doing = "Waiting for ACM to issue the certificate"
    guide = ("S21", "S29", "S44", "Q4")
    needs = (Validation,)
    choice = "certificate"
    inputs = (Input(field="arn", words="the certificate's ARN", parse=formats.acm_arn),)
    manual_outputs = CertificateRequest
    inputs_changed_by = ("product.friendly_dns_name", "product.private_dns_name", "connections.certificates")
    kinds = (CertificateThing,)
    outputs = CertificateOutputs
    give_up_after = timedelta(hours=72)

    def applies(self, spec: OnboardSpec) -> bool:
        return wants_certificate(spec)

    def things(self, ctx: Context) -> Build[CertificateOutputs]:
        if chosen := ctx.choices.certificate.arn or "":
            thing = _chosen(ctx, chosen)
            yield from one(thing)
            seen, listener_arn = _issued(ctx, thing, chosen), ""
        else:
            yield from each([])
            request = _request(ctx)
            listener_arn = request.listener_arn
            seen = _issued(ctx, CertificateThing(names=names_for(ctx.spec)), request.arn)
            if listener_arn:
                _issued(ctx, CertificateThing(role="service", names=names_for(ctx.spec)), listener_arn)
        return CertificateOutputs(
            arn=seen.id,
            account=formats.account_of(seen.id),
            names=tuple(seen.values["names"]),
            records=tuple(seen.values["records"]),
            not_after=seen.values["not_after"],
            listener_arn=listener_arn,
            imported=seen.values["imported"],
        )

    def after_reads(
        self, ctx: Context, last: CertificateOutputs | None, names: Variables
    ) -> Build[CertificateOutputs | None]:
        """The certificate, once it is issued."""
        yield from each([])
        request, chosen = ctx[CertificateRequest], ctx.choices.certificate.arn or ""
        arn = chosen or request.arn
        if last is not None and last.arn == arn:
            return last
        return CertificateOutputs(
            arn=arn,
            account=formats.account_of(arn) if chosen else ctx.door("certificates").account,
            names=names_for(ctx.spec),
            records=() if chosen else request.records,
            not_after="",
            listener_arn="" if chosen else request.listener_arn,
        )

    def check(self, ctx: Context, outputs: CertificateOutputs) -> Sequence[CheckResult]:
        covered = coverage.covers(outputs.names, names_for(ctx.spec))
        if not covered.ok:
            raise NeedsAction(covered.sentence, "Choose one that does, or let us request it; then retry this step.")
        facts = {
            "arn": outputs.arn,
            "account": outputs.account,
            "status": ISSUED,
            "names": list(outputs.names),
            "not_after": outputs.not_after,
            "listener_arn": outputs.listener_arn,
            "imported": outputs.imported,
        }
        said = f"Issued in account {outputs.account} for {', '.join(outputs.names)}, until {outputs.not_after[:10]}."
        proofs = [CheckResult(check="certificate", outcome=Outcome.PASS, sentence=said, facts=facts)]
        if outputs.imported:
            until = outputs.not_after[:10]
            said = f"{outputs.arn} was imported, so ACM never renews it. Import the next one before {until}."
            proofs.append(CheckResult(check="imported", outcome=Outcome.WARN, sentence=said))
        ends = coverage.expiry(datetime.fromisoformat(outputs.not_after), ctx.now)
        if ends.word == "expired":
            raise NeedsAction(ends.sentence, "Choose a certificate that is valid, or let us request one; then retry.")
        if ends.word != "valid":
            proofs.append(
                CheckResult(check="expiry", outcome=Outcome.WARN, sentence=ends.sentence, facts={"days": ends.days})
            )
        return proofs


def _request(ctx: Context) -> CertificateRequestOutputs:
    """What was requested. Raises Wrong if nothing was, since a certificate was chosen at that time."""
    request = ctx[CertificateRequest]
    if not request.arn:
        raise NeedsAction(
            f"No certificate was requested in {ctx.region}: one that exists was chosen when the run came to that step.",
            "Cancel the run if it is open, then start a new run. It requests the certificate first.",
        )
    return request


def _chosen(ctx: Context, arn: str) -> CertificateThing:
    """The existing certificate: in the load balancer's account where a TLS listener uses it, else in its own (S29)."""
    _, _, _, region, account, _ = arn.split(":", 5)
    role = "service" if ctx.spec.product.listener.protocol == "TLS" else "certificates"
    where = ctx.door(role).account
    if (region, account) != (ctx.region, where):
        raise NeedsAction(
            f"Certificate {arn} is in {region} of account {account}; one in {ctx.region} of {where} is needed.",
            "A certificate serves only its own region and account: choose one there, or let us request it.",
        )
    return CertificateThing(key="certificate", given=arn, role=role, names=names_for(ctx.spec))


def _issued(ctx: Context, thing: CertificateThing, arn: str) -> Observation:
    """What ACM says of it now. Raises NotYet until it is issued, and Wrong when it will not be."""
    seen = CertificateThing.check(ctx.door(thing.role), [(thing, arn)])[0]
    if seen.state in (State.WRONG, State.GONE):
        raise NeedsAction(seen.sentence, seen.cure or "Start the run again, which requests another one.")
    if seen.values["status"] != ISSUED:
        said = f"ACM validates {', '.join(seen.values['names'])}; it gives up after 72 hours."
        raise Wait(WaitingFor.AWS, said, kind="certificate_issue", aws_status=seen.values["status"])
    return seen
