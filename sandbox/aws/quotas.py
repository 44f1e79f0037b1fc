"""Service Quotas: the quotas that a build meets, read by anyone, set by tests, and enforced at creation."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.servicequotas.responses import ServiceQuotasResponse

from sandbox.aws import patching
from sandbox.aws.errors import AwsError

# (service, code): (name, default). Numbers are AWS's own defaults.
QUOTAS: dict[tuple[str, str], tuple[str, float]] = {
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5),
    ("vpc", "L-407747CB"): ("Subnets per VPC", 200),
    ("vpc", "L-A4707A72"): ("Internet gateways per Region", 5),
    ("vpc", "L-FE5A380F"): ("NAT gateways per Availability Zone", 5),
    ("vpc", "L-E79EC296"): ("VPC security groups per Region", 2500),
    ("vpc", "L-29B6F2EB"): ("Interface VPC endpoints per VPC", 50),
    ("vpc", "L-DF5E4CA3"): ("Network interfaces per Region", 5000),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5),
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64),
    ("elasticloadbalancing", "L-69A177A2"): ("Network Load Balancers per Region", 50),
    ("elasticloadbalancing", "L-B22855CB"): ("Target Groups per Region", 3000),
    ("elasticloadbalancing", "L-57A373D6"): ("Listeners per Network Load Balancer", 50),
    ("acm", "L-F141DD1D"): ("ACM certificates", 2500),
    ("route53", "L-4EA4796A"): ("Hosted zones", 500),
}
_applied: dict[tuple[str, str, str, str], float] = {}


def install() -> None:
    """Answer Service Quotas calls ourselves."""
    patching.actions(
        ServiceQuotasResponse,
        get_service_quota,
        get_aws_default_service_quota,
        list_service_quotas,
        list_aws_default_service_quotas,
    )


def reset() -> None:
    """All quotas at their defaults."""
    _applied.clear()


def set_quota(account: str, region: str, service: str, code: str, value: float) -> None:
    """Set the applied value of a quota. ValueError for one that we do not know."""
    if (service, code) not in QUOTAS:
        raise ValueError(f"quota {service} {code} is not simulated; known are {sorted(QUOTAS)}.")
    _applied[(account, region, service, code)] = value


def limit(account: str, region: str, service: str, code: str) -> float:
    """The value in force."""
    return _applied.get((account, region, service, code), QUOTAS[(service, code)][1])


def demand(backend: Any, service: str, code: str, used: float, error: str, message: str) -> None:
    """Raise the quota's error if one more would exceed it."""
    if used >= limit(backend.account_id, backend.region_name, service, code):
        raise AwsError(error, message)


def get_service_quota(response: Any) -> ActionResult:
    """The applied value; NoSuchResourceException where only a default exists is not simulated."""
    service, code = _asked(response)
    return ActionResult({"Quota": _quota(response, service, code, applied=True)})


def get_aws_default_service_quota(response: Any) -> ActionResult:
    """AWS's default value."""
    service, code = _asked(response)
    return ActionResult({"Quota": _quota(response, service, code, applied=False)})


def list_service_quotas(response: Any) -> ActionResult:
    """All applied values of a service."""
    return _listed(response, applied=True)


def list_aws_default_service_quotas(response: Any) -> ActionResult:
    """All defaults of a service."""
    return _listed(response, applied=False)


def _listed(response: Any, applied: bool) -> ActionResult:
    wanted = json.loads(response.body)["ServiceCode"]
    codes = [code for service, code in QUOTAS if service == wanted]
    if not codes:
        raise _missing()
    return ActionResult({"Quotas": [_quota(response, wanted, code, applied) for code in codes]})


def _asked(response: Any) -> tuple[str, str]:
    asked = json.loads(response.body)
    key = (asked["ServiceCode"], asked["QuotaCode"])
    if key not in QUOTAS:
        raise _missing()
    return key


def _missing() -> AwsError:
    return AwsError("NoSuchResourceException", "The request failed because the specified quota does not exist.")


def _quota(response: Any, service: str, code: str, applied: bool) -> dict[str, Any]:
    account, region = response.current_account, response.region
    name, default = QUOTAS[(service, code)]
    return {
        "ServiceCode": service,
        "QuotaCode": code,
        "QuotaName": name,
        "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:{service}/{code}",
        "Value": limit(account, region, service, code) if applied else default,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
