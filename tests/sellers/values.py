"""Values for tests: the spec of the documentation, and the nasty ones of T24."""

from typing import Any

import pytest
import yaml

from sellers import spec

EXAMPLE = """
seller: example-analytics
product:
  name: Example Analytics
  marketplace_product_id: prod-abc123def4567
  friendly_dns_name: api.vpce.example.com
  private_dns_name: api.example.com
  profile: marketplace
  listener: {protocol: TLS, port: 443, target_port: 8443, health_check: {protocol: TCP}}
connections:
  service: "arn:aws:iam::111111111111:role/onboarding"
  certificates: "arn:aws:iam::111111111111:role/certificates"
  dns: none
  buyer_test: "arn:aws:iam::222222222222:role/onboarding-test"
regions:
  us-east-1:
    network: {mode: create, cidr: 10.20.0.0/16}
    targets: {mode: create, instance_type: t3.micro, image_id: ami-0123456789abcdef0, user_data: "#!/bin/sh"}
    load_balancer: {mode: create}
    endpoint_service: {mode: create, acceptance_required: true, supported_regions: []}
    certificate: {mode: create}
    rehearsal: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0]}
  eu-west-1: {}
buyers:
  - {account_id: "333333333333", alias: Acme}
  - {principal: "arn:aws:iam::444444444444:role/reader", alias: Globex}
"""

NASTY = (
    "",
    "   ",
    "x" * 1024,
    "x" * 65_536,
    "a\0b",
    "a\r\nBcc: x@y.example",
    "\tx",
    "a\u202eb",
    "a\u200bb",
    "e\u0301",
    "\U0001f600",
    "\u0130\u00df",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{% load x %}",
    "${7*7}",
    'hx-get="/x"',
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "' OR 1=1--",
    "../../etc/passwd",
    "CON",
    "f" * 300,
    "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10\uff11\uff12",
    "*",
    "null",
    "0",
    "999999999999999999999999",
)


def example(**changes: Any) -> dict[str, Any]:
    """The example as data, with values replaced: `product__name="X"`; None removes a key."""
    data: dict[str, Any] = yaml.safe_load(EXAMPLE)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = data
        for key in parents:
            place = place[key.replace("_1", "-1").replace("us_east", "us-east").replace("eu_west", "eu-west")]
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return data


def problems(data: object) -> dict[str, str]:
    """Each wrong field with its sentence."""
    with pytest.raises(spec.SpecErrors) as caught:
        spec.load_data(data)
    return {problem.field: problem.sentence for problem in caught.value.problems}
