"""Machine images, and which instance types a zone offers.

Every well-formed image id exists (x86_64, available) except those that begin with `ami-00000000`, which do
not: so a test can name one that is not there, and a spec's image need not be made first.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS
from moto.ec2.responses import EC2Response

from sandbox.aws import patching, regions
from sandbox.aws.errors import AwsError
from sandbox.aws.lists import matching, page

_AMI = re.compile(r"ami-[0-9a-f]{8,17}", re.ASCII)
_moto: dict[str, Any] = {}


def install() -> None:
    """Answer for images by id, and for offerings by the account's own zone names."""
    patching.replace(EC2Response, "describe_images", describe_images)
    _moto["offerings"] = patching.replace(
        EC2Response, "describe_instance_type_offerings", describe_instance_type_offerings
    )


def check(image: str) -> None:
    """InvalidAMIID.Malformed or .NotFound."""
    if not _AMI.fullmatch(image):
        raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{image}" (expecting "ami-...")')
    if image.startswith("ami-00000000"):
        raise AwsError("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist")


def describe_images(response: Any) -> ActionResult:
    """Images by id, or the catalogue of the region, filtered."""
    ids, owners = response._get_param("ImageIds", []), set(response._get_param("Owners", []))
    for image in ids:
        check(image)
    catalogue = {image["ImageId"]: image for image in _catalogue(response.region)}
    shown = [catalogue.get(image) or _described(image) for image in ids] or list(catalogue.values())
    shown = [image for image in shown if not owners or owners & {image["OwnerId"], image["ImageOwnerAlias"]}]
    readers = {
        "image-id": lambda i: i["ImageId"],
        "name": lambda i: i["Name"],
        "architecture": lambda i: i["Architecture"],
        "state": lambda i: i["State"],
        "owner-alias": lambda i: i["ImageOwnerAlias"],
        "owner-id": lambda i: i["OwnerId"],
        "root-device-type": lambda i: i["RootDeviceType"],
        "virtualization-type": lambda i: i["VirtualizationType"],
        "image-type": lambda i: i["ImageType"],
    }
    shown = matching(response, shown, readers, lambda i: [])
    found, token = page(response, shown)
    return ActionResult({"Images": found, "NextToken": token})


def _catalogue(region: str) -> list[dict[str, Any]]:
    """Amazon Linux 2023 for two architectures and two dates; ids differ by region, as in AWS."""
    found = []
    for architecture in ("x86_64", "arm64"):
        for date in ("20250929", "20251110"):
            name = f"al2023-ami-2023.9.{date}.0-kernel-6.1-{architecture}"
            image = f"ami-{hashlib.sha256(f'{region}/{name}'.encode()).hexdigest()[:16]}f"
            made = datetime.strptime(date, "%Y%m%d").replace(tzinfo=UTC)
            found.append({**_described(image), "Name": name, "Architecture": architecture, "CreationDate": made})
    return found


def _described(image: str) -> dict[str, Any]:
    return {
        "ImageId": image,
        "Name": f"image-{image[4:12]}",
        "Architecture": "x86_64",
        "CreationDate": datetime(2025, 11, 10, tzinfo=UTC),
        "State": "available",
        "ImageType": "machine",
        "OwnerId": "137112412989",
        "ImageOwnerAlias": "amazon",
        "Public": True,
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
    }


def check_offered(kind: str, region: str, zone_id: str) -> None:
    """Unsupported when the zone does not offer the type; a zone that moto has no data on offers all."""
    zones = _zones_with(kind, region)
    if zone_id in _zones_with(None, region) and zone_id not in zones:
        message = (
            f"Your requested instance type ({kind}) is not supported in your requested Availability Zone "
            f"({zone_id}). Please retry your request in one of {', '.join(sorted(zones))}."
        )
        raise AwsError("Unsupported", message)


@lru_cache(maxsize=4096)
def _zones_with(kind: str | None, region: str) -> frozenset[str]:
    """Ids of the zones that offer the type (None: any type)."""
    held = INSTANCE_TYPE_OFFERINGS["availability-zone-id"].get(region, [])
    return frozenset(offer["Location"] for offer in held if kind in (None, offer["InstanceType"]))


def describe_instance_type_offerings(response: Any) -> ActionResult:
    """moto's data; zone names are translated into the account's own."""
    result: ActionResult = _moto["offerings"](response)
    if response._get_param("LocationType") != "availability-zone":
        return result
    common = {z.name: z.zone_id for z in regions.common_zones(response.region)}
    own = {z.zone_id: z.name for z in regions.zones(response.current_account, response.region)}
    offers: Any = result.result
    offers["InstanceTypeOfferings"] = [
        {**offer, "Location": own.get(common.get(offer["Location"], ""), offer["Location"])}
        for offer in offers["InstanceTypeOfferings"]
    ]
    return result
