"""Live pickers of “use existing”: what the account behind a connection has, scored by the rules (features 2, 3).

`PICKERS` by kind, the slug of the page; `reads(kinds)` are the IAM actions that a role needs for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from onboarding.pages.picker.balancers import ApplicationBalancers, LoadBalancers, TargetGroups
from onboarding.pages.picker.base import Picker
from onboarding.pages.picker.certificates import Certificates
from onboarding.pages.picker.compute import Instances, SecurityGroups
from onboarding.pages.picker.network import Subnets, Vpcs
from onboarding.pages.picker.rehearsal import RehearsalSubnets, RehearsalVpcs
from onboarding.pages.picker.service import EndpointServices
from onboarding.pages.picker.zones import HostedZones

__all__ = ["PICKERS", "reads"]

PICKERS: dict[str, Picker] = {
    picker.kind: picker
    for picker in (
        Vpcs(),
        Subnets(),
        SecurityGroups(),
        Instances(),
        LoadBalancers(),
        ApplicationBalancers(),
        TargetGroups(),
        Certificates(),
        EndpointServices(),
        HostedZones(),
        RehearsalVpcs(),
        RehearsalSubnets(),
    )
}


def reads(kinds: Iterable[str] = ()) -> list[str]:
    """The IAM actions that the pickers of these kinds take, or all of them, sorted: reads alone."""
    wanted = set(kinds) or set(PICKERS)
    return sorted({action for kind, picker in PICKERS.items() if kind in wanted for action in picker.reads})
