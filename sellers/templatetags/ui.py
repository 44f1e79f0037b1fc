"""The small parts that every page has dozens of: icons, pills, times, guide lines.

They are tags and not included templates: an include costs ten times as much, and a run page has two hundred of them.
Every template knows them without `{% load %}` (`builtins` in config/settings.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(1_000, typed=True)  # typed: what a template trusts is not the same text from a person
def icon(name: str, spin: bool = False) -> SafeString:
    """An icon of the sprite; the word beside it says the same."""
    turns = " i-spin" if spin else ""
    use = f"{static('icons.svg')}#{name}"
    return format_html('<svg class="i{}" aria-hidden="true"><use href="{}"/></svg>', turns, use)


@register.simple_tag
@lru_cache(1_000, typed=True)  # typed: what a template trusts is not the same text from a person
def pill(css_class: str, icon_name: str, word: str, spin: bool = False) -> SafeString:
    """A state in a colour of app.css, with its icon and its word."""
    return format_html('<span class="pill {}">{}{}</span>', css_class, icon(icon_name, spin), word)


@register.simple_tag(name="mark")
def pill_of(mark: Any) -> SafeString | str:
    """The pill of a `Mark` (onboarding/pages/common/states.py); nothing where there is none."""
    return pill(mark.css_class, mark.icon, mark.whole, mark.spins) if mark else ""


@register.simple_tag(name="time")
def moment(at: Any) -> SafeString | str:
    """A `Moment`: in words, the exact time behind them; nothing where there is none."""
    if not at:
        return ""
    return format_html('<time datetime="{}" title="{}">{}</time>', at.iso, at.exact, at.words)


@register.simple_tag
def guide(lines: Iterable[tuple[str, str]]) -> SafeString:
    """What the seller guide says about something, behind a quiet icon; pairs (number, text), the numbers unused."""
    said = " ".join(text for _, text in lines or ())
    if not said:
        return SafeString("")
    return format_html(' <span class="guide" title="From the seller guide: {}">{}</span>', said, icon("help-circle"))
