"""What was chosen for each resource of a region: create it, use an existing one, or make it by hand.

`manual` is `existing` whose ids are not known yet: `with_answer` gives the `existing` choice once they are.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sellers import formats
from sellers.spec.problems import RULE

Cidr = Annotated[str, AfterValidator(formats.cidr)]
VpcId = Annotated[str, AfterValidator(formats.vpc_id)]
SubnetId = Annotated[str, AfterValidator(formats.subnet_id)]
InstanceId = Annotated[str, AfterValidator(formats.instance_id)]
ImageId = Annotated[str, AfterValidator(formats.ami_id)]
InstanceType = Annotated[str, AfterValidator(formats.instance_type)]
ProfileName = Annotated[str, AfterValidator(formats.profile_name)]
UserData = Annotated[str, AfterValidator(formats.free_text)]
Address = Annotated[str, AfterValidator(formats.ipv4)]
NlbArn = Annotated[str, AfterValidator(formats.nlb_arn)]
AlbArn = Annotated[str, AfterValidator(formats.alb_arn)]
AcmArn = Annotated[str, AfterValidator(formats.acm_arn)]
ServiceId = Annotated[str, AfterValidator(formats.service_id)]
RegionCode = Annotated[str, AfterValidator(formats.region)]
Mode = Literal["create", "existing", "manual"]


class Part(BaseModel):
    """A part of a spec: unknown keys are errors, and a part never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(Part):
    """What all resources share. `IDS` names the keys that say which existing one is meant, `MAKE` those for create.

    `IDS` is a list of alternatives; each is the set of keys that must be given together.
    """

    IDS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    MAKE: ClassVar[tuple[str, ...]] = ()
    mode: Mode = "create"

    @classmethod
    def mode_problems(cls, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(key, sentence) for keys that the mode forbids or lacks; `given` are the keys with a value."""
        mode = given.get("mode", "create")
        named = [key for group in cls.IDS for key in group if given.get(key)]
        if mode == "existing":
            problems = [
                (key, f"Mode existing doesn't use {key}. Remove it, or choose mode create.")
                for key in cls.MAKE
                if given.get(key) is not None and given.get(key) != cls.model_fields[key].default
            ]
            return problems + cls._missing(named)
        other = f"Mode {mode} doesn't use an ID. Remove it, or choose mode existing."
        return [(key, other) for key in named]

    @classmethod
    def _missing(cls, named: list[str]) -> list[tuple[str, str]]:
        groups = [group for group in cls.IDS if any(key in named for key in group)]
        if len(groups) > 1:
            return [("mode", f"Enter only one of {', '.join(named)}.")]
        if groups:
            return [(key, f"Mode existing also needs {key}. Add it.") for key in groups[0] if key not in named]
        wanted = " or ".join(" and ".join(group) for group in cls.IDS)
        return [("mode", f"Mode existing needs {wanted}. Add it, or choose create or manual.")] if wanted else []

    @model_validator(mode="after")
    def _fits_mode(self) -> Self:
        for key, sentence in self.mode_problems({name: getattr(self, name) for name in type(self).model_fields}):
            raise PydanticCustomError(RULE, "{key}: {sentence}", {"key": key, "sentence": sentence})
        return self

    def with_answer(self, **ids: Any) -> Self:
        """The same choice as mode existing with these ids, checked; ValidationError if they do not fit."""
        kept = {} if self.mode == "create" else self.model_dump(exclude={*self.MAKE, "mode"}, exclude_defaults=True)
        return type(self).model_validate({**kept, **ids, "mode": "existing"})


class NetworkChoice(Choice):
    """The VPC and one subnet an Availability Zone (S16, S39). Without a cidr one is assigned."""

    IDS = (("vpc_id", "subnet_ids"),)
    MAKE = ("cidr",)
    cidr: Cidr | None = None
    vpc_id: VpcId | None = None
    subnet_ids: tuple[SubnetId, ...] = ()


class TargetsChoice(Choice):
    """What answers behind the load balancer (S17). Without an image a placeholder responder is started."""

    IDS = (("instance_ids",), ("ip_addresses",), ("alb_arn",))
    MAKE = ("instance_type", "image_id", "user_data", "instance_profile")
    instance_type: InstanceType = "t3.micro"
    image_id: ImageId | None = None
    user_data: UserData | None = None
    instance_profile: ProfileName | None = None
    instance_ids: tuple[InstanceId, ...] = ()
    ip_addresses: tuple[Address, ...] = ()
    alb_arn: AlbArn | None = None


class LoadBalancerChoice(Choice):
    """The Network Load Balancer (S18, S40)."""

    IDS = (("arn",),)
    arn: NlbArn | None = None


class EndpointServiceChoice(Choice):
    """The endpoint service (S19, S41). `supported_regions` are further regions that buyers may connect from."""

    IDS = (("service_id",),)
    acceptance_required: bool = True
    supported_regions: tuple[RegionCode, ...] = ()
    service_id: ServiceId | None = None


class CertificateChoice(Choice):
    """The certificate for the friendly name, its wildcard and the private name (S21, S44)."""

    IDS = (("arn",),)
    arn: AcmArn | None = None


class RehearsalChoice(Part):
    """Where the buyer test account creates its endpoint (S47, S49); without it, in its default VPC."""

    vpc_id: VpcId | None = None
    subnet_ids: tuple[SubnetId, ...] = ()


def as_empty(value: object) -> object:
    """A key without a value, `eu-west-1:`, means the defaults."""
    return {} if value is None else value


class RegionChoices(Part):
    """All choices of one region. `eu-west-1: {}` creates everything."""

    network: Annotated[NetworkChoice, BeforeValidator(as_empty)] = Field(default_factory=NetworkChoice)
    targets: Annotated[TargetsChoice, BeforeValidator(as_empty)] = Field(default_factory=TargetsChoice)
    load_balancer: Annotated[LoadBalancerChoice, BeforeValidator(as_empty)] = Field(default_factory=LoadBalancerChoice)
    endpoint_service: Annotated[EndpointServiceChoice, BeforeValidator(as_empty)] = Field(
        default_factory=EndpointServiceChoice
    )
    certificate: Annotated[CertificateChoice, BeforeValidator(as_empty)] = Field(default_factory=CertificateChoice)
    rehearsal: Annotated[RehearsalChoice, BeforeValidator(as_empty)] = Field(default_factory=RehearsalChoice)
