"""URLs of the wizard pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.views import pick, wizard

urlpatterns: list[URLPattern] = [
    path("drafts/", wizard.index, name="drafts"),
    path("drafts/new/", wizard.new, name="draft_new"),
    path("drafts/<uuid:pk>/", wizard.link, name="draft_link"),
    path("drafts/<uuid:pk>/drop/", wizard.drop, name="draft_drop"),
    path("drafts/<uuid:pk>/<slug:page>/", wizard.page, name="draft"),
    path("drafts/<uuid:pk>/<slug:page>/save/", wizard.save, name="draft_save"),
    path("products/<uuid:pk>/draft/", wizard.of, name="draft_of"),
    path("connections/<uuid:pk>/pick/<str:region>/<slug:kind>/", pick.pick, name="pick"),
]
