"""The funnel: every AWS call of every service passes here, before and after moto's own handler."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model
from werkzeug.exceptions import HTTPException

from sandbox import world
from sandbox.aws import authorize, consistency, identity, patching, throttle, tokens
from sandbox.aws.dropping import strike
from sandbox.aws.errors import AwsError, render
from sandbox.aws.identity import Caller
from sandbox.aws.instances import refuse_replay
from sandbox.aws.regions import check_enabled
from sandbox.clock import clock
from sandbox.state import state_lock

Answer = tuple[int, dict[str, Any], Any]

_WORK = 0.008  # seconds of a call's latency that are left for our own work on it: AWS's is part of its latency, too
_READS = ("Describe", "List", "Get", "Simulate", "Search", "Lookup", "AssumeRole", "Decode", "Test", "Head")


@dataclass
class Request:
    """One AWS call on its way: what is asked, where, and by whom once that is known."""

    service: str
    action: str
    account: str
    region: str
    params: dict[str, Any]
    response: Any

    @property
    def mutating(self) -> bool:
        """True if the call may change something."""
        return not self.action.startswith(_READS) and not self.params.get("DryRun")

    @property
    def where(self) -> tuple[str, str, str, str, bool]:
        """What a fault is matched against."""
        return self.service, self.action, self.region, self.account, self.mutating


def install() -> None:
    """Put the funnel in the place of moto's dispatch."""
    patching.replace(BaseResponse, "call_action", call_action)
    patching.replace(BaseResponse, "get_current_account", _current_account)


def _current_account(response: Any) -> str:
    return identity.lookup(response.get_access_key()).account


def call_action(response: Any) -> Answer:
    """Answer one call: latency, faults, then identity, policy and effect under the lock, then the log."""
    request = _request(response)
    started, caller_arn, outcome = time.time(), "", "dropped"
    due = time.monotonic() + world.settings.latency_ms / 1000
    try:
        _wait(due - _WORK)
        strike("before", request.where, response.normalized_request)
        throttle.check(request.service, request.account, request.region)
        with state_lock:
            token = response.headers.get("X-Amz-Security-Token")
            caller = identity.authenticate(response.access_key, token, request.service)
            caller_arn = caller.arn
            answer = _effect(request, caller)
        strike("after", request.where, response.normalized_request)
        outcome = "ok" if answer[0] < 400 else _code_of(answer)
        _wait(due)
    except AwsError as error:
        outcome, answer = error.aws_code, render(error, request.service)
        _wait(due)
    finally:
        _log(request, started, caller_arn, outcome)
    return answer


def _wait(until: float) -> None:
    """Until a moment of the monotonic clock; not at all if it is over."""
    if (left := until - time.monotonic()) > 0:
        time.sleep(left)


def _request(response: Any) -> Request:
    action = response._get_action() or ""
    params = getattr(response, "params", None) or _loose_params(response)
    service = response.boto3_service_name
    return Request(service, action, response.current_account, response.region, params, response)


def _loose_params(response: Any) -> dict[str, Any]:
    """Parameters of the services that moto does not parse by the model: JSON, or a flat query string."""
    try:
        loaded = json.loads(response.body or "{}")
        return loaded if isinstance(loaded, dict) else {}
    except ValueError:
        return {key: value[0] for key, value in response.querystring.items() if isinstance(value, list)}


def _effect(request: Request, caller: Caller) -> Answer:
    """Everything that happens under the lock; raises AwsError."""
    check_enabled(request.service, request.account, request.region)
    handler = _handler(request)
    authorize.check(caller, request.service, request.action, request.params, request.region)
    if request.params.get("DryRun") is True:
        raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
    scope = (request.account, request.region, request.action, request.params)
    if (known := tokens.recall(*scope)) is not None:
        refuse_replay(request.response, request.action, known[2])
        return known
    consistency.check(request.service, request.action, request.params)
    answer = _run(request, handler)
    if answer[0] < 400:
        consistency.note_births(request.action, request.params, answer[2])
        tokens.keep(*scope, answer)
    return answer


def _handler(request: Request) -> Any:
    """Our or moto's function for the action; UnsupportedOperation when neither has one."""
    known = request.action in get_service_model(request.service).operation_names
    handler = getattr(type(request.response), camelcase_to_underscores(request.action), None)
    if not known or handler is None:
        raise AwsError(
            "UnsupportedOperation" if known else "InvalidAction",
            f"The action {request.action} of {request.service} is not simulated here.",
        )
    return handler


def _run(request: Request, handler: Any) -> Answer:
    """moto's own way from a handler's result to an HTTP answer."""
    response = request.response
    try:
        result = handler(response)
    except AwsError:
        raise
    except ServiceException as error:
        status, headers, body = response.serialized(ActionResult(error))
        return int(status), {**headers, "status": status}, body
    except HTTPException as error:
        extra = dict(error.get_headers() or [])
        return int(error.code or 400), {**response.response_headers, **extra}, error.description
    if isinstance(result, ActionResult):
        result = consistency.hide(request.action, result)
        status, headers, body = response.serialized(result)
    elif isinstance(result, str):
        status, headers, body = 200, response.response_headers, result
    else:
        status, headers, body = response._transform_response(response.response_headers, result)
    return int(status), *_with_request_id(headers, body)


def _with_request_id(headers: dict[str, Any], body: Any) -> tuple[dict[str, Any], Any]:
    """moto's serialiser writes a fixed request id; AWS gives each call its own."""
    request_id = str(uuid4())
    if isinstance(body, str):
        body = body.replace(">request-id<", f">{request_id}<")
    elif isinstance(body, bytes):
        body = body.replace(b">request-id<", f">{request_id}<".encode())
    return {**headers, "x-amzn-RequestId": request_id}, body


def _code_of(answer: Answer) -> str:
    """The error code inside an answer that moto made."""
    text = answer[2] if isinstance(answer[2], str) else bytes(answer[2]).decode()
    if "<Code>" in text:
        return text.split("<Code>", 1)[1].split("</Code>", 1)[0]
    try:
        return str(json.loads(text).get("__type", "error")).split("#")[-1]
    except (ValueError, AttributeError):
        return "error"


def _log(request: Request, started: float, caller: str, outcome: str) -> None:
    world.record(
        world.Call(
            time=clock.now(),
            started=started,
            ended=time.time(),
            account=request.account,
            region=request.region,
            service=request.service,
            action=request.action,
            mutating=request.mutating,
            digest=world.digest(request.params),
            outcome=outcome,
            caller=caller,
            params=request.params,
        )
    )
