"""The buyer test account on the allow list, for as long as a rehearsal lasts (S23, S33, S46, S49)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.things.principal import Principal, allowed
from onboarding.things.setting import PreviousValue
from sellers import formats

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients

EVERYONE = "*"


@dataclass(frozen=True, kw_only=True)
class TrialPrincipal(Principal):
    """The test account's root as `principal` on the allow list of `service_id`, only during the buyer test."""

    kind = "trial_principal"
    words = "test account's entry on the allow list"
    temporary = True
    any_order = True  # taking it off cuts no connection


@dataclass(frozen=True, kw_only=True)
class TrialPrincipalBefore(PreviousValue):
    """What let the test account into the service `target` before us: value `name` (its root), `*`, another principal
    of its account, or "".
    """

    kind = "trial_principal_before"
    words = "earlier entry of the test account"
    reads = ("ec2:DescribeVpcEndpointServicePermissions",)
    converges = True
    temporary = True

    def look(self, door: RegionClients) -> str:
        there, account = allowed(door, self.target), formats.account_of(self.name)
        theirs = sorted(principal for principal in there if f"::{account}:" in principal)
        return next((found for found in (self.name, EVERYONE, *theirs) if found in there), "")
