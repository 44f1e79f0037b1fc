"""URLs of the wizard pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from onboarding.pages.wizard import views

urlpatterns: list[URLPattern] = [
    path("drafts/", views.index, name="drafts"),
    path("drafts/new/", views.new, name="draft_new"),
    path("drafts/<uuid:pk>/", views.link, name="draft_link"),
    path("drafts/<uuid:pk>/drop/", views.drop, name="draft_drop"),
    path("drafts/<uuid:pk>/<slug:page>/", views.page, name="draft"),
    path("drafts/<uuid:pk>/<slug:page>/save/", views.save, name="draft_save"),
    path("products/<uuid:pk>/draft/", views.of, name="draft_of"),
]
