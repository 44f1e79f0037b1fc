"""The machine image of the targets (S17): a given one, or the newest Amazon Linux 2023 that Amazon
publishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing
from onboarding.things.terraform import Lookup, name_of

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place


@dataclass(frozen=True, kw_only=True)
class Image(Thing):
    """The newest AL2023 image of `architecture` ("x86_64" or "arm64"). Values: name, architecture.
    Remembered once found, so that a newer image does not replace running targets.
    """

    kind = "image"
    words = "machine image"
    idempotency = Idempotency.READ
    reads = ("ec2:DescribeImages",)

    architecture: str = "x86_64"

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        pages = door.ec2.get_paginator("describe_images").paginate(
            Owners=["amazon"],
            Filters=[
                {"Name": "name", "Values": [f"al2023-ami-2023.*-{self.architecture}"]},
                {"Name": "architecture", "Values": [self.architecture]},
                {"Name": "state", "Values": ["available"]},
            ],
        )
        images = sorted(
            (i for page in pages for i in page["Images"]), key=lambda i: (i.get("CreationDate", ""), i["ImageId"])
        )
        if not images:
            said = f"AWS lists no Amazon Linux 2023 image for {self.architecture} in {door.region}."
            return Observation(
                id="none", state=State.WRONG, sentence=f"{said} Give an image_id for the targets, then retry this step."
            )
        return _seen(images[-1])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found: dict[str, Observation] = {}
        for aws_id in {aws_id for _, aws_id in wanted}:
            try:
                for image in door.ec2.describe_images(ImageIds=[aws_id])["Images"]:
                    found[aws_id] = _seen(image)
            except ClientError as error:
                if code_of(error) not in (
                    "InvalidAMIID.NotFound",
                    "InvalidAMIID.Unavailable",
                    "InvalidAMIID.Malformed",
                ):
                    raise
        return [found.get(aws_id) or missing(aws_id, "Machine image") for _, aws_id in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield f"{seen.sentence} Give the id of an image that this account may use in this region."
        elif seen.values["architecture"] != self.architecture:
            yield (
                f"Image {seen.id} is built for {seen.values['architecture']}, the instance type "
                f"for {self.architecture}. "
                "Change one of the two."
            )

    def predict(self, place: Place) -> Observation:
        aws_id = self.given or place.read(
            "image",
            "ec2",
            "DescribeImages",
            "sort_by(Images,&CreationDate)[-1].ImageId",
            Owners=["amazon"],
            Filters=[
                {"Name": "name", "Values": [f"al2023-ami-2023.*-{self.architecture}"]},
                {"Name": "state", "Values": ["available"]},
            ],
        )
        return Observation(id=aws_id, values={"name": "", "architecture": self.architecture})

    def terraform_lookup(self, seen: Observation) -> Lookup | None:
        if not seen.id.startswith("$"):
            return None
        body = {"owners": ["amazon"], "most_recent": True, "name_regex": f"^al2023-ami-2023.*-{self.architecture}$"}
        return Lookup("aws_ami", name_of(seen.id), body, seen.id, "id")


def architecture(instance_type: str) -> str:
    """The processor architecture of an instance type, by its name: families like t4g and m7gd are Graviton
    (arm64).
    """
    return "arm64" if re.match(r"(a1|[a-z]+\d+g[a-z]*)\.", instance_type, re.ASCII) else "x86_64"


def _seen(image: Any) -> Observation:
    return from_state(
        image["ImageId"],
        image.get("State", "available"),
        ready=["available"],
        pending=["pending"],
        words="Machine image",
        values={"name": image.get("Name", ""), "architecture": image.get("Architecture", "x86_64")},
    )
