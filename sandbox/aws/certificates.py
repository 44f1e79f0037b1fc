"""ACM's calls: requests, descriptions, lists and deletions, with their refusals."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult
from moto.elbv2.models import elbv2_backends

from sandbox import world
from sandbox.aws import certificate_bodies, certificate_states, patching, quotas
from sandbox.aws.certificate_states import HOUR, Life, Renewal, find, life_of, record_of, renew, set_status
from sandbox.aws.errors import AwsError
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings

__all__ = ["find", "names_of", "renew", "set_status"]
_moto: dict[str, Any] = {}
_NAME = re.compile(r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])", re.ASCII)
_DEFAULT_KEYS = ("RSA_1024", "RSA_2048")
_WHEN_ISSUED = ("Serial", "NotBefore", "NotAfter", "IssuedAt", "Issuer", "Subject")


def install() -> None:
    """Wrap moto's requests, descriptions, lists and deletions."""
    _moto["describe"] = patching.replace(CertBundle, "describe", describe)
    patching.replace(CertBundle, "check", certificate_states.settle)
    certificate_bodies.install()
    _moto["delete"] = patching.replace(AWSCertificateManagerBackend, "delete_certificate", delete_certificate)
    for name, ours in (("request_certificate", _request), ("list_certificates", _list)):
        patching.replace(AWSCertificateManagerResponse, name, ours)
    _moto["answer"] = patching.replace(AWSCertificateManagerResponse, "describe_certificate", _describe)


def _request(response: Any) -> ActionResult:
    """RequestCertificate, only by DNS. A token stands for its request for an hour."""
    asked = {key: value for key, value in json.loads(response.body).items() if key != "IdempotencyToken"}
    names = _asked_names(asked)
    token = response._get_param("IdempotencyToken") or ""
    if token and not re.fullmatch(r"\w{1,32}", token, re.ASCII):
        raise AwsError("ValidationException", f"The idempotency token '{token}' must be 1 to 32 letters or digits.")
    backend = response.acm_backend
    known = table("certificate_token")
    place = "/".join((backend.account_id, backend.region_name, token, world.digest(asked)))
    made, arn = known.get(place, (0.0, ""))
    if token and arn in backend._certificates and clock.now() < made + HOUR:
        return ActionResult({"CertificateArn": arn})
    arn = _make(backend, names, asked)
    if token:
        known[place] = (clock.now(), arn)
    return ActionResult({"CertificateArn": arn})


def _asked_names(asked: dict[str, Any]) -> list[str]:
    name, more = asked["DomainName"], asked.get("SubjectAlternativeNames") or []
    if len(name) > 64:
        message = f"The domain name '{name}' is longer than 64 characters."
        raise AwsError("InvalidDomainValidationOptionsException", message)
    if asked.get("ValidationMethod") == "EMAIL":
        raise AwsError("InvalidParameterException", "Validation by e-mail is not simulated here.")
    names = list(dict.fromkeys(each.lower().rstrip(".") for each in (name, *more)))
    if wrong := [each for each in names if not _NAME.fullmatch(each) or len(each) > 253]:
        raise AwsError("ValidationException", f"Value '{wrong[0]}' is not a valid domain name.")
    if len(names) > 10:
        raise AwsError("LimitExceededException", "The certificate has more than 10 names.")
    return names


def _make(backend: Any, names: list[str], asked: dict[str, Any]) -> str:
    """LimitExceededException at the quota; all certificates count, expired ones too."""
    count, message = len(backend._certificates), "The maximum number of certificates has been reached."
    quotas.demand(backend, "acm", "L-F141DD1D", count, "LimitExceededException", message)
    arn: str = backend.request_certificate(names[0], None, names[1:], asked.get("Tags"))
    table("certificate")[arn] = Life(clock.now(), names, asked.get("KeyAlgorithm") or "RSA_2048")
    return arn


def _young(arn: str) -> bool:
    life = life_of(arn)
    return life is not None and clock.now() < life.made + settings.stale_seconds


def _describe(response: Any) -> ActionResult:
    """DescribeCertificate; unknown for a moment where reads lag."""
    arn = response._get_param("CertificateArn")
    if _young(arn):
        account = response.current_account
        raise AwsError("ResourceNotFoundException", f"Could not find certificate {arn} in account {account}.")
    result: ActionResult = _moto["answer"](response)
    return result


