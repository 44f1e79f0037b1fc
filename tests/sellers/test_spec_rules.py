"""Each rule between fields of a spec: the field it names, and the words of its cure."""

from typing import Any

import pytest

from sellers import spec
from tests.sellers.values import example, problems

NLB = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/api/0123456789abcdef"
ACM = "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"seller": "Not A Slug"}, "seller", "lowercase"),
    ({"seller": None}, "seller", "Required"),
    ({"regions": {}}, "regions", "at least one"),
    ({"regions": None}, "regions", "Required"),
    ({"product__friendly_dns_name": "example.com"}, "product.friendly_dns_name", "can't be delegated"),
    ({"product__friendly_dns_name": None}, "product.friendly_dns_name", "Marketplace"),
    ({"product__marketplace_product_id": None}, "product.marketplace_product_id", "Marketplace"),
    ({"product__private_dns_name": "api.vpce.example.com"}, "product.private_dns_name", "outside"),
    ({"product__private_dns_name": "x.api.vpce.example.com"}, "product.private_dns_name", "outside"),
    ({"product__profile": "market"}, "product.profile", "one of"),
    ({"product__listener__health_check": {"path": "/x"}}, "product.listener.health_check.path", "HTTP"),
    ({"connections__buyer_test": "arn:aws:iam::111111111111:role/x"}, "connections.buyer_test", "another account"),
    ({"connections__buyer_test": None}, "regions.us-east-1.rehearsal", "buyer_test"),
    ({"connections__dns": "nobody"}, "connections.dns", "role ARN"),
    ({"connections__service": "arn:aws-cn:iam::111111111111:role/x"}, "connections.service", "isn't in aws"),
    ({"regions__cn-north-1": {}}, "regions.cn-north-1", "each partition"),
    ({"regions__us_east_1__network": {"mode": "existing"}}, "regions.us-east-1.network.mode", "needs vpc_id"),
    (
        {"regions__us_east_1__network": {"mode": "existing", "vpc_id": "vpc-12345678"}},
        "regions.us-east-1.network.subnet_ids",
        "also needs",
    ),
    ({"regions__us_east_1__network": {"vpc_id": "vpc-12345678"}}, "regions.us-east-1.network.vpc_id", "mode existing"),
    (
        {"regions__us_east_1__network": {"mode": "manual", "vpc_id": "vpc-12345678"}},
        "regions.us-east-1.network.vpc_id",
        "mode existing",
    ),
    (
        {
            "regions__us_east_1__network": {
                "mode": "existing",
                "vpc_id": "vpc-12345678",
                "subnet_ids": ["subnet-12345678"],
                "cidr": "10.0.0.0/16",
            }
        },
        "regions.us-east-1.network.cidr",
        "doesn't use cidr",
    ),
    (
        {
            "regions__us_east_1__targets": {
                "mode": "existing",
                "instance_ids": ["i-12345678"],
                "ip_addresses": ["10.0.0.4"],
            }
        },
        "regions.us-east-1.targets.mode",
        "only one",
    ),
    (
        {"regions__us_east_1__targets": {"mode": "existing", "ip_addresses": ["10.0.0.4", "10.0.0.4"]}},
        "regions.us-east-1.targets.ip_addresses[2]",
        "twice",
    ),
    (
        {"regions__us_east_1__load_balancer": {"mode": "existing", "arn": NLB.replace("east-1", "west-2")}},
        "regions.us-east-1.load_balancer.arn",
        "is in us-west-2, not us-east-1",
    ),
    (
        {"regions__us_east_1__load_balancer": {"mode": "existing", "arn": NLB.replace("111111111111", "999999999999")}},
        "regions.us-east-1.load_balancer.arn",
        "account 999999999999",
    ),
    (
        {"regions__us_east_1__certificate": {"mode": "existing", "arn": ACM.replace("111111111111", "999999999999")}},
        "regions.us-east-1.certificate.arn",
        "account 999999999999",
    ),
    (
        {"regions__us_east_1__endpoint_service": {"supported_regions": ["us-east-1"]}},
        "regions.us-east-1.endpoint_service.supported_regions[1]",
        "own Region",
    ),
    (
        {"regions__us_east_1__rehearsal": {"subnet_ids": ["subnet-12345678"]}},
        "regions.us-east-1.rehearsal.vpc_id",
        "need their VPC",
    ),
    ({"regions__us_east_1__network": [1]}, "regions.us-east-1.network", "set of keys"),
    ({"buyers": [{"alias": "Acme"}]}, "buyers[1]", "exactly one"),
    ({"buyers": [{"principal": "*"}]}, "buyers[1].principal", "every AWS account"),
    ({"buyers": [{"principal": "arn:aws-cn:iam::333333333333:root"}]}, "buyers[1]", "isn't in aws"),
    ({"buyers": {"a": 1}}, "buyers", "list"),
]


@pytest.mark.parametrize(("changes", "field", "words"), CASES, ids=[f"{n}-{case[1]}" for n, case in enumerate(CASES)])
def test_a_broken_rule_names_field_rule_and_cure(changes: dict[str, Any], field: str, words: str) -> None:
    found = problems(example(**changes))
    assert list(found) == [field]
    assert words in found[field]


def test_a_native_product_needs_no_marketplace_values() -> None:
    data = example(product={"name": "Plain", "profile": "native", "private_dns_name": "api.example.com"})
    assert spec.load_data(data).product.friendly_dns_name is None


def test_a_certificate_of_another_account_serves_tcp() -> None:
    role = "arn:aws:iam::777777777777:role/certificates"
    choice = {"mode": "existing", "arn": ACM.replace("111111111111", "777777777777")}
    data = example(connections__certificates=role, regions__us_east_1__certificate=choice)
    data["product"]["listener"]["protocol"] = "TCP"
    assert spec.load_data(data).regions["us-east-1"].certificate.arn == choice["arn"]
    data["product"]["listener"]["protocol"] = "TLS"
    assert "regions.us-east-1.certificate.arn" in problems(data)
