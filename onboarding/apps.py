"""The onboarding app: how a product gets onboarded."""

from django.apps import AppConfig
from django.core.checks import register


class OnboardingConfig(AppConfig):
    """Registers the checklist's system checks."""

    name = "onboarding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """As Django's."""
        from onboarding.checks import complete, reachable

        register(complete)
        register(reachable, deploy=True)
