"""What the seller guide says, by the numbers of its lines: `{% seller_guide "S23 S24" %}`."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from onboarding.checklist.guide import lines
from sellers.templatetags.ui import guide

register = template.Library()


@register.simple_tag
def seller_guide(numbers: str | Iterable[str]) -> SafeString:
    """The quiet icon with the text of these lines; nothing where there is none."""
    return guide(lines(numbers.split() if isinstance(numbers, str) else numbers or ()))
