"""What AWS's errors mean to us: one table from exact codes to the classes in docs/engine.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
)


class ErrorClass(StrEnum):
    """How the engine goes on after an error."""

    DOUBT = "in doubt"  # it may have happened: look, then go on
    NOT_SENT = "not sent"
    THROTTLE = "throttled"
    NOT_FOUND = "not found"  # settling if we made it a moment ago, else gone
    CREDENTIALS = "credentials"
    PERMISSION = "permission"
    YOURS = "yours to fix"
    DELETE_ORDER = "delete order"
    PERMANENT = "permanent"


THROTTLE = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "PriorRequestNotComplete",
}
DOUBT = {"InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable", "ServiceUnavailableException"}
CREDENTIALS = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"}
PERMISSION = {
    "UnauthorizedOperation",
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "OptInRequired",
    "UnauthorizedAccess",
    "PendingVerification",
}
YOURS = {
    "VpcLimitExceeded",
    "SubnetLimitExceeded",
    "SecurityGroupLimitExceeded",
    "RulesPerSecurityGroupLimitExceeded",
    "InternetGatewayLimitExceeded",
    "NatGatewayLimitExceeded",
    "AddressLimitExceeded",
    "VcpuLimitExceeded",
    "InstanceLimitExceeded",
    "TooManyLoadBalancers",
    "TooManyTargetGroups",
    "TooManyTargets",
    "TooManyListeners",
    "TooManyCertificates",
    "LimitExceededException",
    "VpcEndpointLimitExceeded",
    "VpcEndpointServiceLimitExceeded",
    "InsufficientInstanceCapacity",
    "InsufficientFreeAddressesInSubnet",
    "InvalidSubnet.Conflict",
    "InvalidVpcRange",
    "InvalidSubnet.Range",
    "InvalidAMIID.NotFound",
    "InvalidAMIID.Unavailable",
    "InvalidAMIID.Malformed",
    "Unsupported",
    "AvailabilityZoneNotSupported",
    "CertificateNotFound",
    "UnsupportedCertificate",
    "OperationNotPermitted",
    "DuplicateLoadBalancerName",
    "DuplicateTargetGroupName",
    "DuplicateListener",
    "InvalidGroup.Duplicate",
    "InvalidParameterValue",
    "InvalidParameter",
    "IncompatibleProtocols",
    "InvalidTarget",
    "UnsupportedOperation",
    "InvalidChangeBatch",
}
DELETE_ORDER = {
    "DependencyViolation",
    "ResourceInUse",
    "ResourceInUseException",
    "ExistingVpcEndpointConnections",
    "InvalidGroup.InUse",
}
NOT_FOUND = {
    "InvalidVpcID.NotFound",
    "InvalidSubnetID.NotFound",
    "InvalidSubnetId.NotFound",
    "InvalidGroup.NotFound",
    "InvalidGroupId.NotFound",
    "InvalidInstanceID.NotFound",
    "InvalidVpcEndpointId.NotFound",
    "InvalidVpcEndpointServiceId.NotFound",
    "InvalidVpcEndpoint.NotFound",
    "InvalidVpcEndpointService.NotFound",
    "InvalidNetworkLoadBalancerArn.NotFound",
    "LoadBalancerNotFound",
    "TargetGroupNotFound",
    "ListenerNotFound",
    "ResourceNotFoundException",
    "SubnetNotFound",
    "NoSuchHostedZone",
}

_TABLE: tuple[tuple[set[str], ErrorClass], ...] = (
    (THROTTLE, ErrorClass.THROTTLE),
    (DOUBT, ErrorClass.DOUBT),
    (CREDENTIALS, ErrorClass.CREDENTIALS),
    (PERMISSION, ErrorClass.PERMISSION),
    (YOURS, ErrorClass.YOURS),
    (DELETE_ORDER, ErrorClass.DELETE_ORDER),
    (NOT_FOUND, ErrorClass.NOT_FOUND),
)

# ACM's quota error has the code that botocore and other services use for throttling.
_QUOTAS = {
    "VpcLimitExceeded": ("vpc", "L-F678F1CE", "VPCs per Region"),
    "SubnetLimitExceeded": ("vpc", "L-407747CB", "subnets per VPC"),
    "TooManyLoadBalancers": ("elasticloadbalancing", "L-69A177A2", "network load balancers per Region"),
    "TooManyTargetGroups": ("elasticloadbalancing", "L-B22855CB", "target groups per Region"),
    "VcpuLimitExceeded": ("ec2", "L-1216C47A", "vCPUs of running On-Demand Standard instances"),
    "VpcEndpointLimitExceeded": ("vpc", "L-29B6F2EB", "interface endpoints per VPC"),
    "LimitExceededException": ("acm", "L-F141DD1D", "ACM certificates"),
}

SERVICE = "PlcService"  # where the door puts botocore's name of the service into an error's details

_ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)(?: on resource: (\S+))?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class AwsError:
    """One AWS error, read: `action` is the IAM action it was about ("ec2:CreateVpc"); `cure` is a sentence for
    people.
    """

    kind: ErrorClass
    code: str
    message: str
    request_id: str = ""
    action: str = ""
    resource: str = ""

    @property
    def cure(self) -> str:
        """What a person does about it; empty where the engine goes on by itself."""
        if self.kind is ErrorClass.PERMISSION:
            return f"Add {self.action} to the role's policy, then retry this step."
        if quota := _QUOTAS.get(self.code):
            service, number, words = quota
            return (
                f"Raise the quota “{words}” ({service} {number}) in Service Quotas, or free one, then retry this step."
            )
        if self.kind is ErrorClass.YOURS:
            return "Change the input that AWS names, or the account, then retry this step."
        if self.kind is ErrorClass.PERMANENT:
            return "Retry this step; if it fails again, tell the platform's administrators the request id."
        return ""

    @property
    def statement(self) -> str:
        """The policy statement that is missing, as JSON, for a permission error."""
        if self.kind is not ErrorClass.PERMISSION or not self.action:
            return ""
        return '{"Effect": "Allow", "Action": "' + self.action + '", "Resource": "' + (self.resource or "*") + '"}'


def code_of(error: Exception) -> str:
    """AWS's error code of a ClientError; empty for anything else."""
    return str(error.response["Error"].get("Code", "")) if isinstance(error, ClientError) else ""


