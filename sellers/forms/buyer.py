"""Adding a buyer."""

from typing import Any

from django import forms

from sellers import formats
from sellers.forms.base import Formatted, code
from sellers.models import Buyer, Product


class BuyerForm(forms.Form):
    """An account ID or principal, and an alias (S23)."""

    principal = Formatted(
        formats.principal,
        label="AWS account ID or ARN",
        max_length=256,
        widget=code(placeholder="333333333333"),
        help_text="The 12 digits that the buyer sees in the account menu of the AWS console.",
        guide="S23",
    )
    alias = Formatted(
        lambda text: formats.line(text, limit=80, required=False),
        required=False,
        max_length=80,
        help_text="What you call the buyer.",
    )

    def __init__(self, *args: Any, product: Product, **options: Any) -> None:
        super().__init__(*args, **options)
        self.product = product
        field: Any = self.fields["principal"]
        field.parse = lambda text: formats.principal(text, product.partition)

    def clean_principal(self) -> str:
        """In the partition of the product's regions, and not there yet."""
        principal: str = self.cleaned_data["principal"]
        if formats.arn_parts(principal).partition != self.product.partition:
            raise forms.ValidationError(
                f"This principal is not in {self.product.partition}, where the regions are. Correct its ARN."
            )
        if self.product.buyers.filter(principal=principal).exists():
            raise forms.ValidationError("This buyer is on the list already.")
        return principal

    def save(self) -> Buyer:
        """The new buyer; AWS learns it with the next run."""
        principal = self.cleaned_data["principal"]
        return Buyer.objects.create(
            product=self.product,
            principal=principal,
            account_id=formats.arn_parts(principal).account,
            alias=self.cleaned_data["alias"],
        )
