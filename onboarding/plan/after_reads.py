"""The rest of a step that reads AWS while it says what it needs: what it will ask for, and what it will hand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onboarding.checklist.step import Build, Context, each, one
from onboarding.plan.facts import Known
from onboarding.steps import dns_records
from onboarding.steps.access import only_reads
from onboarding.steps.certificate import Certificate, CertificateOutputs
from onboarding.steps.certificate_request import CertificateRequest, names_for
from onboarding.steps.endpoint_service import EndpointService
from onboarding.steps.name_servers import NameServersOutputs
from onboarding.steps.private_dns import PrivateDns, PrivateDnsOutputs
from onboarding.things.private_dns_verification import VERIFIED, PrivateDnsVerification
from onboarding.things.variables import Variables
from sellers import formats


def things(slug: str, ctx: Context, known: Known, names: Variables) -> Build[Any]:
    """What the step yields after its first look at AWS. A step without an entry makes nothing more; what it handed on
    last still holds.
    """
    rest = BEYOND.get(slug)
    if rest is None:
        yield from each([])
        return known.outputs.get((slug, ctx.region))
    return (yield from rest(ctx, known, names))


def handed(made: Any, names: Variables) -> Any:
    """What a step hands on, with a variable for what somebody has yet to say."""
    if isinstance(made, NameServersOutputs) and not made.servers:
        names.lookups.setdefault("NAME_SERVER", "")
        return NameServersOutputs(servers=("$NAME_SERVER",))
    return made


def _certificate(ctx: Context, known: Known, names: Variables) -> Build[CertificateOutputs]:
    """The certificate, once it is issued."""
    yield from each([])
    request, chosen = ctx[CertificateRequest], ctx.choices.certificate.arn or ""
    last: CertificateOutputs | None = known.outputs.get((Certificate.slug, ctx.region))
    if last is not None and last.arn == (chosen or request.arn):
        return last
    arn = chosen or request.arn
    account = formats.account_of(arn) if chosen else ctx.door("certificates").account
    return CertificateOutputs(
        arn=arn,
        account=account,
        names=names_for(ctx.spec),
        records=() if chosen else request.records,
        not_after="",
        listener_arn="" if chosen else request.listener_arn,
    )


def _private_dns(ctx: Context, known: Known, names: Variables) -> Build[PrivateDnsOutputs]:
    """The TXT record that AWS will ask for, and its look at it."""
    name, service = ctx.spec.product.private_dns_name or "", ctx[EndpointService].service_id
    last: PrivateDnsOutputs | None = known.outputs.get((PrivateDns.slug, ctx.region))
    made = last if last is not None and last.name == name else _proof(ctx.region, name, service, names)
    yield from dns_records.written(ctx, [made.record])
    if made.state != VERIFIED and not only_reads(ctx):
        yield from one(PrivateDnsVerification(key="verification", service_id=service, name=name))
    return made


def _proof(region: str, name: str, service: str, names: Variables) -> PrivateDnsOutputs:
    line = f"aws ec2 describe-vpc-endpoint-service-configurations --region {region} --service-ids {service} "
    line += "--output text --query 'ServiceConfigurations[0].PrivateDnsNameConfiguration."
    label = names.read("txt label", region, f"{line}Name'")
    return PrivateDnsOutputs(name=name, label=label, value=names.read("txt value", region, f"{line}Value'"))


BEYOND: dict[str, Callable[[Context, Known, Variables], Build[Any]]] = {
    Certificate.slug: _certificate,
    PrivateDns.slug: _private_dns,
}
