"""URLs of the notice pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.pages.inbox import views

urlpatterns: list[URLPattern] = [
    path("inbox/", views.index, name="inbox"),
    path("inbox/settings/", views.settings, name="notice_settings"),
    path("inbox/read/", views.read_all, name="notices_read"),
    path("inbox/<int:pk>/", views.open_one, name="notice"),
    path("inbox/<int:pk>/read/", views.read, name="notice_read"),
]
