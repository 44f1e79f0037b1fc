"""A seller's own domain, held in its Route 53."""

from __future__ import annotations

from typing import Any

from sandbox import world
from sandbox.clock import clock


class Domain:
    """The seller's public zone of example.com in Route 53."""

    def __init__(self, route53: Any) -> None:
        self._route53 = route53
        made = route53.create_hosted_zone(Name="example.com", CallerReference="1")
        self._zone = made["HostedZone"]["Id"]
        clock.advance(world.settings.dns_seconds)

    def put(self, name: str, kind: str, *values: str, action: str = "UPSERT", wait: float | None = None) -> None:
        """Changes a record and waits until it is served, or for `wait` seconds."""
        records = [{"Value": value} for value in values]
        wanted = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": records}
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": wanted}]}
        self._route53.change_resource_record_sets(HostedZoneId=self._zone, ChangeBatch=batch)
        clock.advance(world.settings.dns_seconds if wait is None else wait)
