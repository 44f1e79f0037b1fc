"""Opt-in regions, and availability zones whose names differ from account to account."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.responses import EC2Response

from sandbox.aws import patching
from sandbox.aws.errors import AwsError

# Regions that an account must enable before use (AWS: "opt-in regions", launched after March 2019).
OPT_IN = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
    }
)
_enabled: defaultdict[str, set[str]] = defaultdict(set)


def install() -> None:
    """Put our regions and zones in the place of moto's."""
    patching.replace(EC2Backend, "describe_availability_zones", describe_zones)
    patching.replace(EC2Response, "describe_regions", describe_regions)


def enable(account: str, region: str) -> None:
    """Opt the account in to the region."""
    _enabled[account].add(region)


def disable(account: str, region: str) -> None:
    """Opt the account out again. ValueError for a region that is always on."""
    if region not in OPT_IN:
        raise ValueError(f"{region} is always enabled; only {', '.join(sorted(OPT_IN))} can be disabled.")
    _enabled[account].discard(region)


def reset() -> None:
    """All accounts as new: no opt-in region enabled."""
    _enabled.clear()


def is_enabled(account: str, region: str) -> bool:
    """True if the account may use the region."""
    return region not in OPT_IN or region in _enabled[account]


def check_enabled(service: str, account: str, region: str) -> None:
    """Raise what AWS answers in a region that the account has not enabled."""
    if is_enabled(account, region):
        return
    if service == "ec2":
        raise AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if service == "sts":
        raise AwsError("RegionDisabledException", f"STS is not activated in {region} for this account.", 403)
    raise AwsError("OptInRequired", "The AWS Access Key Id needs a subscription for the service", 403)


def describe_regions(response: Any) -> ActionResult:
    """Enabled regions, or with AllRegions every region with its OptInStatus."""
    names = response._get_param("RegionNames", [])
    known = sorted(RegionsAndZonesBackend.zones)
    if unknown := [name for name in names if name not in known]:
        raise AwsError("InvalidParameterValue", f"Invalid region provided: {unknown[0]}")
    account = response.current_account
    everything = response._get_param("AllRegions", False) or bool(names)
    shown = [r for r in (names or known) if not r.startswith(("cn-", "us-gov-", "us-iso"))]
    regions = [
        {"RegionName": r, "Endpoint": f"ec2.{r}.amazonaws.com", "OptInStatus": _opt_in_status(account, r)}
        for r in shown
        if everything or is_enabled(account, r)
    ]
    return ActionResult({"Regions": _filtered(response, regions)})


def _filtered(response: Any, regions: list[dict[str, str]]) -> list[dict[str, str]]:
    keys = {"opt-in-status": "OptInStatus", "region-name": "RegionName", "endpoint": "Endpoint"}
    for name, values in response._filters_from_querystring().items():
        if name not in keys:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
        regions = [region for region in regions if region[keys[name]] in values]
    return regions


def _opt_in_status(account: str, region: str) -> str:
    if region not in OPT_IN:
        return "opt-in-not-required"
    return "opted-in" if region in _enabled[account] else "not-opted-in"


def common_zones(region: str) -> list[Zone]:
    """The region's zones under the names that moto gives everybody."""
    return list(RegionsAndZonesBackend.zones.get(region, []))


@lru_cache(maxsize=4096)
def zones(account: str, region: str) -> tuple[Zone, ...]:
    """The region's zones under this account's names: ids are stable, which letter means which is not."""
    known = common_zones(region)
    ids = sorted(zone.zone_id for zone in known)
    names = sorted(zone.name for zone in known)
    seed = hashlib.sha256(f"{account}:{region}".encode()).digest()
    random.Random(seed).shuffle(ids)  # noqa: S311 - a stable shuffle, not a secret
    return tuple(_zone(name, region, zone_id) for name, zone_id in zip(names, ids, strict=True))


def _zone(name: str, region: str, zone_id: str) -> Zone:
    """moto's zone with the facts that it leaves out."""
    zone: Any = Zone(name, region, zone_id)
    zone.opt_in_status = "opt-in-not-required"
    zone.group_name, zone.network_border_group = f"{region}-zg-1", region
    made: Zone = zone
    return made


def zone_of(account: str, region: str, name: str | None, zone_id: str | None) -> Zone:
    """The account's zone of that name or id. InvalidParameterValue if it has none."""
    for zone in zones(account, region):
        if zone_id == zone.zone_id or (not zone_id and name == zone.name):
            return zone
    listed = ", ".join(zone.name for zone in zones(account, region))
    raise AwsError(
        "InvalidParameterValue",
        f"Value ({zone_id or name}) for parameter availabilityZone is invalid. "
        f"Subnets can currently only be created in the following availability zones: {listed}.",
    )


def describe_zones(
    backend: Any, filters: Any = None, zone_names: list[str] | None = None, zone_ids: list[str] | None = None
) -> list[Zone]:
    """moto's query, over the account's own names. `opt-in-status` and `group-name` are known too."""
    found = list(zones(backend.account_id, backend.region_name))
    attributes: dict[str, Callable[[Zone], str]] = {
        "zone-id": lambda z: z.zone_id,
        "zone-name": lambda z: z.name,
        "zone-type": lambda z: z.zone_type,
        "region-name": lambda z: z.region_name,
        "state": lambda z: z.state,
        "opt-in-status": lambda z: "opt-in-not-required",
        "group-name": lambda z: f"{z.region_name}-zg-1",
    }
    for name, values in (filters or {}).items():
        if name not in attributes:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
        found = [zone for zone in found if attributes[name](zone) in values]
    for key, wanted in (("name", zone_names), ("zone_id", zone_ids)):
        if missing := set(wanted or ()) - {getattr(zone, key) for zone in found}:
            raise AwsError("InvalidParameterValue", f"Invalid availability zone: [{missing.pop()}]")
        found = [zone for zone in found if not wanted or getattr(zone, key) in wanted]
    return found
