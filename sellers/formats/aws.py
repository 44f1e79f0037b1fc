"""AWS identifiers: accounts, regions, ARNs, ids, service names."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from sellers.formats.base import FormatError, clean, match, not_a, quoted

REG = r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}"
PART = r"aws(?:-[a-z]+)*"
_NAME = r"[\w+=,.@-]{1,64}"


@dataclass(frozen=True)
class Arn:
    """The parts of an Amazon Resource Name."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def arn_parts(arn: str) -> Arn:
    """Split an ARN that one of the functions below has accepted."""
    _, partition, service, region, account, resource = arn.split(":", 5)
    return Arn(partition, service, region, account, resource)


def account_of(arn: str | None) -> str:
    """The account of an ARN; "" of anything else."""
    return arn.split(":")[4] if arn and arn.count(":") >= 5 else ""


@dataclass(frozen=True)
class Region:
    """A region of AWS as botocore knows it."""

    partition: str
    title: str


@cache
def known_regions() -> dict[str, Region]:
    """Every region that botocore knows: {"eu-west-1": Region("aws", "Europe (Ireland)"), ...}. No network."""
    from botocore.loaders import create_loader

    data: dict[str, Any] = create_loader().load_data("endpoints")
    return {
        name: Region(part["partition"], facts["description"])
        for part in data["partitions"]
        for name, facts in part["regions"].items()
        if re.fullmatch(REG, name, re.ASCII)
    }


def region(text: str) -> str:
    """A region code, such as eu-west-1."""
    value = match(REG, text, "a Region code", "us-east-1")
    if value not in known_regions():
        raise FormatError(f"AWS has no Region {quoted(value)}. Enter a Region code, such as us-east-1.")
    return value


def partition_of(region_code: str) -> str:
    """The partition of a known region: aws, aws-cn, aws-us-gov ..."""
    return known_regions()[region_code].partition


def region_title(region_code: str) -> str:
    """What AWS calls a known region, such as "Europe (Ireland)"."""
    return known_regions()[region_code].title


def account_id(text: str) -> str:
    """Twelve digits as text, leading zeros kept; `1111-2222-3333` is understood."""
    value = re.sub(r"[ -]", "", clean(text))
    if re.fullmatch(r"[0-9]{12}", value):
        return value
    raise not_a(clean(text), "a 12-digit AWS account ID", "111122223333")


def az_id(text: str) -> str:
    """An Availability Zone id, such as use1-az4; zone names differ between accounts, ids do not."""
    return match(r"[a-z]{2,4}\d{1,2}-az\d{1,2}", text, "an Availability Zone ID", "use1-az4")


def role_arn(text: str) -> str:
    """The ARN of an IAM role, with or without a path."""
    value = clean(text)
    kind, example = "an IAM role ARN", "arn:aws:iam::111111111111:role/onboarding"
    if re.match(r"A(KIA|SIA)[A-Z0-9]{12}", value):
        raise FormatError(f"Access keys aren't accepted. Enter {kind}, such as {example}.")
    if len(value) > 2048:
        raise not_a(value, kind, example)
    return match(rf"arn:{PART}:iam::\d{{12}}:role/(?:[\x21-\x7e]{{1,510}}/)?{_NAME}", value, kind, example)


def principal(text: str, partition: str = "aws") -> str:
    """Who may see a service: an account ID (becomes its root ARN), or an account, role or user ARN without path."""
    value = clean(text)
    if value == "*":
        raise FormatError("The principal * allows every AWS account. Enter each buyer's account ID instead.")
    if re.fullmatch(r"[0-9][0-9 -]*", value, re.ASCII):
        return f"arn:{partition}:iam::{account_id(value)}:root"
    return match(
        rf"arn:{PART}:iam::\d{{12}}:(?:root|(?:role|user)/{_NAME})",
        value,
        "an account ID or an IAM ARN without a path",
        "333333333333 or arn:aws:iam::333333333333:role/reader",
    )


def nlb_arn(text: str) -> str:
    """The ARN of a Network Load Balancer."""
    return match(
        rf"arn:{PART}:elasticloadbalancing:{REG}:\d{{12}}:loadbalancer/net/"
        r"(?!internal-)[0-9A-Za-z](?:[0-9A-Za-z-]{0,30}[0-9A-Za-z])?/[0-9a-f]{16}",
        text,
        "a Network Load Balancer ARN",
        "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/api/0123456789abcdef",
    )


def alb_arn(text: str) -> str:
    """The ARN of an Application Load Balancer."""
    return match(
        rf"arn:{PART}:elasticloadbalancing:{REG}:\d{{12}}:loadbalancer/app/"
        r"(?!internal-)[0-9A-Za-z](?:[0-9A-Za-z-]{0,30}[0-9A-Za-z])?/[0-9a-f]{16}",
        text,
        "an Application Load Balancer ARN",
        "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/api/0123456789abcdef",
    )


def acm_arn(text: str) -> str:
    """The ARN of a certificate in AWS Certificate Manager."""
    return match(
        rf"arn:{PART}:acm:{REG}:\d{{12}}:certificate/[0-9A-Za-z-]{{36,64}}",
        text,
        "an ACM certificate ARN",
        "arn:aws:acm:us-east-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
    )


def _id(prefix: str, kind: str, text: str) -> str:
    return match(rf"{prefix}-[0-9a-f]{{8,17}}", text, kind, f"{prefix}-0123456789abcdef0")


def vpc_id(text: str) -> str:
    """A VPC id."""
    return _id("vpc", "a VPC ID", text)


def subnet_id(text: str) -> str:
    """A subnet id."""
    return _id("subnet", "a subnet ID", text)


def instance_id(text: str) -> str:
    """An EC2 instance id."""
    return _id("i", "an instance ID", text)


def ami_id(text: str) -> str:
    """An image id."""
    return _id("ami", "an AMI ID", text)


def endpoint_id(text: str) -> str:
    """A VPC endpoint id."""
    return _id("vpce", "a VPC endpoint ID", text)


def service_id(text: str) -> str:
    """An endpoint service id; the digits vary from 8 to 17 in the guide's own samples."""
    return _id("vpce-svc", "an endpoint service ID", text)


def service_name(text: str, region: str | None = None) -> str:
    """A service name such as com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0, of `region` if given (S41)."""
    value = clean(text)
    found = re.fullmatch(rf"(?:cn\.)?com\.amazonaws\.vpce\.({REG})\.(vpce-svc-[0-9a-f]{{8,17}})", value, re.ASCII)
    if not found:
        example = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
        raise not_a(value, "an endpoint service name", example)
    if region and found[1] != region:
        raise FormatError(f"{value} is in {found[1]}, not {region}. Enter the service's name in {region}.")
    return value


def instance_type(text: str) -> str:
    """An EC2 instance type, such as t3.micro."""
    return match(r"[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{1,20}", text, "an EC2 instance type", "t3.micro")


def profile_name(text: str) -> str:
    """The name of an IAM instance profile."""
    return match(r"[\w+=,.@-]{1,128}", text, "an instance profile name, without its ARN", "api-targets")


def marketplace_product_id(text: str) -> str:
    """A Marketplace product ID: prod- and letters or digits, or an older product's UUID."""
    return match(
        r"prod-[0-9a-z]{8,32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        text,
        "an AWS Marketplace product ID",
        "prod-abc123def4567",
    )
