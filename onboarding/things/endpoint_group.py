"""The security group in front of a rehearsal's endpoint, in the buyer test account (S36, S49), with its rules."""

from __future__ import annotations

from dataclasses import dataclass

from onboarding.things.security_group import SecurityGroup
from onboarding.things.security_rule import SecurityRule


@dataclass(frozen=True, kw_only=True)
class EndpointGroup(SecurityGroup):
    """A security group of its own for the test endpoint, gone with it. Values: vpc_id, name."""

    kind = "endpoint_group"
    words = "test endpoint's security group"
    converges = True
    compare = False
    temporary = True
    tag_type = ""  # a tag alone means a group of the service

    role: str = "buyer_test"


@dataclass(frozen=True, kw_only=True)
class EndpointRule(SecurityRule):
    """Lets a range of the buyer's VPC in on the listener's port, gone with its group."""

    kind = "endpoint_rule"
    words = "test endpoint's rule"
    converges = True
    temporary = True

    role: str = "buyer_test"
