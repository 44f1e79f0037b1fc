"""Looking into a product's accounts before any run: read-only sessions, and a context like the one that steps get."""

from __future__ import annotations

from django.utils import timezone

from onboarding.aws import sessions
from onboarding.aws.door import Door
from onboarding.engine.context import arn_for, home, resolver, side_by_side
from onboarding.models import Resource, ResourceState
from onboarding.plan.findings import Closed
from onboarding.steps.base import Answer, Context
from sellers.models import Connection, Product
from sellers.models.words import ConnectionState
from sellers.spec import OnboardSpec
from sellers.store import spec_of

ROLES = ("service", "certificates", "dns", "buyer_test")


class Look:
    """One Check now. All of the database is read when it is made, so that looks may go side by side."""

    def __init__(self, product: Product) -> None:
        self.spec: OnboardSpec = spec_of(product)
        self.product_id, self.owner, self.slug = str(product.pk), str(product.seller_id), product.slug
        self.purpose = f"plc-{product.seller.slug}-plan"[:64]
        proven = Connection.objects.filter(seller_id=product.seller_id, state=ConnectionState.PROVEN)
        self._external = dict(proven.values_list("role_arn", "external_id"))
        things = Resource.objects.filter(product=product).exclude(state=ResourceState.GONE).exclude(aws_id="")
        self.ours = set(things.order_by().values_list("aws_id", flat=True))

    def roles(self) -> list[str]:
        """The roles in use; one that another stands for is asked once."""
        arns = {role: arn_for(self.spec, role) for role in ROLES}
        return [role for at, role in enumerate(ROLES) if arns[role] and arns[role] not in list(arns.values())[:at]]

    def doors(self, role: str, region: str) -> Door:
        """The read-only door of a role. Raises Closed for a role without a proven connection."""
        return self._door(role, region, read_only=True)

    def writing(self, region: str) -> Door:
        """The service role's door as a run has it, for dry runs: outside a run the gate lets nothing else through."""
        return self._door("service", region, read_only=False)

    def context(self, region: str = "") -> Context:
        """What a step would be told of this region, before anything was made."""
        return Context(
            product_id=self.product_id,
            owner=self.owner,
            spec=self.spec,
            region=region,
            made={},
            answer=Answer(),
            doors=self.doors,
            probe=None,
            side_by_side=side_by_side,
            evidence=lambda slug, region: (),
            dns=resolver(),
            now=timezone.now(),
            writes=False,
        )

    def _door(self, role: str, region: str, *, read_only: bool) -> Door:
        arn = arn_for(self.spec, role)
        if arn not in self._external:
            words = f"The AWS connection {arn} is not proven." if arn else "The product lacks an AWS connection."
            raise Closed(words, "Test it on the Connections page, then check again.")
        key = sessions.Role(
            arn=arn, external_id=self._external[arn], purpose=self.purpose, read_only=read_only
        )  # fmt: skip
        return sessions.door(key, region or home(self.spec))
