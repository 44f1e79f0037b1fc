"""The records of ACM that a delegation of the friendly name hides, and that Seller Operations must keep (Q4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import Context
from onboarding.dns.records import Record
from onboarding.steps.certificate import Certificate
from onboarding.steps.certificate_request import CertificateRequest
from onboarding.submission import aws_snapshot
from onboarding.submission.facts import Kept


def requested(ctx: Context) -> tuple[Kept, ...]:
    """Those of the certificates that were requested, and of existing ones as ACM tells them now."""
    jobs = [
        partial(aws_snapshot.certificate, ctx, region, arn)
        for region, choices in ctx.spec.regions.items()
        if (arn := choices.certificate.arn)
    ]
    existing = [record for found in together(ctx, jobs) if found for record in found.records]
    outputs = ctx.everywhere(CertificateRequest).values()
    asked = [record for one in outputs for record in (*one.records, *one.listener_records)]
    return _hidden(ctx, [*_of(asked), *existing])


def issued(ctx: Context) -> tuple[Kept, ...]:
    """Those by which the certificates of all regions renew."""
    found = [record for one in ctx.everywhere(Certificate).values() for record in one.records]
    return _hidden(ctx, [*_of(found), *of_listeners(ctx)])


def of_listeners(ctx: Context) -> list[Kept]:
    """Those of second certificates, which TLS listeners in another account have."""
    return _of(record for one in ctx.everywhere(CertificateRequest).values() for record in one.listener_records)


def as_record(kept: Kept) -> Record:
    """As DNS knows it."""
    return Record("CNAME", kept.name, (kept.value,))


def _of(records: Iterable[Mapping[str, Any]]) -> list[Kept]:
    plain = [Record.of(record) for record in records if str(record["type"]).upper() == "CNAME"]
    return [Kept(name=one.name, value=one.values[0]) for one in plain]


def _hidden(ctx: Context, records: Iterable[Kept]) -> tuple[Kept, ...]:
    return aws_snapshot.kept(list(records), ctx.spec.product.friendly_dns_name or "")
