"""Name servers: asked of Seller Operations by email, and tried before the name is delegated to them (S22, Q4, Q6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.checklist.step import Build, CheckResult, Context, Input, Outcome, Scope, Step, Wait, WaitingFor, each
from onboarding.dns import servers as given
from onboarding.steps import renewal_records
from onboarding.steps.certificate_request import CertificateRequest
from onboarding.steps.endpoint_service import EndpointService
from onboarding.submission.request import Asked, request
from sellers import formats
from sellers.formats import FormatError

if TYPE_CHECKING:
    from onboarding.things.variables import Variables
    from sellers.spec import OnboardSpec


@dataclass(frozen=True, kw_only=True)
class NameServersOutputs:
    """The name servers of the friendly name's zone, as host names without final dot."""

    servers: tuple[str, ...] = ()


class NameServers(Step[NameServersOutputs]):
    """A wait on another party: Seller Operations answers at the desk, or the engineer pastes their mail's answer. The
    request tells which ACM record their zone has to keep. Other facts are asked again.
    """

    slug = "name_servers"
    title = "Name servers"
    doing = "Requesting name servers from AWS Marketplace"
    guide = ("S22", "Q4", "Q6")
    scope = Scope.PRODUCT
    needs = (EndpointService, CertificateRequest)
    inputs = (
        Input(field="servers", words="the name servers that Marketplace gave", parse=formats.dns_name, many=True),
    )
    calls = ("acm:DescribeCertificate",)
    role = "certificates"
    outputs = NameServersOutputs
    inputs_changed_by = ("product.friendly_dns_name",)
    give_up_after = None

    def applies(self, spec: OnboardSpec) -> bool:
        return spec.product.profile != "native"

    def things(self, ctx: Context) -> Build[NameServersOutputs]:
        yield from each([])
        return NameServersOutputs(servers=tuple(ctx.answer.values.get("servers") or ()))

    def planned(self, outputs: NameServersOutputs | None, names: Variables) -> NameServersOutputs | None:
        """A variable until AWS Marketplace names them."""
        if outputs is None or outputs.servers:
            return outputs
        names.lookups.setdefault("NAME_SERVER", "")
        return NameServersOutputs(servers=("$NAME_SERVER",))

    def check(self, ctx: Context, outputs: NameServersOutputs) -> Sequence[CheckResult]:
        name = ctx.spec.product.friendly_dns_name or ""
        _told(ctx)
        if not outputs.servers:
            raise self._asks(ctx, f"Waiting on AWS Marketplace for the name servers of {name}.")
        try:
            servers = given.parse(outputs.servers)
        except FormatError as error:
            raise self._asks(ctx, str(error)) from error
        tried = given.try_all(ctx.dns, name, servers)
        wrong = [one.sentence for one in tried if one.word not in ("", "lame")]
        if problems := wrong or given.check(ctx.dns, name, servers):
            raise self._asks(ctx, " ".join(problems), poll=True, wrong=bool(wrong))
        return [*_answers(name, tried), *_advice(servers)]

    def summary(self, ctx: Context, outputs: NameServersOutputs, proofs: Sequence[CheckResult]) -> str:
        servers = [str(proof.facts["server"]) for proof in proofs if proof.check.startswith("server.")]
        told = f"{', '.join(servers)} answer for {ctx.spec.product.friendly_dns_name} with authority."
        return " ".join([told, *(proof.sentence for proof in proofs if proof.outcome is Outcome.WARN)])

    def _asks(self, ctx: Context, sentence: str, *, poll: bool = False, wrong: bool = True) -> Wait:
        """The wait: for Marketplace to say, or for its servers to serve the zone. Given servers are looked at
        again by itself, since a server that is silent now may answer in a minute.
        """
        reason = WaitingFor.MARKETPLACE if wrong else WaitingFor.DNS
        return Wait(reason, sentence, kind="name_servers", sends=[request(_asked(ctx))], poll=poll)


def _told(ctx: Context) -> None:
    """Raises NotYet while a certificate that a person makes is not given: its record has to be kept as well (Q4)."""
    open_ = [region for region, choices in ctx.spec.regions.items() if choices.certificate.mode == "manual"]
    if open_:
        said = f"Give the certificate of {', '.join(open_)} first: the request to Seller Operations names its record."
        raise Wait(WaitingFor.YOU, said, kind="certificate_by_hand", poll=True)


def _asked(ctx: Context) -> Asked:
    product, arns = ctx.spec.product, ctx.spec.connections
    account = formats.account_of(arns.service)
    services = sorted(ctx.everywhere(EndpointService).items())
    requests = ctx.everywhere(CertificateRequest).values()
    return Asked(
        seller=ctx.spec.seller,
        product=product.name,
        product_id=product.marketplace_product_id or "",
        friendly_name=product.friendly_dns_name or "",
        private_name=product.private_dns_name or "",
        services=tuple((region, outputs.service_name, account) for region, outputs in services),
        certificate_accounts=tuple(sorted({outputs.account for outputs in requests if outputs.account})),
        records=renewal_records.requested(ctx),
    )


def _answers(name: str, tried: Sequence[given.Tried]) -> list[CheckResult]:
    return [
        CheckResult(
            check=f"server.{one.host.name}",
            outcome=Outcome.PASS,
            sentence=f"{one.host.name} answers for {name} with authority.",
            facts={"server": one.host.name, "address": one.reply.server, "name": name},
        )
        for one in tried
    ]


def _advice(servers: Sequence[str]) -> list[CheckResult]:
    return [CheckResult(check="advice", outcome=Outcome.WARN, sentence=said) for said in given.advice(servers)]
