"""The WSGI application in front of the simulated AWS: `/_sandbox/` is the control page, the rest is AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.control.actions import all_actions
from sandbox.control.pages import Pages
from sandbox.control.views import all_views
from sandbox.mail import Outbox
from sandbox.marketplace.desk import Desk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_sandbox"
LOOPBACK = ("127.0.0.1", "::1")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # without any, a browser sends its own forms with the origin "null"
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Control:
    """Sends `/_sandbox/` to the control page and everything else to `aws`.

    Anyone who reaches the page rules the world, so it answers this machine only: the caller's address and the
    Host header must be loopback (a foreign name that resolves to 127.0.0.1 is turned away), and a form must
    come from the page itself. `shared` (SANDBOX_BIND, for containers) drops the first two.
    """

    def __init__(self, aws: WSGIApplication, outbox: Outbox, ca_pem: bytes, *, shared: bool = False) -> None:
        self._aws, self._shared, self._ca_pem = aws, shared, ca_pem
        desk = Desk(outbox)
        self._views, self._actions = all_views(outbox, desk), all_actions(outbox, desk)
        self._pages = Pages(outbox, desk)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        path: str = environ["PATH_INFO"]
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return self._aws(environ, start_response)
        request = Request(environ)
        response: Any
        try:
            self._guard(request)
            response = self._answer(request, path[len(PREFIX) :].strip("/"))
        except HTTPException as error:
            response = error.get_response(environ)
        response.headers.update(HEADERS)
        answer: Iterable[bytes] = response(environ, start_response)
        return answer

    def _guard(self, request: Request) -> None:
        host = urlsplit(f"//{request.host}").hostname
        if not self._shared and (request.remote_addr not in LOOPBACK or host not in LOOPBACK_NAMES):
            raise Forbidden("The sandbox's page answers on this machine only. Open it at http://127.0.0.1.")
        origin = request.headers.get("Origin")
        if request.method != "GET" and origin and urlsplit(origin).netloc != request.host:
            raise Forbidden("This form was sent by another site. Open the sandbox's own page and send it there.")

    def _answer(self, request: Request, path: str) -> Response:
        first, _, rest = path.partition("/")
        if first == "ca.pem":
            return Response(self._ca_pem, mimetype="application/x-pem-file")
        if request.method == "POST":
            return self._post(request, first, rest)
        if first == "api":
            return _json(lambda: _find(self._views, rest)(request.args))
        return self._pages.show(path, request.args)

    def _post(self, request: Request, first: str, name: str) -> Response:
        action = _find(self._actions, name)
        if first == "api":
            return _json(lambda: action(_body(request)))
        values = request.form.to_dict()
        back = values.pop("back", "")
        try:
            action(values)
        except (ValueError, TypeError, KeyError) as error:
            return self._pages.refuse(_sentence(error), back)
        # Only to a page of ours: a form's hidden field must not lead elsewhere.
        return redirect(f"{PREFIX}/{back.lstrip('/')}", 303)


def _find(table: Mapping[str, Callable[[Any], Any]], name: str) -> Callable[[Any], Any]:
    if name not in table:
        raise NotFound(f"There is no {name or 'empty name'} here; there are {', '.join(sorted(table))}.")
    return table[name]


def _body(request: Request) -> dict[str, Any]:
    try:
        values = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None
    if not isinstance(values, dict):
        raise BadRequest("The body must be a JSON object.")
    return values


def _json(answer: Callable[[], Any]) -> Response:
    try:
        return Response(json.dumps(answer(), default=str), mimetype="application/json")
    except (ValueError, TypeError, KeyError) as error:
        return Response(json.dumps({"error": _sentence(error)}), status=400, mimetype="application/json")


def _sentence(error: Exception) -> str:
    return str(error.args[0]) if error.args else "The world refused this."
