"""What can be done to the world from outside, one function an action. Form and JSON call the same.

Each takes the values sent and returns something that JSON can hold. Wrong values raise ValueError with a
sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sandbox import faults, world
from sandbox.aws import accounts, certificates, private_dns, reset
from sandbox.clock import clock
from sandbox.control import marketplace, names
from sandbox.control.trust import trust_policy, wide_policy
from sandbox.control.values import Values, account, document, flag, mapping, number, text
from sandbox.mail import Outbox
from sandbox.marketplace.desk import Desk

HOST_SWITCHES = ("", "slow", "refuse", "wrong certificate", "expired certificate")
Action = Callable[[Values], Any]


def set_speed(values: Values) -> Any:
    """`{"speed": 10}`: simulated seconds per real second."""
    clock.set_speed(number(values, "speed"))
    return {"speed": clock.speed}


def advance(values: Values) -> Any:
    """`{"seconds": 60}`: moves the clock forward."""
    clock.advance(number(values, "seconds"))
    return {"now": clock.now()}


def set_settings(values: Values) -> Any:
    """`{"nlb_seconds": 3, ...}`: the knobs; all or none are set."""
    world.settings.update({name: number(values, name) for name in values})
    return asdict(world.settings)


def add_fault(values: Values) -> Any:
    """One rule, as `sandbox.faults.Rule` describes it."""
    rule = {name: value for name, value in values.items() if value != ""}
    for name in ("pct", "seconds"):
        if name in rule:
            rule[name] = number(rule, name)
    for name in ("status", "skip", "times"):
        if rule.get(name) is not None:
            rule[name] = int(number(rule, name))
    if rule.get("mutating") is not None:
        rule["mutating"] = flag(rule, "mutating")
    return asdict(faults.add(rule))


def clear_faults(values: Values) -> Any:
    """Forgets all faults."""
    faults.clear()
    return []


def clear_calls(values: Values) -> Any:
    """Empties the call log."""
    world.clear_calls()
    return []


def create_role(values: Values) -> Any:
    """Makes a role; one of that name that is there gets the new trust and policies.

    `account_id`, `role_name`, then either `trust_policy` or `principal` and `external_id`; `policies`: a
    list.
    """
    policies = document(values, "policies") or [wide_policy()]
    trust = (
        mapping(values, "trust_policy")
        if values.get("trust_policy")
        else trust_policy(text(values, "principal"), str(values.get("external_id", "")).strip())
    )
    if not isinstance(policies, list) or not all(isinstance(policy, dict) for policy in policies):
        raise ValueError("policies must be a list of policy documents, like [{}].")
    arn = accounts.create_role(account(values), text(values, "role_name"), trust, policies)
    return {"arn": arn}


def admin(values: Values) -> Any:
    """`{"account_id": ...}`: keys of a person at that account's console, who may do all there."""
    return accounts.admin_credentials(account(values))


def set_region(values: Values) -> Any:
    """`{"account_id", "region", "enabled"}`: opts an account in to a region, or out."""
    change = accounts.enable_region if flag(values, "enabled") else accounts.disable_region
    change(account(values), text(values, "region"))
    return {"enabled": flag(values, "enabled")}


def set_quota(values: Values) -> Any:
    """`{"account_id", "region", "service", "code", "value"}`; a form sends service and code as one `quota`."""
    service, _, code = str(values.get("quota", "")).partition(" ")
    service, code = service or text(values, "service"), code or text(values, "code")
    accounts.set_quota(account(values), text(values, "region"), service, code, number(values, "value"))
    return {"value": number(values, "value")}


def set_certificate(values: Values) -> Any:
    """`{"arn", "status", "reason"}`: issues a pending certificate by hand, or fails it for a reason."""
    status = str(values.get("status") or "ISSUED")
    certificates.set_status(text(values, "arn"), status, str(values.get("reason") or ""))
    return {"status": status}


def renew_certificate(values: Values) -> Any:
    """`{"arn"}`: begins the renewal of an issued certificate. Gives its status."""
    return {"status": certificates.renew(text(values, "arn"))}


def set_private_dns(values: Values) -> Any:
    """`{"service_id", "state"}`: sets the verification of a private DNS name by hand."""
    private_dns.set_state(text(values, "service_id"), text(values, "state"))
    return {"state": text(values, "state")}


def set_listens(values: Values) -> Any:
    """`{"target": "i-...:8443", "listens": true}`: whether something listens at a target."""
    target = text(values, "target")
    if not target.rpartition(":")[2].isdigit():
        raise ValueError(f"target must end with a port, like i-0123456789abcdef0:8443; got {target!r}.")
    world.switches.listens[target] = flag(values, "listens")
    return dict(world.switches.listens)


def set_host(values: Values) -> Any:
    """`{"host": ..., "is": one of HOST_SWITCHES}`: how a name behaves to probes."""
    host, switch = text(values, "host").lower().rstrip("."), values.get("is") or ""
    if switch not in HOST_SWITCHES:
        raise ValueError(f"is must be one of {', '.join(HOST_SWITCHES[1:])}, or empty; got {switch!r}.")
    world.switches.hosts.pop(host, None)
    if switch:
        world.switches.hosts[host] = switch
    return dict(world.switches.hosts)


def all_actions(outbox: Outbox, desk: Desk) -> dict[str, Action]:
    """The actions by the last part of their address."""

    def clear_outbox(values: Values) -> Any:
        outbox.clear()
        return []

    def start_over(values: Values) -> Any:
        reset()
        outbox.clear()
        desk.clear()
        return {}

    return {
        "speed": set_speed,
        "advance": advance,
        "settings": set_settings,
        "faults": add_fault,
        "faults-clear": clear_faults,
        "calls-clear": clear_calls,
        "roles": create_role,
        "admin": admin,
        "regions": set_region,
        "quotas": set_quota,
        "certificates": set_certificate,
        "listens": set_listens,
        "hosts": set_host,
        "outbox-clear": clear_outbox,
        "reset": start_over,
        "renew": renew_certificate,
        "private-dns": set_private_dns,
        **marketplace.all_actions(desk),
        "dns_zone": names.dns_zone,
        "dns_record": names.dns_record,
        "dns_delegate": names.dns_delegate,
        "dns_break": names.dns_break,
        "dns_server": names.dns_server,
    }
