"""What every answer gets: a request id, a content security policy, session limits, and no copies behind login."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
SEEN_EVERY = timedelta(minutes=5)


class RequestId:
    """Give each request an id, taken from the proxy if it looks like one, into the log and the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if re.fullmatch(r"[0-9A-Za-z-]{8,64}", given, re.ASCII) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ContentSecurityPolicy:
    """Allow only what we serve ourselves: no inline script or style, no frame, no foreign host."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response


class SessionLimits:
    """End a session 8 hours after the last action and 7 days after sign-in, whatever happens.

    The row is renewed at most every five minutes, and not by a page that polls: a forgotten tab is not a person.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get("_auth_user_id"):
            self._limit(request, timezone.now())
        return self.get_response(request)

    def _limit(self, request: HttpRequest, now: datetime) -> None:
        began = datetime.fromisoformat(request.session.setdefault("began", now.isoformat()))
        if now - began >= settings.SESSION_ABSOLUTE_AGE:
            logout(request)
            return
        polling = request.method == "GET" and "HX-Request" in request.headers
        seen = datetime.fromisoformat(request.session.get("seen", began.isoformat()))
        if "seen" not in request.session or (now - seen > SEEN_EVERY and not polling):
            request.session["seen"] = now.isoformat()


class BehindLogin:
    """Keep pages behind login out of caches, and send an expired session's fragment to sign-in whole."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        if "HX-Request" in request.headers or request.session.accessed:
            patch_vary_headers(response, ["HX-Request"])
        sign_in = resolve_url(settings.LOGIN_URL)
        if "HX-Request" in request.headers and urlsplit(response.get("Location", "")).path == sign_in:
            page = urlsplit(request.headers.get("HX-Current-URL", "/")).path
            response = HttpResponse(status=204, headers={"HX-Redirect": f"{sign_in}?{urlencode({'next': page})}"})
        return response
