"""A product in a region, with what was chosen for each resource there."""

import uuid
from typing import Any

from django.db import models

from sellers.models.product import Product
from sellers.spec import RegionChoices


class ProductRegion(models.Model):
    """One region of a product. `choices` is read and written only through `spec`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="regions")
    region = models.CharField(max_length=32)
    choices: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at", "region")
        constraints = (models.UniqueConstraint(fields=("product", "region"), name="product_region_once"),)

    def __str__(self) -> str:
        return f"{self.product} in {self.region}"

    @property
    def spec(self) -> RegionChoices:
        """The choices of this region."""
        return RegionChoices.model_validate(self.choices)

    @spec.setter
    def spec(self, choices: RegionChoices) -> None:
        self.choices = choices.model_dump(mode="json", exclude_defaults=True)
