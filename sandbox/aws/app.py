"""The AWS endpoint as a WSGI application: finds the service of a signed call and hands it to the funnel."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.request import Request
from moto.core.responses import BaseResponse
from moto.ec2.responses import EC2Response
from moto.elbv2.responses import ELBV2Response
from moto.iam.responses import IamResponse
from moto.route53.responses import Route53
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.sts.responses import TokenResponse

from sandbox.aws import install, reset
from sandbox.aws.errors import AwsError, render

log = logging.getLogger(__name__)
StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_SERVICES: dict[str, type[BaseResponse]] = {
    "ec2": EC2Response,
    "elasticloadbalancing": ELBV2Response,
    "sts": TokenResponse,
    "iam": IamResponse,
    "route53": Route53,
    "acm": AWSCertificateManagerResponse,
    "servicequotas": ServiceQuotasResponse,
    "ssm": SimpleSystemManagerResponse,
}
_NAMES = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}


class _WsgiRequest(Request):
    from_wsgi_server = True


def create_app() -> WsgiApp:
    """The simulated AWS of all accounts and regions, empty but for the hub account."""
    install()
    reset()
    return _serve


def _serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    service = _signed_service(environ.get("HTTP_AUTHORIZATION", ""))
    try:
        if service not in _SERVICES:
            raise AwsError("UnknownService", f"The simulated AWS doesn't know the service {service!r}.", 404)
        response: Any = _SERVICES[service]()
        response.setup_class(_WsgiRequest(environ))
        status, headers, body = response.call_action()
    except AwsError as error:
        status, headers, body = render(error, _NAMES.get(service, service))
    except ConnectionError:
        raise  # an ordered fault has cut the connection; the web server notices
    except Exception:
        log.exception("the simulated AWS broke on a call to %s", service)
        broken = AwsError("InternalError", "The simulated AWS broke; its log says where.", 500)
        status, headers, body = render(broken, _NAMES.get(service, service))
    raw = body.encode() if isinstance(body, str) else bytes(body or b"")
    shown = [(str(k), str(v)) for k, v in headers.items() if k.lower() not in ("status", "content-length")]
    phrase = HTTPStatus(status).phrase
    start_response(f"{status} {phrase}", [*shown, ("Content-Length", str(len(raw)))])
    return [raw]


def _signed_service(authorization: str) -> str:
    """The service in `Credential=KEY/DATE/REGION/SERVICE/aws4_request`, or ""."""
    parts = authorization.split("Credential=", 1)[-1].split(",", 1)[0].split("/")
    return parts[3].lower() if len(parts) == 5 else ""
