"""Buyers: who may create an endpoint to a product (S23, S24)."""

import uuid

from django.db import models

from sellers.models.product import Product


class Buyer(models.Model):
    """One principal on a product's allow list; `is_test` marks the account that we rehearse from (S49)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="buyers")
    principal = models.CharField(max_length=256)
    account_id = models.CharField(max_length=12)
    alias = models.CharField(max_length=80, blank=True)
    is_test = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=("product", "principal"), name="buyer_once"),)

    def __str__(self) -> str:
        return self.alias or self.account_id
