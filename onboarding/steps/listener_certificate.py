"""Listener certificate: the one that a TLS listener ends connections with, of its own account and region (S21, Q5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.checklist.step import Build, CheckResult, Context, NeedsAction, Outcome, Step, each
from onboarding.steps.certificate import Certificate
from sellers import formats

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec


@dataclass(frozen=True, kw_only=True)
class ListenerCertificateOutputs:
    """`arn` of an issued certificate in the load balancer's account and region."""

    arn: str


class ListenerCertificate(Step[ListenerCertificateOutputs]):
    """Only a TLS listener waits for it: a TCP one passes everything through and is tested before any certificate."""

    slug = "listener_certificate"
    title = "Listener certificate"
    doing = "Selecting the certificate for the TLS listener"
    guide = ("S21", "Q5")
    needs = (Certificate,)
    outputs = ListenerCertificateOutputs

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.product.listener.protocol == "TLS"

    def things(self, ctx: Context) -> Build[ListenerCertificateOutputs]:
        yield from each([])
        certificate = ctx[Certificate]
        return ListenerCertificateOutputs(arn=certificate.listener_arn or certificate.arn)

    def check(self, ctx: Context, outputs: ListenerCertificateOutputs) -> Sequence[CheckResult]:
        account = formats.account_of(ctx.spec.connections.service)
        if formats.account_of(outputs.arn) != account:
            raise NeedsAction(
                f"Certificate {outputs.arn} is not of account {account}, where the load balancer is.",
                "Choose one of that account, or let us request it; then retry this step.",
            )
        said = f"The TLS listener uses {outputs.arn}."
        facts = {"arn": outputs.arn, "account": account}
        return [CheckResult(check="listener_certificate", outcome=Outcome.PASS, sentence=said, facts=facts)]
