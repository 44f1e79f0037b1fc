"""The facts of a product that hold in every region, its connections and its buyers."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sellers import formats
from sellers.spec.choices import Part, RegionChoices, RegionCode, as_empty


def _role_or_none(text: str) -> str:
    return text if text == "none" else formats.role_arn(text)


def _optional(value: object) -> object:
    """An empty value counts as left out, so that forms and files mean the same."""
    return None if value == "" else value


Line = Annotated[str, AfterValidator(formats.line)]
Port = Annotated[int, BeforeValidator(formats.port)]
RoleArn = Annotated[str, AfterValidator(formats.role_arn)]
ProductId = Annotated[str, AfterValidator(formats.marketplace_product_id)]
FriendlyName = Annotated[str, AfterValidator(formats.friendly_name)]
PrivateName = Annotated[str, AfterValidator(formats.dns_name)]
Path = Annotated[str, AfterValidator(formats.health_check_path)]
AccountId = Annotated[str, AfterValidator(formats.account_id)]
Principal = Annotated[str, AfterValidator(formats.principal)]


def _alias(text: str) -> str:
    return formats.line(text, limit=80, required=False)


class HealthCheck(Part):
    """How the load balancer asks whether a target lives; `path` only with HTTP and HTTPS."""

    protocol: Literal["TCP", "HTTP", "HTTPS"] = "TCP"
    path: Annotated[Path | None, BeforeValidator(_optional)] = None


class Listener(Part):
    """Where buyers knock (`port`) and where the targets listen (`target_port`)."""

    protocol: Literal["TCP", "TLS"] = "TCP"
    port: Port = 443
    target_port: Port = 443
    health_check: Annotated[HealthCheck, BeforeValidator(as_empty)] = Field(default_factory=HealthCheck)


class ProductFacts(Part):
    """Name, Marketplace id, the two DNS names (Q3), profile and listener.

    Product ID and friendly name may be left out only with profile native.
    """

    name: Line
    marketplace_product_id: Annotated[ProductId | None, BeforeValidator(_optional)] = None
    friendly_dns_name: Annotated[FriendlyName | None, BeforeValidator(_optional)] = None
    private_dns_name: Annotated[PrivateName | None, BeforeValidator(_optional)] = None
    profile: Literal["marketplace", "native", "both"] = "marketplace"
    listener: Annotated[Listener, BeforeValidator(as_empty)] = Field(default_factory=Listener)


class ConnectionArns(Part):
    """The roles that we assume. certificates and dns default to service; dns "none" means a person sets records."""

    service: RoleArn
    certificates: Annotated[RoleArn | None, BeforeValidator(_optional)] = None
    dns: Annotated[Annotated[str, AfterValidator(_role_or_none)] | None, BeforeValidator(_optional)] = None
    buyer_test: Annotated[RoleArn | None, BeforeValidator(_optional)] = None


class BuyerFacts(Part):
    """A buyer: an account ID, or a principal; exactly one of them."""

    account_id: Annotated[AccountId | None, BeforeValidator(_optional)] = None
    principal: Annotated[Principal | None, BeforeValidator(_optional)] = None
    alias: Annotated[str, AfterValidator(_alias)] = ""

    def arn(self, partition: str = "aws") -> str:
        """The principal as AWS stores it, in the partition of the product's regions."""
        return self.principal or formats.principal(self.account_id or "", partition)


class OnboardSpec(Part):
    """All that a person decides about a product: what `manage.py onboard` reads and the form writes."""

    seller: Annotated[str, AfterValidator(formats.slug)]
    product: ProductFacts
    connections: ConnectionArns
    regions: Annotated[dict[RegionCode, Annotated[RegionChoices, BeforeValidator(as_empty)]], Field(min_length=1)]
    buyers: Annotated[tuple[BuyerFacts, ...], BeforeValidator(lambda value: () if value is None else value)] = ()

    @property
    def partition(self) -> str:
        """The AWS partition of all its regions: aws, aws-cn, aws-us-gov ..."""
        return formats.partition_of(next(iter(self.regions)))