def read(error: ClientError | BotoCoreError, service: str = "", operation: str = "") -> AwsError:
    """What this error means. An unknown 4xx code is permanent; the engine counts it as in doubt three times first."""
    if not isinstance(error, ClientError):
        return AwsError(kind=_unsent(error), code=type(error).__name__, message=str(error))
    detail = error.response["Error"]
    meta = error.response.get("ResponseMetadata", {})
    code, message = str(detail.get("Code", "")), str(detail.get("Message", ""))
    kind = next((kind for codes, kind in _TABLE if code in codes), None)
    if kind is None:
        kind = ErrorClass.DOUBT if int(meta.get("HTTPStatusCode", 400)) >= 500 else ErrorClass.PERMANENT
    named = _ACTION.search(message)
    service = service or str(detail.get(SERVICE, ""))
    prefix = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}.get(service, service)
    return AwsError(
        kind=kind,
        code=code,
        message=message,
        request_id=str(meta.get("RequestId", "")),
        action=named[1] if named else f"{prefix}:{operation or error.operation_name}",
        resource=(named[2] or "") if named else "",
    )


def _unsent(error: BotoCoreError) -> ErrorClass:
    if isinstance(error, (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError)):
        return ErrorClass.NOT_SENT
    if isinstance(error, NoCredentialsError):
        return ErrorClass.CREDENTIALS
    return ErrorClass.PERMANENT if isinstance(error, ParamValidationError) else ErrorClass.DOUBT
