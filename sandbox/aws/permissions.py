"""Who may see and use an endpoint service: its allow list."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.iam.models import iam_backends

from sandbox.aws import patching
from sandbox.aws.errors import AwsError
from sandbox.aws.identity import Caller
from sandbox.aws.lists import matching, new_id, page, tag_strings
from sandbox.aws.service import Service, find

_PRINCIPAL = re.compile(r"arn:aws:iam::(\d{12}):(root|role/[\w+=,.@-]{1,64}|user/[\w+=,.@-]{1,64})", re.ASCII)


def install() -> None:
    """Put our allow lists in the place of moto's."""
    patching.actions(EC2Response, modify_vpc_endpoint_service_permissions, describe_vpc_endpoint_service_permissions)


def modify_vpc_endpoint_service_permissions(response: Any) -> ActionResult:
    """Add and remove principals. Nothing changes if one is malformed or does not exist."""
    service = find(response.current_account, response.region, response._get_param("ServiceId"))
    added = response._get_param("AddAllowedPrincipals", [])
    for principal in added:
        _check(principal)
    fresh = [principal for principal in dict.fromkeys(added) if principal not in service.principals]
    for principal in fresh:
        service.principals[principal] = new_id("vpce-svc-perm")
    for principal in response._get_param("RemoveAllowedPrincipals", []):
        service.principals.pop(principal, None)
    shown = [_described(service, p) for p in fresh if p in service.principals]
    return ActionResult({"AddedPrincipals": shown, "ReturnValue": True})


def _check(principal: str) -> None:
    if principal == "*":
        return
    match = _PRINCIPAL.fullmatch(principal)
    if not match or not _exists(match[1], match[2]):
        raise AwsError("InvalidParameter", f"Invalid Principal: '{principal}'")


def _exists(account: str, name: str) -> bool:
    if name == "root":
        return True
    backend = iam_backends[account]["aws"]
    kind, _, plain = name.partition("/")
    return plain in backend.users if kind == "user" else any(r.name == plain for r in backend.get_roles())


def _described(service: Service, principal: str) -> dict[str, str]:
    return {
        "PrincipalType": _type_of(principal),
        "Principal": principal,
        "ServicePermissionId": service.principals[principal],
        "ServiceId": service.id,
    }


def _type_of(principal: str) -> str:
    if principal == "*":
        return "All"
    if principal.endswith(":root"):
        return "Account"
    return "Role" if ":role/" in principal else "User"


def describe_vpc_endpoint_service_permissions(response: Any) -> ActionResult:
    """The allow list, filtered and paged."""
    service = find(response.current_account, response.region, response._get_param("ServiceId"))
    readers = {"principal": lambda p: p, "principal-type": _type_of}
    backend = response.ec2_backend
    held = matching(response, list(service.principals), readers, lambda p: tag_strings(backend, service.principals[p]))
    shown, token = page(response, held)
    return ActionResult({"AllowedPrincipals": [_described(service, p) for p in shown], "NextToken": token})


def allows(service: Service, caller: Caller) -> bool:
    """True if the caller may use the service by its name."""
    return "*" in service.principals or lists_explicitly(service, caller)


def lists_explicitly(service: Service, caller: Caller) -> bool:
    """True if the caller sees the service in an unfiltered list: named, or its owner; `*` is not enough."""
    names = {f"arn:aws:iam::{caller.account}:root", caller.role_arn, caller.arn}
    return caller.account == service.account or bool(names & set(service.principals))
