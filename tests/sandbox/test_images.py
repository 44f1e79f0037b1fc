"""Images, and instance types that not every zone offers."""

from __future__ import annotations

from typing import Any

from tests.sandbox import build
from tests.sandbox.conftest import REGION, Client


def images(ec2: Any, name: str) -> list[str]:
    found = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": [name]}])["Images"]
    return [image["ImageId"] for image in sorted(found, key=lambda i: i["CreationDate"])]


def test_amazon_linux_is_found_by_name_and_differs_by_region(client: Client) -> None:
    here, there = client("ec2"), client("ec2", region="eu-west-1")
    intel, arm = images(here, "al2023-ami-2023.*-x86_64"), images(here, "al2023-ami-2023.*-arm64")
    assert len(intel) == len(arm) == 2
    assert not set(intel) & set(images(there, "al2023-ami-2023.*-x86_64"))
    shown = here.describe_images(ImageIds=[intel[-1]])["Images"][0]
    assert (shown["Architecture"], shown["State"]) == ("x86_64", "available")


def test_images_that_are_not_there_are_refused(client: Client, code: Any) -> None:
    ec2 = client("ec2")
    net = build.network(ec2)
    run = {"MinCount": 1, "MaxCount": 1, "SubnetId": net.subnets[0]}
    for image, expected in (("ami-00000000000000000", "InvalidAMIID.NotFound"), ("ami-x", "InvalidAMIID.Malformed")):
        assert code(ec2.describe_images, ImageIds=[image]) == expected
        assert code(ec2.run_instances, ImageId=image, **run) == expected


def test_a_zone_that_lacks_the_type_refuses_it(client: Client, code: Any) -> None:
    ec2 = client("ec2")
    wanted = [{"Name": "instance-type", "Values": ["t3.micro"]}]

    def offers(kind: str) -> set[str]:
        found = ec2.describe_instance_type_offerings(LocationType=kind, Filters=wanted)["InstanceTypeOfferings"]
        return {offer["Location"] for offer in found}

    zones = {z["ZoneId"]: z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}
    ids = offers("availability-zone-id")
    assert offers("availability-zone") == {zones[zone_id] for zone_id in ids}
    (without,) = set(zones) - ids
    net = build.network(ec2, zone_ids=[without, *sorted(ids)[:1]])
    asked = {"ImageId": build.IMAGE, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    assert code(ec2.run_instances, SubnetId=net.subnets[0], **asked) == "Unsupported"
    assert ec2.run_instances(SubnetId=net.subnets[1], **asked)["Instances"]


def test_image_names_are_public_parameters_too(client: Client) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    found = client("ssm").get_parameters(Names=[name])["Parameters"][0]
    assert found["ARN"].startswith(f"arn:aws:ssm:{REGION}:")
    assert client("ec2").describe_images(ImageIds=[found["Value"]])["Images"]
