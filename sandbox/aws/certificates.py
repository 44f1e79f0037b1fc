"""ACM certificates (domain.md 1.6), as far as a TLS listener needs them.

A requested certificate stays PENDING_VALIDATION until it is issued by hand (`issue`); nothing is issued by
the clock. Its validation record shows after a moment and is the same for one account and name everywhere.
"""

from __future__ import annotations

import hashlib
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle, acm_backends
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult

from sandbox.aws import patching, quotas
from sandbox.aws.errors import AwsError
from sandbox.aws.state import table
from sandbox.clock import clock
from sandbox.world import settings

_moto: dict[str, Any] = {}


def install() -> None:
    """Wrap moto's requests, descriptions and deletions."""
    _moto["describe"] = patching.replace(CertBundle, "describe", describe)
    patching.replace(CertBundle, "check", lambda bundle: None)
    _moto["request"] = patching.replace(AWSCertificateManagerBackend, "request_certificate", request_certificate)
    _moto["delete"] = patching.replace(AWSCertificateManagerBackend, "delete_certificate", delete_certificate)
    patching.replace(AWSCertificateManagerResponse, "request_certificate", _request)
    _moto["list"] = patching.replace(AWSCertificateManagerResponse, "list_certificates", _list)


def _request(response: Any) -> ActionResult:
    """RequestCertificate, only by DNS."""
    name = response._get_param("DomainName")
    if len(name) > 64:
        message = f"The domain name '{name}' is longer than 64 characters."
        raise AwsError("InvalidDomainValidationOptionsException", message)
    names = response._get_param("SubjectAlternativeNames") or []
    if len(set(names) - {name}) > 9:
        raise AwsError("LimitExceededException", "The certificate has more than 10 names.")
    # The whole request is remembered by its token in the funnel, so moto gets none.
    arn = response.acm_backend.request_certificate(name, None, names, response._get_param("Tags"))
    table("certificate")[arn]["names"] = list(dict.fromkeys([name, *names]))
    return ActionResult({"CertificateArn": arn})


def request_certificate(backend: Any, *args: Any, **kwargs: Any) -> str:
    """LimitExceededException at the quota."""
    count, message = len(backend._certificates), "The maximum number of certificates has been reached."
    quotas.demand(backend, "acm", "L-F141DD1D", count, "LimitExceededException", message)
    arn: str = _moto["request"](backend, *args, **kwargs)
    table("certificate")[arn] = {"made": clock.now()}
    return arn


def describe(bundle: Any) -> dict[str, Any]:
    """moto's description; while pending it has no serial or dates, and its record only after a moment."""
    shown: dict[str, Any] = _moto["describe"](bundle)
    detail = shown["Certificate"]
    if bundle.type != "AMAZON_ISSUED":
        return shown
    made = table("certificate").get(bundle.arn, {}).get("made", 0.0)
    ready = clock.now() >= made + settings.certificate_record_seconds
    names = list(names_of(bundle.arn))
    detail["SubjectAlternativeNames"] = names
    detail["DomainValidationOptions"] = [_option(bundle, name, ready) for name in names]
    if bundle.status == "PENDING_VALIDATION":
        for key in ("Serial", "NotBefore", "NotAfter", "IssuedAt", "Issuer", "Subject"):
            detail.pop(key, None)
    return shown


def _option(bundle: Any, name: str, ready: bool) -> dict[str, Any]:
    base = name.removeprefix("*.")
    account = bundle.arn.split(":")[4]
    digest = hashlib.sha256(f"{account}/{base}".encode()).hexdigest()
    option: dict[str, Any] = {
        "DomainName": name,
        "ValidationDomain": base,
        "ValidationMethod": "DNS",
        "ValidationStatus": "SUCCESS" if bundle.status == "ISSUED" else "PENDING_VALIDATION",
    }
    if ready:
        option["ResourceRecord"] = {
            "Name": f"_{digest[:32]}.{base}.",
            "Type": "CNAME",
            "Value": f"_{digest[32:]}.acm-validations.aws.",
        }
    return option


def _list(response: Any) -> ActionResult:
    """ListCertificates; without key types only RSA 1024 and 2048 are shown, which all of ours are."""
    result: ActionResult = _moto["list"](response)
    return result


def delete_certificate(backend: Any, arn: str) -> None:
    """ResourceInUseException while a listener holds it."""
    held = backend._certificates.get(arn)
    if held is not None and held.in_use_by:
        account = arn.split(":")[4]
        message = f"Certificate {arn} in account {account} is in use."
        raise AwsError("ResourceInUseException", message)
    _moto["delete"](backend, arn)


def find(arn: str) -> Any:
    """The certificate of any account. ValueError if there is none."""
    parts = arn.split(":")
    held = acm_backends[parts[4]][parts[3]]._certificates.get(arn) if len(parts) > 5 else None
    if held is None:
        raise ValueError(f"there is no certificate {arn}.")
    return held


def set_status(arn: str, status: str = "ISSUED") -> None:
    """Issue (or fail) a certificate by hand. ValueError if there is none."""
    find(arn).status = status


def names_of(arn: str) -> tuple[str, ...]:
    """The names that the certificate covers, the first one first."""
    held = find(arn)  # moto forgets the order of the names, so ours is asked first
    asked = table("certificate").get(arn, {}).get("names", ())
    return tuple(dict.fromkeys([*asked, held.common_name, *held.sans]))
