"""What people type to take something down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from sellers.forms.base import code


class TeardownForm(forms.Form):
    """Which part is taken down, and the product's name, typed, so that nobody does it by accident."""

    region = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    name = forms.CharField(max_length=120, label="Product name", widget=code())

    def __init__(self, *args: Any, product_name: str, regions: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.product_name, self.regions = product_name, regions
        self.fields["name"].label = f"Type {product_name} to confirm"

    def clean_name(self) -> str:
        """The name, exactly."""
        if self.cleaned_data["name"].strip() != self.product_name:
            raise ValidationError(f"This is not the product's name. Type {self.product_name}, or leave the page.")
        return self.product_name

    def clean_region(self) -> str:
        """A region of the product, or nothing for all of it."""
        region: str = self.cleaned_data["region"]
        if region and region not in self.regions:
            raise ValidationError(f"The product has nothing in {region}. Choose one of its regions.")
        return region
