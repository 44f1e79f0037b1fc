"""The simulated AWS: moto with PrivateLink, IAM, waits, quotas and refusals filled in."""

from __future__ import annotations

from typing import Any

_installed: list[bool] = []


def install() -> None:
    """Patch moto, once. AttributeError when moto has changed under us."""
    if _installed:
        return
    from sandbox.aws import (
        accounts,
        certificates,
        connections,
        discovery,
        elb_interfaces,
        endpoint_services,
        endpoints,
        funnel,
        hosted_zones,
        images,
        instances,
        listeners,
        load_balancing,
        network,
        notifications,
        permissions,
        public_dns,
        quotas,
        record_changes,
        regions,
        simulation,
        sts,
        tagging,
        targets,
    )
    from sandbox.dns import lookup

    # Later parts wrap earlier ones, so the order counts.
    parts = (
        funnel,
        sts,
        accounts,
        regions,
        tagging,
        network,
        images,
        instances,
        load_balancing,
        listeners,
        targets,
        elb_interfaces,
        endpoint_services,
        permissions,
        connections,
        endpoints,
        discovery,
        notifications,
        certificates,
        quotas,
        simulation,
        hosted_zones,
        record_changes,
    )
    for part in parts:
        part.install()
    public_dns.use_lookup(lookup.resolve)
    _installed.append(True)


def reset() -> None:
    """Empty the whole world and make the hub account again. Settings and speed stay as they are."""
    from moto.core.base_backend import BackendDict

    from sandbox import faults, state, world
    from sandbox.aws import accounts, consistency, identity, quotas, regions, throttle, tokens

    with state.state_lock:
        # Not BackendDict.reset(): that rebuilds every default VPC only to drop it.
        registry: Any = BackendDict
        for backends in list(registry._instances):
            backends.clear()
        registry._instances.clear()
        for part in (tokens, consistency, identity, state):
            part.forget_all()
        for keeper in (regions, quotas, throttle, world.switches):
            keeper.reset()
        faults.clear()
        world.clear_calls()
        accounts.make_hub()
