"""Connection notifications of endpoint services and endpoints: kept and shown, nothing is sent."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from sandbox.aws import endpoint, patching, service
from sandbox.aws.errors import AwsError
from sandbox.aws.lists import matching, new_id, page
from sandbox.state import table

_TOPIC = re.compile(r"arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}", re.ASCII)
_EVENTS = ("Accept", "Connect", "Delete", "Reject")


def install() -> None:
    """Add the calls, which moto lacks."""
    patching.actions(
        EC2Response,
        create_vpc_endpoint_connection_notification,
        describe_vpc_endpoint_connection_notifications,
        modify_vpc_endpoint_connection_notification,
        delete_vpc_endpoint_connection_notifications,
    )


def create_vpc_endpoint_connection_notification(response: Any) -> ActionResult:
    """For a service or an endpoint of this account."""
    params, account, region = response.params, response.current_account, response.region
    if service_id := params.get("ServiceId"):
        service.find(account, region, service_id)
    elif endpoint_id := params.get("VpcEndpointId"):
        endpoint.find(account, region, endpoint_id)
    else:
        raise AwsError("MissingParameter", "Either ServiceId or VpcEndpointId must be specified")
    _check(params["ConnectionNotificationArn"], params["ConnectionEvents"])
    made = {
        "ConnectionNotificationId": new_id("vpce-nfn"),
        "ServiceId": service_id,
        "VpcEndpointId": params.get("VpcEndpointId"),
        "ConnectionNotificationType": "Topic",
        "ConnectionNotificationArn": params["ConnectionNotificationArn"],
        "ConnectionEvents": list(params["ConnectionEvents"]),
        "ConnectionNotificationState": "Enabled",
    }
    shown = {key: value for key, value in made.items() if value}
    table("notification")[shown["ConnectionNotificationId"]] = {"where": (account, region), "shown": shown}
    return ActionResult({"ConnectionNotification": shown, "ClientToken": params.get("ClientToken")})


def _check(topic: str, events: list[str]) -> None:
    if not _TOPIC.fullmatch(topic):
        raise AwsError("InvalidParameter", f"The SNS topic ARN '{topic}' is not valid.")
    if not events or set(events) - set(_EVENTS):
        raise AwsError("InvalidParameter", f"Connection events must be among {', '.join(_EVENTS)}.")


def describe_vpc_endpoint_connection_notifications(response: Any) -> ActionResult:
    """All of this account and region, or one by id."""
    where = (response.current_account, response.region)
    held = [n["shown"] for n in table("notification").values() if n["where"] == where]
    if wanted := response._get_param("ConnectionNotificationId"):
        held = [_find(response, wanted)]
    readers = {
        "connection-notification-arn": lambda n: n["ConnectionNotificationArn"],
        "connection-notification-id": lambda n: n["ConnectionNotificationId"],
        "connection-notification-state": lambda n: n["ConnectionNotificationState"],
        "connection-notification-type": lambda n: n["ConnectionNotificationType"],
        "service-id": lambda n: n.get("ServiceId"),
        "vpc-endpoint-id": lambda n: n.get("VpcEndpointId"),
    }
    shown, token = page(response, matching(response, held, readers, lambda n: []))
    return ActionResult({"ConnectionNotificationSet": shown, "NextToken": token})


def _find(response: Any, notification_id: str) -> dict[str, Any]:
    held = table("notification").get(notification_id)
    if held is None or held["where"] != (response.current_account, response.region):
        message = f"The connection notification '{notification_id}' does not exist"
        raise AwsError("InvalidConnectionNotification", message)
    shown: dict[str, Any] = held["shown"]
    return shown


def modify_vpc_endpoint_connection_notification(response: Any) -> ActionResult:
    """Another topic or other events."""
    params = response.params
    shown = _find(response, params["ConnectionNotificationId"])
    topic = params.get("ConnectionNotificationArn") or shown["ConnectionNotificationArn"]
    events = params.get("ConnectionEvents") or shown["ConnectionEvents"]
    _check(topic, events)
    shown |= {"ConnectionNotificationArn": topic, "ConnectionEvents": list(events)}
    return ActionResult({"ReturnValue": True})


def delete_vpc_endpoint_connection_notifications(response: Any) -> ActionResult:
    """Answers 200 with `Unsuccessful`."""
    failed = []
    for thing in response._get_param("ConnectionNotificationIds", []):
        try:
            _find(response, thing)
        except AwsError as wrong:
            error = {"Code": wrong.aws_code, "Message": wrong.message}
            failed.append({"ResourceId": thing, "Error": error})
        else:
            del table("notification")[thing]
    return ActionResult({"Unsuccessful": failed})
