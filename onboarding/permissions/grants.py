"""On what each changing IAM action is allowed, and under which condition."""

from __future__ import annotations

from dataclasses import dataclass

REQUEST, RESOURCE, CREATE_ACTION, SERVICE = "request", "resource", "create action", "service"
RECORDS, NONE = "records", ""


@dataclass(frozen=True)
class Grant:
    """On which kinds of resource an action is allowed, and under which condition. A kind is ARN's service
    and resource.

    REQUEST: our tag in the request; RESOURCE: our tag on the resource; RECORDS: only the product's DNS records.
    """

    condition: str
    kinds: tuple[str, ...]


BALANCER, GROUP, LISTENER = (
    f"elasticloadbalancing:{kind}/*" for kind in ("loadbalancer/net", "targetgroup", "listener/net")
)
ENDPOINT_SERVICE, ENDPOINT = "ec2:vpc-endpoint-service/*", "ec2:vpc-endpoint/*"
CERTIFICATE, HOSTED_ZONE = "acm:certificate/*", "route53:hostedzone/*"
NETWORK = ("ec2:vpc/*", "ec2:subnet/*")
_TAGGED = (
    "vpc",
    "subnet",
    "security-group",
    "instance",
    "volume",
    "network-interface",
    "vpc-endpoint-service",
    "vpc-endpoint",
)

GRANTS: dict[str, tuple[Grant, ...]] = {
    "ec2:CreateVpc": (Grant(REQUEST, ("ec2:vpc/*",)),),
    "ec2:ModifyVpcAttribute": (Grant(RESOURCE, ("ec2:vpc/*",)),),
    "ec2:DeleteVpc": (Grant(RESOURCE, ("ec2:vpc/*",)),),
    "ec2:CreateSubnet": (Grant(REQUEST, ("ec2:subnet/*",)), Grant(RESOURCE, ("ec2:vpc/*",))),
    "ec2:DeleteSubnet": (Grant(RESOURCE, ("ec2:subnet/*",)),),
    "ec2:CreateSecurityGroup": (Grant(REQUEST, ("ec2:security-group/*",)), Grant(RESOURCE, ("ec2:vpc/*",))),
    "ec2:DeleteSecurityGroup": (Grant(RESOURCE, ("ec2:security-group/*",)),),
    "ec2:AuthorizeSecurityGroupIngress": (Grant(RESOURCE, ("ec2:security-group/*",)),),
    "ec2:RevokeSecurityGroupIngress": (Grant(RESOURCE, ("ec2:security-group/*",)),),
    "ec2:RunInstances": (
        Grant(REQUEST, ("ec2:instance/*", "ec2:volume/*", "ec2:network-interface/*")),
        Grant(RESOURCE, ("ec2:subnet/*", "ec2:security-group/*")),
        Grant(NONE, ("ec2::image/*",)),
    ),
    "ec2:TerminateInstances": (Grant(RESOURCE, ("ec2:instance/*",)),),
    "ec2:CreateTags": (Grant(CREATE_ACTION, tuple(f"ec2:{kind}/*" for kind in _TAGGED)),),
    "ec2:CreateVpcEndpointServiceConfiguration": (Grant(REQUEST, (ENDPOINT_SERVICE,)),),
    "ec2:ModifyVpcEndpointServiceConfiguration": (Grant(RESOURCE, (ENDPOINT_SERVICE,)),),
    "ec2:ModifyVpcEndpointServicePermissions": (Grant(RESOURCE, (ENDPOINT_SERVICE,)),),
    "ec2:DeleteVpcEndpointServiceConfigurations": (Grant(RESOURCE, (ENDPOINT_SERVICE,)),),
    "ec2:AcceptVpcEndpointConnections": (Grant(RESOURCE, (ENDPOINT_SERVICE,)),),
    "ec2:RejectVpcEndpointConnections": (Grant(RESOURCE, (ENDPOINT_SERVICE,)),),
    "ec2:CreateVpcEndpoint": (
        Grant(REQUEST, (ENDPOINT,)),
        Grant(RESOURCE, ("ec2:security-group/*",)),
        Grant(RESOURCE, NETWORK),
    ),
    "ec2:DeleteVpcEndpoints": (Grant(RESOURCE, (ENDPOINT,)),),
    "ec2:StartVpcEndpointServicePrivateDnsVerification": (Grant(RESOURCE, (ENDPOINT_SERVICE,)),),
    "acm:RequestCertificate": (Grant(REQUEST, (CERTIFICATE,)),),
    "acm:AddTagsToCertificate": (Grant(REQUEST, (CERTIFICATE,)),),
    "acm:DeleteCertificate": (Grant(RESOURCE, (CERTIFICATE,)),),
    "route53:ChangeResourceRecordSets": (Grant(RECORDS, (HOSTED_ZONE,)),),
    "vpce:AllowMultiRegion": (Grant(NONE, (ENDPOINT_SERVICE,)),),
    "elasticloadbalancing:CreateLoadBalancer": (Grant(REQUEST, (BALANCER,)),),
    "elasticloadbalancing:ModifyLoadBalancerAttributes": (Grant(RESOURCE, (BALANCER,)),),
    "elasticloadbalancing:SetSecurityGroups": (Grant(RESOURCE, (BALANCER,)),),
    "elasticloadbalancing:DeleteLoadBalancer": (Grant(RESOURCE, (BALANCER,)),),
    "elasticloadbalancing:CreateTargetGroup": (Grant(REQUEST, (GROUP,)),),
    "elasticloadbalancing:RegisterTargets": (Grant(RESOURCE, (GROUP,)),),
    "elasticloadbalancing:DeregisterTargets": (Grant(RESOURCE, (GROUP,)),),
    "elasticloadbalancing:DeleteTargetGroup": (Grant(RESOURCE, (GROUP,)),),
    "elasticloadbalancing:CreateListener": (Grant(RESOURCE, (BALANCER,)),),
    "elasticloadbalancing:DeleteListener": (Grant(RESOURCE, (LISTENER,)),),
    "elasticloadbalancing:AddTags": (Grant(CREATE_ACTION, (BALANCER, GROUP, LISTENER)),),
    "iam:CreateServiceLinkedRole": (
        Grant(SERVICE, ("iam:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",)),
    ),
}
