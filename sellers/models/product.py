"""Products: the plain facts that hold in every region."""

import uuid

from django.db import models

from sellers import formats
from sellers.models.choices import HealthProtocol, ListenerProtocol, Profile, a_port, one_of
from sellers.models.connection import Connection
from sellers.models.seller import Seller
from sellers.models.user import User


def _connection() -> "models.ForeignKey[Connection | None, Connection | None]":
    return models.ForeignKey(Connection, on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class Product(models.Model):
    """A SaaS product. The friendly DNS name (S22) and the private DNS name (S6) are two fields (Q3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="products")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    marketplace_product_id = models.CharField(max_length=64, blank=True)
    friendly_dns_name = models.CharField(max_length=64, blank=True)
    private_dns_name = models.CharField(max_length=253, blank=True)
    profile = models.CharField(max_length=16, choices=Profile.choices, default=Profile.MARKETPLACE)
    listener_protocol = models.CharField(max_length=3, choices=ListenerProtocol.choices, default=ListenerProtocol.TCP)
    listener_port = models.PositiveIntegerField(default=443)
    target_port = models.PositiveIntegerField(default=443)
    health_check_protocol = models.CharField(max_length=5, choices=HealthProtocol.choices, default=HealthProtocol.TCP)
    health_check_path = models.CharField(max_length=1024, blank=True)
    service_connection = _connection()
    certificates_connection = _connection()
    dns_connection = _connection()
    buyer_test_connection = _connection()
    dns_by_hand = models.BooleanField("a person sets the DNS records", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("seller", "slug"), name="product_slug_once"),
            models.UniqueConstraint(fields=("seller", "name"), name="product_name_once"),
            one_of("profile", Profile.values, "product_profile"),
            one_of("listener_protocol", ListenerProtocol.values, "product_listener_protocol"),
            one_of("health_check_protocol", HealthProtocol.values, "product_health_check_protocol"),
            a_port("listener_port", "product_listener_port"),
            a_port("target_port", "product_target_port"),
            models.CheckConstraint(
                condition=models.Q(dns_by_hand=False) | models.Q(dns_connection__isnull=True),
                name="product_dns_by_hand_or_connected",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def partition(self) -> str:
        """The AWS partition of its regions: aws, aws-cn ...; "aws" while it has none."""
        first = self.regions.first()
        return formats.partition_of(first.region) if first else "aws"

    @property
    def certificates(self) -> Connection | None:
        """The connection that certificates come from: its own, else the service's."""
        return self.certificates_connection or self.service_connection

    @property
    def dns(self) -> Connection | None:
        """The connection whose Route 53 holds the zone; None if a person sets the records."""
        if self.dns_by_hand:
            return None
        return self.dns_connection or self.service_connection
