"""Connecting a role."""

from collections.abc import Sequence
from typing import Any

from django import forms

from sellers import formats
from sellers.forms.base import Formatted, code
from sellers.models import Connection, Seller


def _label(text: str) -> str:
    return formats.line(text, limit=80, required=False)


class ConnectionForm(forms.Form):
    """A role ARN and a label. The external ID is ours and not asked for."""

    seller = forms.ModelChoiceField(Seller.objects.none(), help_text="Whose account it is.")
    role_arn = Formatted(
        formats.role_arn,
        label="Role ARN",
        max_length=2048,
        widget=code(placeholder="arn:aws:iam::111111111111:role/onboarding"),
        help_text="The role may not exist yet: choose its name, and create it with the trust policy of the next page.",
    )
    label = Formatted(
        _label, required=False, max_length=80, help_text="What your team calls this account, such as Production."
    )

    def __init__(self, *args: Any, sellers: Sequence[Seller], **options: Any) -> None:
        super().__init__(*args, **options)
        seller: Any = self.fields["seller"]
        seller.queryset = Seller.objects.filter(pk__in=[row.pk for row in sellers])
        if len(sellers) == 1:
            seller.initial, seller.widget = sellers[0].pk, forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A role is connected once; a second connection would have a second external ID."""
        data = super().clean() or {}
        seller, arn = data.get("seller"), data.get("role_arn")
        if seller and arn and Connection.objects.filter(seller=seller, role_arn=arn).exists():
            self.add_error("role_arn", "This role is connected already. Open it in the list of connections.")
        return data

    def save(self) -> Connection:
        """The new connection, to be tested."""
        data = self.cleaned_data
        return Connection.objects.create(seller=data["seller"], role_arn=data["role_arn"], label=data["label"])
