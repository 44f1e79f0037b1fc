"""What AWS says now of each region's endpoint service and certificate, under the accounts that own them (S27, S29).

Never from the form: the account is GetCallerIdentity's, names and states are those of the Describe calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from onboarding.aws.errors import NOT_FOUND, code_of
from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import Context
from onboarding.submission.facts import Kept
from onboarding.things.endpoint_service import configurations
from onboarding.things.principal import allowed
from sellers import formats

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients

CALLS = (
    "sts:GetCallerIdentity",
    "ec2:DescribeVpcEndpointServiceConfigurations",
    "ec2:DescribeVpcEndpointServicePermissions",
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """An endpoint service as its owner sees it; `account` is the owner's."""

    account: str
    id: str
    name: str
    state: str
    balancers: tuple[str, ...]
    zone_ids: tuple[str, ...]
    allowed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate as its owner sees it. `account` is that of GetCallerIdentity; the ARN names one, too."""

    account: str
    arn: str
    status: str
    names: tuple[str, ...]
    records: tuple[Kept, ...]
    not_after: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One region; None: AWS does not know it (any more), or its step was skipped."""

    region: str
    service: Service | None
    certificate: Certificate | None


def look(ctx: Context, services: Mapping[str, str], certificates: Mapping[str, str]) -> list[Look]:
    """All regions side by side: `services` are ids and `certificates` ARNs by region."""
    regions = sorted(ctx.spec.regions)
    jobs: list[Callable[[], Any]] = [partial(_service, ctx, region, services.get(region, "")) for region in regions]
    jobs += [partial(certificate, ctx, region, certificates.get(region, "")) for region in regions]
    found = together(ctx, jobs)
    return [
        Look(region=region, service=service, certificate=cert)
        for region, service, cert in zip(regions, found[: len(regions)], found[len(regions) :], strict=True)
    ]


def certificate(ctx: Context, region: str, arn: str) -> Certificate | None:
    """One certificate and the account that asks for it; None if there is none."""
    if not arn:
        return None
    door = ctx.doors(_role(ctx, arn), region)
    data, account = together(ctx, [partial(_described, door, arn), partial(_account, door)])
    if data is None:
        return None
    names = {data.get("DomainName", ""), *data.get("SubjectAlternativeNames", [])} - {""}
    return Certificate(
        account=account,
        arn=data["CertificateArn"],
        status=data["Status"],
        names=tuple(sorted(names)),
        records=tuple(_records(data.get("DomainValidationOptions", []))),
        not_after=data.get("NotAfter"),
        why=data.get("FailureReason", ""),
    )


def _described(door: RegionClients, arn: str) -> Any:
    try:
        return door.acm.describe_certificate(CertificateArn=arn)["Certificate"]
    except ClientError as error:
        if code_of(error) in NOT_FOUND:
            return None
        raise


def _role(ctx: Context, arn: str) -> str:
    """The role whose account the certificate is in: one that a TLS listener uses is in the service's own."""
    arns, account = ctx.spec.connections, formats.account_of(arn)
    elsewhere = formats.account_of(arns.certificates) == account
    return "certificates" if elsewhere or formats.account_of(arns.service) != account else "service"


def kept(records: Sequence[Kept], friendly_name: str) -> tuple[Kept, ...]:
    """The records that a delegation of the friendly name hides: those at or below it (Q4)."""
    return tuple(sorted({one for one in records if one.name.endswith("." + friendly_name)}))


def overridden(service: Service, friendly_name: str) -> bool:
    """Whether Marketplace has put the user-friendly DNS name in the place of the default one (S31)."""
    return bool(friendly_name) and friendly_name in service.name


def default_name(service: Service, region: str, friendly_name: str) -> str:
    """The service's default name, which the submission gives (S43), also once Marketplace has overridden it."""
    china = "cn." if region.startswith("cn-") else ""
    default = f"{china}com.amazonaws.vpce.{region}.{service.id}"
    return default if overridden(service, friendly_name) else service.name


def _service(ctx: Context, region: str, service_id: str) -> Service | None:
    if not service_id:
        return None
    door = ctx.doors("service", region)
    looks: list[Callable[[], Any]] = [partial(configurations, door, "service-id", [service_id])]
    looks += [partial(_account, door), partial(allowed, door, service_id)]
    services, account, principals = together(ctx, looks)
    found = [one for one in services if one["ServiceState"] != "Deleted"]
    if not found:
        return None
    data = found[0]
    return Service(
        account=account,
        id=data["ServiceId"],
        name=data["ServiceName"],
        state=data["ServiceState"],
        balancers=tuple(sorted(data.get("NetworkLoadBalancerArns", []))),
        zone_ids=tuple(sorted(data.get("AvailabilityZoneIds", []))),
        allowed=tuple(sorted(principals)),
    )


def _account(door: RegionClients) -> str:
    return door.sts.get_caller_identity()["Account"]


def _records(options: Sequence[Any]) -> list[Kept]:
    found = {(r["Name"], r["Value"]) for o in options if (r := o.get("ResourceRecord"))}
    return sorted(Kept(name=_plain(name), value=_plain(value)) for name, value in found)


def _plain(name: str) -> str:
    return name.lower().removesuffix(".")
