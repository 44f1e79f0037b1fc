"""Refuses what the caller's policies do not allow, as AWS would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.aws import extras, policy, resources
from sandbox.aws.errors import denied
from sandbox.aws.identity import Caller
from sandbox.aws.resources import Resource
from sandbox.dns.names import normal

PREFIXES = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
_FREE = {"GetCallerIdentity", "GetSessionToken"}


def check(caller: Caller, service: str, action: str, params: dict[str, Any], region: str) -> None:
    """Raise the service's refusal unless every resource of the call is allowed, tags at creation too."""
    if action in _FREE:
        return
    identity = caller.documents()
    for extra, arn, keys in extras.needed(service, action, params, caller.account, region):
        _demand(caller, identity, service, extra, arn, {"aws:RequestedRegion": region, **keys})
    touched = resources.touched(service, action, params, caller.account, region)
    prefix = PREFIXES.get(service, service)
    for resource in touched:
        context = _context(caller, service, params, region, resource)
        _demand(caller, identity, service, f"{prefix}:{action}", resource.arn, context)
        if resource.tags and _tags_at_creation(service, action, resource):
            context[f"{prefix}:CreateAction"] = action
            _demand(caller, identity, service, _tag_action(service), resource.arn, context)


def _tags_at_creation(service: str, action: str, resource: Resource) -> bool:
    return resource.new and service in ("ec2", "elbv2", "acm")


def _tag_action(service: str) -> str:
    return {"ec2": "ec2:CreateTags", "elbv2": "elasticloadbalancing:AddTags", "acm": "acm:AddTagsToCertificate"}[
        service
    ]


def _demand(
    caller: Caller, identity: Sequence[policy.Document], service: str, action: str, arn: str, context: policy.Context
) -> None:
    verdict = policy.evaluate(identity, action, arn, context)
    if verdict == "allowed" and caller.session_policies:
        verdict = policy.evaluate(caller.session_policies, action, arn, context)
    if verdict != "allowed":
        raise denied(service, caller.arn, action, arn)


def _context(
    caller: Caller, service: str, params: dict[str, Any], region: str, resource: Resource
) -> dict[str, str | Sequence[str]]:
    """The condition keys that we know, as far as the call has them."""
    context: dict[str, str | Sequence[str]] = {
        "aws:RequestedRegion": region,
        "aws:PrincipalArn": caller.role_arn or caller.arn,
        "aws:PrincipalAccount": caller.account,
    }
    requested = resource.tags if resource.new else resources.request_tags(params) if resource.both else {}
    context |= {f"aws:RequestTag/{key}": value for key, value in requested.items()}
    if requested:
        context["aws:TagKeys"] = list(requested)
    if not resource.new:
        context |= {f"aws:ResourceTag/{key}": value for key, value in resource.tags.items()}
        context |= {f"ec2:ResourceTag/{key}": value for key, value in resource.tags.items()}
    return context | _service_keys(service, params)


def _service_keys(service: str, params: dict[str, Any]) -> dict[str, str | Sequence[str]]:
    keys: dict[str, Any] = {}
    if service == "ec2":
        keys["ec2:VpceServicePrivateDnsName"] = params.get("PrivateDnsName")
        keys["ec2:VpceServiceName"] = params.get("ServiceName")
    elif service == "elbv2":
        keys["elasticloadbalancing:Scheme"] = params.get("Scheme")
    elif service == "acm" and params.get("DomainName"):
        keys["acm:DomainNames"] = [params["DomainName"], *params.get("SubjectAlternativeNames", [])]
        keys["acm:ValidationMethod"] = params.get("ValidationMethod")
    elif service == "route53":
        keys |= _record_keys(params.get("ChangeBatch") or {})
    return {key: value for key, value in keys.items() if value}


def _record_keys(batch: dict[str, Any]) -> dict[str, list[str]]:
    """What a policy may say about the records of a change: names lower case and without final dot."""
    changes, prefix = batch.get("Changes") or [], "route53:ChangeResourceRecordSets"
    sets = [change["ResourceRecordSet"] for change in changes]
    return {
        f"{prefix}NormalizedRecordNames": sorted({normal(one["Name"]).replace("*", "\\052") for one in sets}),
        f"{prefix}RecordTypes": sorted({one["Type"] for one in sets}),
        f"{prefix}Actions": sorted({change["Action"] for change in changes}),
    }
