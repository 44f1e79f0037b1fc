"""The onboarding app: how a product gets onboarded."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """Registers the checklist's system checks."""

    name = "onboarding"
    default_auto_field = "django.db.models.BigAutoField"
