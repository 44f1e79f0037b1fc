"""What the frame of a product's pages shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()
TABS = {
    "sellers:product": "Product and buyers",
    "onboarding:policy": "Permissions",
    "onboarding:plan": "Plan",
    "onboarding:run": "Run",
    "onboarding:dns": "DNS",
    "onboarding:verification": "Verification",
    "onboarding:submission": "Submission",
}


@register.inclusion_tag("sellers/product_tabs.html", takes_context=True)
def product_tabs(context: Mapping[str, Any], open_tab: str) -> dict[str, Any]:
    """The tabs of a product; `open_tab` is the view that is shown, or "". Native products submit nothing."""
    product = context["product"]
    left_out = {"onboarding:submission"} if product.profile == "native" else set()
    return {
        "product": product,
        "may_edit": context.get("may_edit"),
        "csrf_token": context.get("csrf_token"),
        "tabs": [(view, label, view == open_tab) for view, label in TABS.items() if view not in left_out],
    }
