"""The simulated AWS: moto with PrivateLink, IAM, waits, quotas and refusals filled in."""

from __future__ import annotations

_installed: list[bool] = []


def install() -> None:
    """Patch moto, once. AttributeError when moto has changed under us."""
    if _installed:
        return
    from sandbox.aws import (
        accounts,
        certificates,
        connections,
        elb_interfaces,
        endpoint_services,
        endpoints,
        funnel,
        instances,
        listeners,
        load_balancing,
        network,
        notifications,
        permissions,
        private_dns,
        quotas,
        regions,
        simulation,
        sts,
        tagging,
        targets,
    )

    parts = (
        funnel, sts, accounts, regions, tagging, network, instances, load_balancing, listeners, targets,
        elb_interfaces, endpoint_services, private_dns, permissions, connections, endpoints, notifications,
        certificates, quotas, simulation,
    )  # fmt: skip
    for part in parts:
        part.install()
    _installed.append(True)


def reset() -> None:
    """Empty the whole world and make the hub account again. Settings and speed stay as they are."""
    from moto.core.base_backend import BackendDict

    from sandbox import faults, world
    from sandbox.aws import accounts, consistency, identity, quotas, regions, state, throttle, tokens
    from sandbox.aws.funnel import state_lock

    with state_lock:
        # Not BackendDict.reset(): that rebuilds every default VPC only to drop it.
        for backends in list(BackendDict._instances):
            backends.clear()
        BackendDict._instances.clear()
        for part in (tokens, consistency, identity, state):
            part.forget_all()
        for keeper in (regions, quotas, throttle, world.switches):
            keeper.reset()
        faults.clear()
        world.clear_calls()
        accounts.make_hub()
