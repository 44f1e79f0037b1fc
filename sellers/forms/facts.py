"""The fields of the product form that hold in every region."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from sellers.forms.base import code
from sellers.models import Connection, Product, Seller
from sellers.models.choices import HealthProtocol, ListenerProtocol, Profile

BY_HAND = "none"
ROLES = ("service", "certificates", "dns", "buyer_test")


class Guided(forms.CharField):
    """A text field that names its guide line; its rules are the spec's, so that all are told at once."""

    def __init__(self, *, guide: str = "", **options: Any) -> None:
        self.guide = guide
        super().__init__(required=False, **options)


def fields_of(
    sellers: Sequence[Seller], connections: Sequence[Connection], product: Product | None
) -> dict[str, forms.Field]:
    """Seller, names, listener and connections."""
    return {**_names(sellers, product), **_listener(), **_connections(connections)}


def _names(sellers: Sequence[Seller], product: Product | None) -> dict[str, forms.Field]:
    owners = [product.seller] if product else sellers
    seller = forms.ChoiceField(choices=[(owner.slug, owner.name) for owner in owners], label="Seller")
    if len(owners) == 1:
        seller.initial, seller.widget = owners[0].slug, forms.HiddenInput()
    return {
        "seller": seller,
        "product.name": Guided(label="Name", help_text="As buyers know it."),
        "product.profile": forms.ChoiceField(
            label="Buyers find it through", choices=Profile.choices, required=False, initial=Profile.MARKETPLACE
        ),
        "product.marketplace_product_id": Guided(
            label="Marketplace product ID",
            guide="S26",
            widget=code(placeholder="prod-abc123def4567"),
            help_text="From the product's page in the Marketplace Management Portal.",
        ),
        "product.friendly_dns_name": Guided(
            label="Friendly DNS name",
            guide="S22",
            widget=code(placeholder="api.vpce.example.com"),
            help_text="A name that Marketplace takes over; buyers see endpoints below it. At most 64 characters.",
        ),
        "product.private_dns_name": Guided(
            label="Private DNS name",
            guide="S6",
            widget=code(placeholder="api.example.com"),
            help_text="The name that buyers' programs call, as they do today. Optional, recommended.",
        ),
    }


def _listener() -> dict[str, forms.Field]:
    base = "product.listener"
    return {
        f"{base}.protocol": forms.ChoiceField(
            label="Protocol",
            choices=ListenerProtocol.choices,
            required=False,
            initial=ListenerProtocol.TCP,
            help_text="TLS ends at the load balancer and needs a certificate there; TCP is passed on.",
        ),
        f"{base}.port": Guided(
            label="Listener port", guide="S18", initial="443", widget=_number(), help_text="What buyers call."
        ),
        f"{base}.target_port": Guided(
            label="Target port", initial="443", widget=_number(), help_text="Where your targets listen."
        ),
        f"{base}.health_check.protocol": forms.ChoiceField(
            label="Health check", choices=HealthProtocol.choices, required=False, initial=HealthProtocol.TCP
        ),
        f"{base}.health_check.path": Guided(
            label="Health check path", widget=code(placeholder="/health"), help_text="Only with HTTP and HTTPS."
        ),
    }


def _number() -> forms.TextInput:
    return code(inputmode="numeric")


def _connections(connections: Sequence[Connection]) -> dict[str, forms.Field]:
    rows = [(str(row.pk), str(row)) for row in connections]
    texts = {
        "service": ("Service", "Choose a connection", "The account of network, load balancer and endpoint service."),
        "certificates": ("Certificates", "Same as service", "The account that asks ACM for certificates."),
        "dns": ("DNS", "Same as service", "The account whose Route 53 holds your zone."),
        "buyer_test": ("Buyer test", "None yet", "Another account, from which we connect as a buyer would."),
    }
    fields: dict[str, forms.Field] = {}
    for role, (label, nothing, hint) in texts.items():
        by_hand = [(BY_HAND, "A person sets the records")] if role == "dns" else []
        fields[f"connections.{role}"] = forms.ChoiceField(
            label=label, choices=[("", nothing), *by_hand, *rows], required=False, help_text=hint
        )
    return fields


@dataclass(frozen=True)
class Section:
    """A card of the form; `connect` adds the way to connect a missing role."""

    title: str
    hint: str
    fields: list[BoundField]
    hidden: list[BoundField]
    connect: bool = False


def sections_of(form: forms.Form) -> list[Section]:
    """The three cards above the regions."""
    texts = (
        ("product.name", "Product and names", "What buyers see and call.", ("seller", "product.")),
        ("product.listener", "Listener and targets", "The same in every region.", ("product.listener.",)),
        ("connections", "AWS access", "One role an account; two of them may be the same.", ("connections.",)),
    )
    found = []
    for key, title, hint, starts in texts:
        fields = [form[name] for name in form.fields if name.startswith(starts)]
        if key == "product.name":
            fields = [field for field in fields if not field.name.startswith("product.listener.")]
        hidden = [field for field in fields if field.is_hidden]
        shown = [field for field in fields if not field.is_hidden]
        found.append(Section(title, hint, shown, hidden, connect=key == "connections"))
    return found
