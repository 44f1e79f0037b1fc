"""Certificate request: asked of ACM in each region, for the friendly name, its wildcard and the private name (S21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onboarding.checklist.step import Build, CheckResult, Context, NeedsAction, Outcome, Step, Wait, WaitingFor, each
from onboarding.dns import coverage
from onboarding.steps.access import Access
from onboarding.things.certificate import Certificate
from sellers import formats

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec

LONGEST = 64  # of DomainName, which becomes the certificate's common name


@dataclass(frozen=True, kw_only=True)
class CertificateRequestOutputs:
    """What was asked: `arn` in `account`, and `records` that prove the names. `listener_arn` is the second one that a
    TLS listener needs in the load balancer's own account, with `listener_records`; "" where one serves for both.

    All are empty where a certificate is chosen instead.
    """

    arn: str
    account: str
    records: tuple[dict[str, Any], ...]
    listener_arn: str
    listener_records: tuple[dict[str, Any], ...]


class CertificateRequest(Step[CertificateRequestOutputs]):
    """Done as soon as ACM names the validation records; an existing certificate is left to the certificate step."""

    slug = "certificate_request"
    title = "Certificate request"
    doing = "Requesting the certificate"
    guide = ("S21", "S44")
    needs = (Access,)
    kinds = (Certificate,)
    outputs = CertificateRequestOutputs
    inputs_changed_by = ("product.friendly_dns_name", "product.private_dns_name")

    def applies(self, spec: OnboardSpec) -> bool:
        return wants_certificate(spec)

    def things(self, ctx: Context) -> Build[CertificateRequestOutputs]:
        if ctx.choices.certificate.mode != "create":
            yield from each([])
            return CertificateRequestOutputs(arn="", account="", records=(), listener_arn="", listener_records=())
        names = _asked(ctx)
        wanted = [Certificate(key="certificate", names=names)]
        if needs_second(ctx.spec):
            wanted.append(Certificate(key="listener", role="service", names=names))
        seen = yield from each(wanted)
        second = seen[1] if len(seen) > 1 else None
        return CertificateRequestOutputs(
            arn=seen[0].id,
            account=formats.account_of(seen[0].id),
            records=tuple(seen[0].values.get("records", ())),
            listener_arn=second.id if second else "",
            listener_records=tuple(second.values.get("records", ())) if second else (),
        )

    def check(self, ctx: Context, outputs: CertificateRequestOutputs) -> Sequence[CheckResult]:
        if not outputs.arn:
            said = "A certificate is chosen for this region; none is requested."
            return [CheckResult(check="request", outcome=Outcome.PASS, sentence=said)]
        if not outputs.records or (outputs.listener_arn and not outputs.listener_records):
            said = "ACM has given the validation records; reads them."
            raise Wait(WaitingFor.AWS, said, kind="certificate_records", at_once=True)
        facts = {
            "arn": outputs.arn,
            "account": outputs.account,
            "names": list(_asked(ctx)),
            "records": list(outputs.records),
        }
        if outputs.listener_arn:
            facts |= {"listener_arn": outputs.listener_arn, "listener_records": list(outputs.listener_records)}
        said = f"Requested in account {outputs.account} for {', '.join(_asked(ctx))}."
        return [CheckResult(check="request", outcome=Outcome.PASS, sentence=said, facts=facts)]


def wants_certificate(spec: OnboardSpec) -> bool:
    """Whether a product has certificates: for Marketplace (S44), or for a TLS listener."""
    return spec.product.profile != "native" or spec.product.listener.protocol == "TLS"


def names_for(spec: OnboardSpec) -> tuple[str, ...]:
    """The names that a certificate must cover."""
    facts = spec.product
    return coverage.demanded(facts.profile, facts.friendly_dns_name or "", facts.private_dns_name or "")


def needs_second(spec: OnboardSpec) -> bool:
    """Whether a TLS listener stands in another account than the certificates: AWS takes only one of its own account."""
    arns = spec.connections
    elsewhere = formats.account_of(arns.certificates or arns.service) != formats.account_of(arns.service)
    return spec.product.listener.protocol == "TLS" and elsewhere


def _asked(ctx: Context) -> tuple[str, ...]:
    """The names to ask for, one of 64 characters or less first. Raises Wrong without any."""
    names = names_for(ctx.spec)
    if not names:
        raise NeedsAction(
            "A TLS listener needs a certificate, and the product has no name that it could be for.",
            "Give the product a private DNS name, choose an existing certificate for the region, or use a TCP "
            "listener; then retry this step.",
        )
    short = [name for name in names if len(name) <= LONGEST]
    if not short:
        raise NeedsAction(
            f"{names[0]} has {len(names[0])} characters, and a certificate needs one name of {LONGEST} or less.",
            "Choose a shorter name for the product, then retry this step.",
        )
    return (short[0], *(name for name in names if name != short[0]))
