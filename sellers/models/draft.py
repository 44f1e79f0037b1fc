"""A product that people are still deciding about: what they typed, valid or not, and who typed what last."""

import uuid
from typing import Any

from django.db import models

from sellers.models.product import Product
from sellers.models.seller import Seller
from sellers.models.user import User


class Draft(models.Model):
    """Values of the wizard, resumable by its link and by a colleague. Read and written through `sellers.drafts`.

    `data` maps a path of the spec ("regions.eu-west-1.network.vpc_id") to the text that was typed, and "regions" to
    the list of regions. `stamps` maps a path to who changed it last, at which version, and what stood there before.
    `base` is what the product held when the draft of its change began. A finished draft never changes again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="drafts")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, editable=False)
    stamps: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, editable=False)
    base: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the product is to be called, as far as typed; else what a list shows in its place."""
        return str(self.data.get("product.name") or "").strip()[:120] or "Product without a name"
