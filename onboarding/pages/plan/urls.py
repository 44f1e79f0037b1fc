"""URLs of the plan pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.pages.plan import views

urlpatterns: list[URLPattern] = [
    path("products/<uuid:pk>/plan/", views.page, name="plan"),
    path("products/<uuid:pk>/plan/terraform/", views.terraform, name="plan_terraform"),
    path("products/<uuid:pk>/plan/check/", views.check, name="plan_check"),
    path("products/<uuid:pk>/plan/approve/<uuid:plan>/", views.approve, name="plan_approve"),
]
