"""A run: somebody's request to provision, verify or tear down a product or one of its regions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from onboarding.models.choices import RunState, Verb, one_of
from sellers.models import Product, Seller


class Run(models.Model):
    """`number` counts within the product; `spec` is the snapshot of what was asked for (sellers.spec.OnboardSpec).

    A product has at most one open run that writes; a verification is always allowed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=10, choices=Verb.choices)
    region = models.CharField(max_length=32, blank=True)
    until = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    spec = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)  # a verification's sign of life

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("product", "number"), name="run_number_once"),
            models.UniqueConstraint(
                fields=("product",),
                condition=models.Q(state="open", verb__in=("provision", "teardown")),
                name="run_one_open_writing",
            ),
            one_of("verb", Verb.values, "run_verb"),
            one_of("state", RunState.values, "run_state"),
        )

    def __str__(self) -> str:
        return f"run {self.number} of {self.product}"

    @property
    def writes(self) -> bool:
        """Whether it may change an account."""
        return self.verb != Verb.VERIFY
