"""Formats of the field, each parsed by one function: the normalised value, or a FormatError with a sentence.

Pure: no Django, no network. The patterns follow AWS's own documents; see each function.
"""

from sellers.formats.aws import (
    Arn,
    account_id,
    acm_arn,
    alb_arn,
    ami_id,
    arn_parts,
    az_id,
    endpoint_id,
    instance_id,
    instance_type,
    known_regions,
    marketplace_product_id,
    nlb_arn,
    partition_of,
    principal,
    profile_name,
    region,
    region_title,
    role_arn,
    service_id,
    service_name,
    subnet_id,
    vpc_id,
)
from sellers.formats.base import FormatError
from sellers.formats.names import dns_name, is_below, name_servers, name_servers_advice, strictly_below
from sellers.formats.network import cidr, cidr_advice, health_check_path, ipv4, port
from sellers.formats.text import free_text, line, slug

__all__ = [
    "Arn",
    "FormatError",
    "account_id",
    "acm_arn",
    "alb_arn",
    "ami_id",
    "arn_parts",
    "az_id",
    "cidr",
    "cidr_advice",
    "dns_name",
    "endpoint_id",
    "free_text",
    "health_check_path",
    "instance_id",
    "instance_type",
    "ipv4",
    "is_below",
    "known_regions",
    "line",
    "marketplace_product_id",
    "name_servers",
    "name_servers_advice",
    "nlb_arn",
    "partition_of",
    "port",
    "principal",
    "profile_name",
    "region",
    "region_title",
    "role_arn",
    "service_id",
    "service_name",
    "slug",
    "strictly_below",
    "subnet_id",
    "vpc_id",
]
