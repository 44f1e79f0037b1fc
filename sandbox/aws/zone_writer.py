"""Public hosted zones as the account that owns them writes them: Route 53's own calls, without the way over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from moto.route53.models import route53_backends

from sandbox.aws import hosted_zones, record_changes


class _Call:
    """What Route 53's handlers read of a call."""

    def __init__(self, account: str, **params: Any) -> None:
        self.current_account, self.backend = account, route53_backends[account]["aws"]
        self._params = {name.replace("__", "."): value for name, value in params.items()}

    def _get_param(self, name: str, default: Any = None) -> Any:
        return self._params.get(name, default)

    _get_bool_param = _get_param


def zones(account: str) -> list[Any]:
    """The account's public zones, oldest first."""
    return [held for held in route53_backends[account]["aws"].zones.values() if not held.private_zone]


def zone(account: str, name: str) -> Any | None:
    """The account's public zone of that name, or None."""
    return next((held for held in zones(account) if held.name.rstrip(".") == name), None)


def make(account: str, name: str, comment: str) -> Any:
    """The account's public zone of that name, made if there is none."""
    if zone(account, name) is None:
        asked = {"Name": name, "CallerReference": str(uuid.uuid4()), "HostedZoneConfig__Comment": comment}
        hosted_zones.create_hosted_zone(_Call(account, **asked))
    return zone(account, name)


def remove(account: str, held: Any) -> None:
    """Drop a zone with all of its records."""
    for kind in {record.type for record in held.rrsets} - {"NS", "SOA"}:
        put(account, held, kind, dict.fromkeys(records(held, kind), ()))
    hosted_zones.delete_hosted_zone(_Call(account, Id=held.resource_id))


def servers(held: Any) -> list[str]:
    """The zone's name servers, without final dots."""
    return [str(server).rstrip(".").lower() for server in held.delegation_set.name_servers]


def put(account: str, held: Any, kind: str, wanted: Mapping[str, Sequence[str]], ttl: int = 300) -> None:
    """Set records of one type, name -> values, in one change; a name without values is taken away."""
    before = records(held, kind)
    changes = []
    for name, values in wanted.items():
        if list(values) == before.get(name, []):
            continue
        changes.append(
            {
                "Action": "UPSERT" if values else "DELETE",
                "ResourceRecordSet": {
                    "Name": name,
                    "Type": kind,
                    "TTL": ttl if values else _ttl(held, kind, name),
                    "ResourceRecords": [{"Value": value} for value in values or before[name]],
                },
            }
        )
    if changes:
        call = _Call(account, HostedZoneId=held.resource_id, ChangeBatch__Changes=changes)
        record_changes.change_resource_record_sets(call)


def _ttl(held: Any, kind: str, name: str) -> int:
    return next(int(r.ttl) for r in held.rrsets if (r.type, r.name.rstrip(".")) == (kind, name))


def records(held: Any, kind: str) -> dict[str, list[str]]:
    """The zone's records of one type: name without a final dot -> values."""
    return {r.name.rstrip("."): list(r.records) for r in held.rrsets if r.type == kind}
