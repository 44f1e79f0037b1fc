"""What a seller puts into an account so that a draft's role works: trust, permissions, a CloudFormation stack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from onboarding.permissions.policy import policy
from onboarding.steps import checklist
from sellers import formats, our_identity
from sellers.drafts import REGIONS, data_of
from sellers.models import Connection, Draft
from sellers.spec import OnboardSpec, SpecErrors, load_data
from sellers.trust_policy import trust_policy

ROLES = {"service": "Service", "certificates": "Certificates", "dns": "DNS", "buyer_test": "Buyer test"}
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
STACK = "privatelink-onboarding"


@dataclass(frozen=True)
class Access:
    """One connection that the draft uses: for which roles, and all that its account needs, ready to paste.

    `link` opens CloudFormation's quick-create page (or the simulated one); "" without a template address.
    """

    connection: Connection
    roles: str
    document: str
    read_only: str
    template: str
    link: str


@dataclass(frozen=True)
class Known:
    """What the policies could be made of: the spec as far as it is known, and what is still open."""

    spec: OnboardSpec
    no_region: bool
    no_names: bool


def accesses(draft: Draft, connections: Sequence[Connection]) -> tuple[list[Access], Known | None]:
    """What each connection needs that the draft names; none before the service connection is chosen."""
    known = so_far(draft)
    if known is None:
        return [], None
    rows = {row.role_arn: row for row in connections}
    used: dict[str, list[str]] = {}
    for role in ROLES:
        arn = str(draft.data.get(f"connections.{role}", ""))
        if arn in rows:
            used.setdefault(arn, []).append(role)
    principal = our_identity.principal() if used else ""
    return [_access(rows[arn], roles, known, str(draft.seller_id), principal) for arn, roles in used.items()], known


def _access(connection: Connection, roles: list[str], known: Known, owner: str, principal: str) -> Access:
    full, reads = (
        _document(known.spec.model_dump_json(), roles[0], owner, read_only, known.no_region, known.no_names)
        for read_only in (False, True)
    )
    template = template_of(connection, principal, json.loads(full))
    titles = ", ".join(ROLES[role] for role in roles)
    return Access(connection, titles, full, reads, template, _link(connection, principal, full))


@lru_cache(maxsize=256)
def _document(spec: str, role: str, owner: str, read_only: bool, no_region: bool, no_names: bool) -> str:
    """The policy as JSON, kept: making one takes longer than the rest of the page."""
    made = policy(checklist(), OnboardSpec.model_validate_json(spec), read_only, owner=owner, role=role)
    for statement in made["Statement"]:
        condition = statement.get("Condition", {})
        if no_region:
            condition.get("StringEquals", {}).pop("aws:RequestedRegion", None)
        if no_names:
            condition.pop("ForAllValues:StringLike", None)
    return json.dumps(made, indent=2)


def so_far(draft: Draft) -> Known | None:
    """The spec of what is typed, without what is wrong, placeholders in place of what lacks; None without a role."""
    data = data_of(draft)
    no_region, no_names = not data[REGIONS], not data["product"].get("friendly_dns_name")
    if no_region:
        data[REGIONS] = {"us-east-1": {}}
    data["product"].setdefault("name", draft.name)
    if data["product"].get("profile") != "native":
        data["product"].setdefault("marketplace_product_id", "prod-abc123def4567")
        data["product"].setdefault("friendly_dns_name", "api.vpce.example.com")
    data["buyers"] = []
    for _ in range(4):  # each round takes out what the last one found wrong
        try:
            return Known(load_data(data), no_region, no_names)
        except SpecErrors as error:
            for problem in error.problems:
                _take_out(data, problem.field)
    return None


def _take_out(data: dict[str, Any], path: str) -> None:
    """Remove the part of the data in which a problem is: a region's whole resource, one fact, one connection."""
    if path.startswith(f"{REGIONS}."):
        for region, choices in list(data[REGIONS].items()):
            rest = path.removeprefix(f"{REGIONS}.{region}")
            if rest != path and rest.startswith("."):
                choices.pop(rest[1:].split(".")[0], None)
            elif rest == "":
                data[REGIONS].pop(region)
        data[REGIONS] = {key: value for key, value in data[REGIONS].items() if key in formats.known_regions()}
        return
    top, _, key = path.partition(".")
    if top in ("product", "connections"):
        data[top].pop(key.split(".")[0], None)


def template_of(connection: Connection, principal: str, document: Mapping[str, Any]) -> str:
    """A CloudFormation template in JSON: the role with its trust and permissions; its ARN is the output."""
    trust = json.loads(trust_policy("", ""))
    statement = trust["Statement"][0]
    statement["Principal"]["AWS"] = {"Ref": "HubRoleArn"}
    statement["Condition"]["StringEquals"]["sts:ExternalId"] = {"Ref": "ExternalId"}
    path, _, name = formats.arn_parts(connection.role_arn).resource.removeprefix("role").rpartition("/")
    role = {
        "RoleName": {"Ref": "RoleName"},
        "Path": f"{path}/",
        "AssumeRolePolicyDocument": trust,
        "Policies": [{"PolicyName": STACK, "PolicyDocument": document}],
    }
    parameters = {"RoleName": name, "ExternalId": connection.external_id, "HubRoleArn": principal}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role through which AWS PrivateLink onboarding works in this account.",
        "Parameters": {key: {"Type": "String", "Default": value} for key, value in parameters.items()},
        "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}},
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return json.dumps(template, indent=2)


def _link(connection: Connection, principal: str, document: str) -> str:
    arn = formats.arn_parts(connection.role_arn)
    given = {
        "param_RoleName": arn.resource.rpartition("/")[2],
        "param_ExternalId": connection.external_id,
        "param_HubRoleArn": principal,
    }
    if settings.AWS_ENDPOINT_URL:
        compact = json.dumps([json.loads(document)], separators=(",", ":"))
        query = urlencode({"account_id": arn.account, **given, "param_Policies": compact})
        return f"{settings.AWS_ENDPOINT_URL.rstrip('/')}/_sandbox/quick-create?{query}"
    address = settings.ACCESS_TEMPLATE_URL
    if not address or arn.partition not in CONSOLES:
        return ""
    query = urlencode({"templateURL": address, "stackName": STACK, **given}, quote_via=quote)
    home = (
        "us-east-1"
        if arn.partition == "aws"
        else next(code for code, region in formats.known_regions().items() if region.partition == arn.partition)
    )
    return f"https://{home}.{CONSOLES[arn.partition]}/cloudformation/home?region={home}#/stacks/create/review?{query}"
