"""The DNS page: the records to set, what is found of them, and their downloads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from onboarding.pages.common.downloads import attachment
from onboarding.pages.common.polling import polled_page, tag_of
from onboarding.pages.common.tenant import product_of
from onboarding.pages.dns.board import FORMS, dns_page, download
from sellers.access import Action, can, signed_in
from sellers.models import Product


@require_GET
@signed_in
def file(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The records as the other side reads them."""
    product = product_of(request, pk)
    if form not in FORMS:
        raise Http404
    wanted = FORMS[form]
    return attachment(download(product, wanted), f"{product.slug}-dns.{wanted.ending}", wanted.type)


def _context(request: HttpRequest, product: Product) -> dict[str, Any]:
    may_run = can(request.user, Action.RUN_PRODUCT, product)
    return {
        "product": product,
        "board": dns_page(product, may_run=may_run),
        "may_run": may_run,
        "may_edit": can(request.user, Action.EDIT_PRODUCT, product),
        "back": reverse("onboarding:dns", args=[product.pk]),
        "etag": tag_of(request, product),
    }


page, live = polled_page("onboarding/dns.html", "onboarding/dns/live.html", product_of, _context)