def describe(bundle: Any) -> dict[str, Any]:
    """moto's description; while not issued it has no serial or dates, and its record only after a moment."""
    shown: dict[str, Any] = _moto["describe"](bundle)
    detail, life = shown["Certificate"], life_of(bundle.arn)
    detail["InUseBy"] = _balancers(bundle)
    if life is None:
        return shown
    ready = clock.now() >= life.made + settings.certificate_record_seconds
    detail |= {
        "SubjectAlternativeNames": list(life.names),
        "DomainValidationOptions": [_option(bundle, life, name, ready) for name in life.names],
        "KeyAlgorithm": life.key,
        "CreatedAt": life.made,
        "RenewalEligibility": "ELIGIBLE" if bundle.in_use_by and bundle.status == "ISSUED" else "INELIGIBLE",
    }
    if life.issued is None:
        for key in _WHEN_ISSUED:
            detail.pop(key, None)
    else:
        detail |= {"IssuedAt": life.issued, "NotBefore": life.issued, "NotAfter": life.not_after}
    if life.failure:
        detail["FailureReason"] = life.failure
    if life.renewal is not None:
        detail["RenewalSummary"] = _renewal(bundle, life, life.renewal)
    return shown


def _renewal(bundle: Any, life: Life, held: Renewal) -> dict[str, Any]:
    """RenewalSummary, with the state of each name."""
    options = []
    for name in life.names:
        well = held.status == "SUCCESS" or certificate_states.resolves(bundle.arn, name)
        waiting = "FAILED" if held.status == "FAILED" else "PENDING_VALIDATION"
        option = _option(bundle, life, name, ready=True)
        options.append({**option, "ValidationStatus": "SUCCESS" if well else waiting})
    return {"RenewalStatus": held.status, "DomainValidationOptions": options, "UpdatedAt": held.updated}


def _option(bundle: Any, life: Life, name: str, ready: bool) -> dict[str, Any]:
    failed = bundle.status in ("FAILED", "VALIDATION_TIMED_OUT")
    proven = life.issued is not None or (name in life.proven and not failed)
    option: dict[str, Any] = {
        "DomainName": name,
        "ValidationDomain": name.removeprefix("*."),
        "ValidationMethod": "DNS",
        "ValidationStatus": "SUCCESS" if proven else "FAILED" if failed else "PENDING_VALIDATION",
    }
    if ready:
        record, value = record_of(bundle.arn, name)
        option["ResourceRecord"] = {"Name": record, "Type": "CNAME", "Value": value}
    return option


def _balancers(bundle: Any) -> list[str]:
    """The load balancers whose listeners hold it: those are what ACM names."""
    account, region = bundle.arn.split(":")[4], bundle.arn.split(":")[3]
    held = elbv2_backends[account][region].load_balancers.values() if bundle.in_use_by else ()
    found = {arn for arn in bundle.in_use_by for b in held if arn in b.listeners}
    return sorted({b.arn for b in held if found & set(b.listeners)}) + sorted(set(bundle.in_use_by) - found)


def _list(response: Any) -> ActionResult:
    """ListCertificates; without key types only RSA 1024 and 2048 are shown. Oldest first unless asked."""
    keys = (response._get_param("Includes") or {}).get("keyTypes") or _DEFAULT_KEYS
    statuses = response._get_param("CertificateStatuses") or certificate_states.STATES
    held = [bundle for arn, bundle in response.acm_backend._certificates.items() if not _young(arn)]
    shown = []
    for bundle in held:
        bundle.check()
        summary = _summary(bundle)
        if bundle.status in statuses and summary["KeyAlgorithm"] in keys:
            shown.append(summary)
    if response._get_param("SortOrder") == "DESCENDING":
        shown.reverse()
    size, token = int(response._get_param("MaxItems") or 1000), str(response._get_param("NextToken") or "0")
    if not token.isdigit():
        raise AwsError("ValidationException", f"The token '{token}' is invalid.")
    start = int(token)
    more = str(start + size) if len(shown) > start + size else None
    return ActionResult({"CertificateSummaryList": shown[start : start + size], "NextToken": more})


def _summary(bundle: Any) -> dict[str, Any]:
    """One CertificateSummary."""
    detail = bundle.describe()["Certificate"]
    names = detail["SubjectAlternativeNames"]
    kept = (
        "CertificateArn",
        "DomainName",
        "Status",
        "Type",
        "KeyAlgorithm",
        "RenewalEligibility",
        "NotBefore",
        "NotAfter",
        "CreatedAt",
        "IssuedAt",
        "ImportedAt",
    )
    return {key: detail[key] for key in kept if key in detail} | {
        "SubjectAlternativeNameSummaries": names[:100],
        "HasAdditionalSubjectAlternativeNames": False,
        "InUse": bool(bundle.in_use_by),
        "Exported": False,
    }


def delete_certificate(backend: Any, arn: str) -> None:
    """ResourceInUseException while a listener holds it."""
    held = backend._certificates.get(arn)
    if held is not None and held.in_use_by:
        account = arn.split(":")[4]
        message = f"Certificate {arn} in account {account} is in use."
        raise AwsError("ResourceInUseException", message)
    _moto["delete"](backend, arn)
    table("certificate").pop(arn, None)


def names_of(arn: str) -> tuple[str, ...]:
    """The names that the certificate covers, the first one first."""
    held, life = find(arn), life_of(arn)
    return tuple(dict.fromkeys([*(life.names if life else ()), held.common_name, *held.sans]))
