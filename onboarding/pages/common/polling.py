"""The polled part of a page: 304 without a body while nothing changed.

The part carries its own ETag and sends it back itself (`hx-headers`), so the answer is never stored by the browser
and an unchanged part is not swapped at all: scroll, focus and selection stay.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from onboarding.models import Item
from onboarding.pages.common.tenant import for_checklist
from sellers.access import signed_in, user_of
from sellers.models import Product

T = TypeVar("T", Product, Item)
View = Callable[[HttpRequest, UUID], HttpResponse]

# Drawn in place of each reader's own CSRF token, which is put in afterwards; nobody can guess it into a page.
_ANYBODY = secrets.token_hex(32)
_KEPT_SECONDS = 30


def etag(product: Product, role: str) -> str:
    """Of the product's version, the viewer's role and the build: all that the live part is made of."""
    progress = getattr(product, "progress", None)
    version = progress.version if progress else 0
    build = hashlib.sha256(settings.BUILD.encode()).hexdigest()[:12]
    return f'"{version}-{role}-{build}"'


def tag_of(request: HttpRequest, product: Product) -> str:
    """The `etag` of a product for who asks."""
    return etag(product, for_checklist(request).role(product))


def polled_page(
    template: str,
    live_template: str,
    find: Callable[[HttpRequest, UUID], T],
    context: Callable[[HttpRequest, T], dict[str, Any]],
    live_context: Callable[[HttpRequest, T], dict[str, Any]] | None = None,
    *,
    for_many: bool = False,
) -> tuple[View, View]:
    """The views of a page and of its moving part. `for_many` draws the part once for all who have the same roles."""

    @require_GET
    @signed_in
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        return render(request, template, context(request, find(request, pk)))

    @require_GET
    @signed_in
    def live(request: HttpRequest, pk: UUID) -> HttpResponse:
        found = find(request, pk)
        tag = tag_of(request, found if isinstance(found, Product) else found.product)
        if same := unchanged(request, tag):
            return same
        made = partial(live_context or context, request, found)
        return shared(request, live_template, made, tag) if for_many else fragment(request, live_template, made(), tag)

    return page, live


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """The 304, if the browser has this version already."""
    if request.headers.get("If-None-Match") != tag:
        return None
    response = HttpResponseNotModified(headers={"ETag": tag})
    response["HX-Reswap"] = "none"  # htmx would swap in the empty body
    return response


def fragment(request: HttpRequest, template: str, context: dict[str, Any], tag: str) -> HttpResponse:
    """A part of a page, without the frame and the queries that the frame costs."""
    return HttpResponse(_drawn(template, context, get_token(request)), headers={"ETag": tag})


def shared(request: HttpRequest, template: str, context: Callable[[], dict[str, Any]], tag: str) -> HttpResponse:
    """The same for a part that many people watch at once: drawn once for all who have the same roles (`tag`)."""
    about = (template, request.path, user_of(request).platform_role, tag)
    key = hashlib.sha256("\n".join(about).encode()).hexdigest()
    body = caches["parts"].get(key)
    if body is None:
        body = _drawn(template, context(), _ANYBODY)
        caches["parts"].set(key, body, _KEPT_SECONDS)
    return HttpResponse(body.replace(_ANYBODY, get_token(request)), headers={"ETag": tag})


def _drawn(template: str, context: dict[str, Any], token: str) -> str:
    return render_to_string(template, {**context, "csrf_token": token, "live": True})
