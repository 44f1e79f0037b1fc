"""The role that a seller makes for the hub: its trust policy, and what it may do."""

from __future__ import annotations

from typing import Any

ROLE_NAME = "onboarding"
SERVICES = ("acm", "ec2", "elasticloadbalancing", "iam", "route53", "servicequotas", "ssm", "sts")


def trust_policy(principal: str, external_id: str) -> dict[str, Any]:
    """Who may assume the role. Without an external id anybody's request through the hub would do."""
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def wide_policy() -> dict[str, Any]:
    """Everything in the services that onboarding touches; a seller's real role is narrower."""
    allowed = [f"{service}:*" for service in SERVICES]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
