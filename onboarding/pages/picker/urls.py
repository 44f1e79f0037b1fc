"""The URL of what a person may choose among."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.pages.picker import views

urlpatterns: list[URLPattern] = [path("connections/<uuid:pk>/pick/<str:region>/<slug:kind>/", views.pick, name="pick")]
