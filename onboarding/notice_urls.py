"""URLs of the notice pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.views import inbox

urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/settings/", inbox.settings, name="notice_settings"),
    path("inbox/read/", inbox.read_all, name="notices_read"),
    path("inbox/<int:pk>/", inbox.open_one, name="notice"),
    path("inbox/<int:pk>/read/", inbox.read, name="notice_read"),
]
