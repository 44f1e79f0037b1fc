"""What “use existing” reads before any run, by the role through whose account it looks: plain names of IAM actions.

The pickers themselves (onboarding.pickers) are pages; a policy is made without them. Their test holds both together.
"""

from __future__ import annotations

from collections.abc import Mapping

PICKED: Mapping[str, tuple[str, ...]] = {
    "service": (
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "ec2:DescribeVpcEndpointServicePermissions",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
    ),
    "certificates": ("acm:DescribeCertificate", "acm:ListCertificates"),
    "dns": ("route53:GetHostedZone", "route53:ListHostedZones", "route53:ListHostedZonesByName"),
    "buyer_test": (
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcs",
    ),
}
