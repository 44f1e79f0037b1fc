"""AWS errors in the shape that each AWS protocol gives them."""

from __future__ import annotations

import json
from uuid import uuid4
from xml.sax.saxutils import escape

from werkzeug.exceptions import HTTPException

JSON_SERVICES = frozenset({"acm", "service-quotas", "servicequotas", "ssm", "events"})


class AwsError(HTTPException):
    """An AWS error: code, sentence and HTTP status. Codes follow AWS's documentation."""

    def __init__(self, aws_code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = status
        self.aws_code = aws_code
        self.message = message


def render(error: AwsError, service: str) -> tuple[int, dict[str, str], str]:
    """(status, headers, body) in the protocol of `service`."""
    status, request_id = error.code or 400, str(uuid4())
    if service in JSON_SERVICES:
        body = json.dumps({"__type": error.aws_code, "message": error.message})
        return status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id}, body
    inner = f"<Code>{escape(error.aws_code)}</Code><Message>{escape(error.message)}</Message>"
    if service == "ec2":
        body = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    else:
        side = "Receiver" if status >= 500 else "Sender"
        body = (
            f"<ErrorResponse><Error><Type>{side}</Type>{inner}</Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    return status, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, body


def denied(service: str, caller: str, action: str, resource: str) -> AwsError:
    """The refusal of a call that no policy allows: each service has its own code."""
    sentence = (
        f"User: {caller} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )
    if service == "ec2":
        text = f"You are not authorized to perform this operation. {sentence}"
        return AwsError("UnauthorizedOperation", text, 403)
    if service in JSON_SERVICES:
        return AwsError("AccessDeniedException", sentence, 400)
    return AwsError("AccessDenied", sentence, 403)
