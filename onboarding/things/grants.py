"""On what a changing IAM action is allowed, and under which condition. Each thing lists the grants of its actions."""

from __future__ import annotations

from dataclasses import dataclass

REQUEST, RESOURCE, CREATE_ACTION, SERVICE = "request", "resource", "create action", "service"
RECORDS, NONE = "records", ""


@dataclass(frozen=True)
class Grant:
    """Allows `action` on kinds of resource, each an ARN's service and resource.

    REQUEST: our tag in the request; RESOURCE: our tag on the resource; RECORDS: only the product's DNS records.
    """

    action: str
    condition: str
    kinds: tuple[str, ...]


VPC, SUBNET, GROUP = "ec2:vpc/*", "ec2:subnet/*", "ec2:security-group/*"
NETWORK = (VPC, SUBNET)
INSTANCE = ("ec2:instance/*", "ec2:volume/*", "ec2:network-interface/*")
BALANCER, TARGET_GROUP, LISTENER = (
    f"elasticloadbalancing:{kind}/*" for kind in ("loadbalancer/net", "targetgroup", "listener/net")
)
ENDPOINT_SERVICE, ENDPOINT = "ec2:vpc-endpoint-service/*", "ec2:vpc-endpoint/*"
CERTIFICATE, HOSTED_ZONE = "acm:certificate/*", "route53:hostedzone/*"
