"""URLs of the plan pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.views import plan

urlpatterns: list[URLPattern] = [
    path("products/<uuid:pk>/plan/", plan.page, name="plan"),
    path("products/<uuid:pk>/plan/terraform/", plan.terraform, name="plan_terraform"),
    path("products/<uuid:pk>/plan/check/", plan.check, name="plan_check"),
    path("products/<uuid:pk>/plan/approve/<uuid:plan>/", plan.approve, name="plan_approve"),
]
