"""ChangeResourceRecordSets: all changes of a batch or none, shown at once, served from INSYNC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.route53.responses import Route53

from sandbox.aws import patching
from sandbox.aws.errors import AwsError
from sandbox.aws.hosted_zones import RecordSet, changed, find, publish
from sandbox.dns import names, record_rules
from sandbox.dns.records import plain

Key = tuple[str, str, str]
MOST = 1_000
_moto: dict[str, Any] = {}


def install() -> None:
    """Put our changes in the place of moto's; let its list find names as they are written."""
    patching.actions(Route53, change_resource_record_sets)
    _moto["list"] = patching.replace(Route53, "list_resource_record_sets", list_resource_record_sets)


def list_resource_record_sets(response: Any) -> ActionResult:
    """moto's list, for a zone that exists. NoSuchHostedZone."""
    find(response, response._get_param("HostedZoneId"))
    listed: ActionResult = _moto["list"](response)
    return listed


def change_resource_record_sets(response: Any) -> ActionResult:
    """Applies the batch. InvalidChangeBatch, InvalidInput, NoSuchHostedZone."""
    zone = find(response, response._get_param("HostedZoneId"))
    changes = response._get_param("ChangeBatch.Changes") or []
    _count(changes)
    held: dict[Key, Any] = {_key(one): one for one in zone.rrsets}
    touched: set[str] = set()
    problems: list[str] = []
    for change in changes:
        wanted = _wanted(change)
        touched.add(str(wanted.name))
        problems += _apply(change["Action"], wanted, held, zone.name)
    if problems := [*problems, *record_rules.of_whole(held.values(), touched, zone.name)]:
        raise AwsError("InvalidChangeBatch", f"[{', '.join(problems)}]")
    zone.rrsets = list(held.values())
    publish(zone)
    return ActionResult({"ChangeInfo": changed(response.current_account, response._get_param("ChangeBatch.Comment"))})


def _count(changes: list[dict[str, Any]]) -> None:
    """An UPSERT counts twice."""
    if not changes:
        raise AwsError("InvalidInput", "The change batch holds no change.")
    number = sum(
        len(change["ResourceRecordSet"].get("ResourceRecords") or []) * (2 if change["Action"] == "UPSERT" else 1)
        for change in changes
    )
    if number > MOST:
        raise AwsError("InvalidChangeBatch", f"[Number of records limit of {MOST} exceeded.]")


def _wanted(change: dict[str, Any]) -> Any:
    """The change's record set with its name as Route 53 writes it. InvalidInput if it says nothing."""
    asked = change["ResourceRecordSet"]
    values = [str(one["Value"]) for one in asked.get("ResourceRecords") or []]
    name = written(str(asked["Name"]))
    if bool(asked.get("AliasTarget")) == bool(values) or (values and asked.get("TTL") is None):
        raise AwsError(
            "InvalidInput",
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
            f"TrafficPolicyInstanceId], but found none in Change with [Action={change['Action']}, Name={name}, "
            f"Type={asked['Type']}, SetIdentifier={asked.get('SetIdentifier') or 'null'}]",
        )
    return RecordSet({**asked, "Name": name, "ResourceRecords": values})


def written(name: str) -> str:
    r"""A name as Route 53 shows it: lower case, with final dot, `*` as `\052`."""
    return f"{names.normal(name)}.".replace("*", "\\052")


def _key(one: Any) -> Key:
    return str(one.name), str(one.type), one.set_identifier or ""


def _apply(action: str, wanted: Any, held: dict[Key, Any], zone: str) -> Iterator[str]:
    """Does one change to `held`, or says why not."""
    key = _key(wanted)
    known = held.get(key)
    words = f"resource record set [name='{wanted.name}', type='{wanted.type}']"
    if action == "DELETE":
        if known is None:
            yield f"Tried to delete {words} but it was not found"
        elif not _same(known, wanted):
            yield f"Tried to delete {words} but the values provided do not match the current values"
        held.pop(key, None)
        return
    if action == "CREATE" and known is not None:
        yield f"Tried to create {words} but it already exists"
    yield from record_rules.of_set(wanted, zone)
    held[key] = wanted


def _same(known: Any, given: Any) -> bool:
    return (
        sorted(plain(str(known.type), value) for value in known.records)
        == sorted(plain(str(known.type), value) for value in given.records)
        and int(known.ttl or 0) == int(given.ttl or 0)
        and known.alias_target == given.alias_target
    )
