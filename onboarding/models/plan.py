"""A plan: what a run would do, as somebody saw it before it was approved; and the list prices behind its estimate."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from onboarding.models.choices import one_of
from onboarding.models.run import Run
from sellers.models import Product, Seller


class Plan(models.Model):
    """`inputs` is what the plan was made from and `fingerprint` its digest: it is true as long as they are.

    `rows` are plan.rows.Row, `expected` seconds by slug from past runs, `checks` what Check now found and `facts` the
    account as it was seen then. `why` says what made the plan before this one untrue. `run` is the run that carries it
    out, once approved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="plans")
    fingerprint = models.CharField(max_length=64)
    inputs = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    expected = models.JSONField(default=dict)
    checks = models.JSONField(null=True)
    facts = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="plans")

    class Meta:
        ordering = ("-made_at",)
        indexes = (models.Index(fields=("product", "-made_at"), name="plan_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(run__isnull=True) | models.Q(approved_at__isnull=False), name="plan_run_is_approved"
            ),
        )

    def __str__(self) -> str:
        return f"plan of {self.product} of {self.made_at:%Y-%m-%d %H:%M}"


class PriceUnit(models.TextChoices):
    """What a price is for. Hours and months are counted for each thing; what depends on use is only named."""

    HOUR = "hour", "per hour"
    MONTH = "month", "per month"
    USE = "use", "usage-based"


class Price(models.Model):
    """A list price in US dollars. `service` is a kind of thing, or kind and type ("instance:t3.micro"); `region` is ""
    for every region without a price of its own. The page shows `source` and `as_of` beside the estimate.
    """

    service = models.CharField(max_length=80, help_text="A kind of thing, or kind:type, such as instance:t3.micro.")
    words = models.CharField(max_length=160, help_text="What people call it, such as “Network load balancer”.")
    unit = models.CharField(max_length=5, choices=PriceUnit.choices)
    region = models.CharField(max_length=32, blank=True, help_text="Empty: every region without a price of its own.")
    usd = models.DecimalField(max_digits=10, decimal_places=5, validators=[MinValueValidator(0)])
    source = models.URLField(max_length=300)
    as_of = models.DateField()

    class Meta:
        ordering = ("service", "unit", "region")
        constraints = (
            models.UniqueConstraint(fields=("service", "unit", "region"), name="price_once"),
            models.CheckConstraint(condition=models.Q(usd__gte=0), name="price_not_negative"),
            one_of("unit", PriceUnit.values, "price_unit"),
        )

    def __str__(self) -> str:
        return f"{self.words} {self.region}".strip()
