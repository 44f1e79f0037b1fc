"""Security groups as a firewall: may this source reach this port?"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any


def admits(groups: Iterable[Any], port: int, source_ip: str, source_groups: Iterable[str] = ()) -> bool:
    """True if any inbound rule of any of the groups lets TCP from the source in at the port."""
    names = set(source_groups)
    return any(
        _covers(rule, port) and _from(rule, source_ip, names) for group in groups for rule in group.ingress_rules
    )


def _covers(rule: Any, port: int) -> bool:
    if rule.ip_protocol == "-1":
        return True
    return rule.ip_protocol == "tcp" and int(rule.from_port) <= port <= int(rule.to_port)


def _from(rule: Any, source_ip: str, groups: set[str]) -> bool:
    if (rule.source_group or {}).get("GroupId") in groups:
        return True
    cidr = rule.cidr_ipv4
    return bool(cidr) and ipaddress.ip_address(source_ip) in ipaddress.ip_network(cidr, strict=False)
