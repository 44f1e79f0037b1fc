"""The words that columns may hold, each list once; the database enforces them."""

from collections.abc import Iterable

from django.db import models

from sellers.spec.fields import PROFILES


class PlatformRole(models.TextChoices):
    """What somebody is on the whole platform; most people are only members of sellers."""

    NONE = "", "None"
    ADMIN = "admin", "Administrator"
    REVIEWER = "reviewer", "Seller Operations reviewer"


class Role(models.TextChoices):
    """What a member is in a seller."""

    ENGINEER = "engineer", "Engineer"
    LEAD = "lead", "Lead"


class ConnectionState(models.TextChoices):
    """What we know about a role: not tested, refuses strangers and lets us in, or not accepted."""

    NEW = "new", "Not started"
    PROVEN = "proven", "Done"
    REFUSED = "refused", "Failed"


class Profile(models.TextChoices):
    """How buyers find the product: through AWS Marketplace, by our own private DNS name, or both."""

    MARKETPLACE = "marketplace", PROFILES["marketplace"]
    NATIVE = "native", PROFILES["native"]
    BOTH = "both", PROFILES["both"]


class ListenerProtocol(models.TextChoices):
    """What the load balancer does with connections: pass them on, or end TLS."""

    TCP = "TCP", "TCP"
    TLS = "TLS", "TLS"


class HealthProtocol(models.TextChoices):
    """How the load balancer asks a target whether it lives."""

    TCP = "TCP", "TCP"
    HTTP = "HTTP", "HTTP"
    HTTPS = "HTTPS", "HTTPS"


def one_of(field: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    """A constraint that `field` holds one of `values`."""
    condition = models.Q(**{f"{field}__in": list(values)})
    return models.CheckConstraint(condition=condition, name=name)


def a_port(field: str, name: str) -> models.CheckConstraint:
    """A constraint that `field` is a port."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__range": (1, 65535)}), name=name)
