"""The Django application of sellers."""

from django.apps import AppConfig


class SellersConfig(AppConfig):
    """Sellers, their members, connections and products."""

    name = "sellers"
    verbose_name = "Sellers"
