"""Fields whose rules are `sellers.formats`, with the guide line they serve."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from sellers.formats import FormatError


class Formatted(forms.CharField):
    """A text field read by a format function; its sentence becomes the error, what was typed stays."""

    def __init__(self, parse: Callable[[str], str], *, guide: str = "", **options: Any) -> None:
        self.parse = parse
        self.guide = guide
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """The normalised value."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return self.parse(text)
        except FormatError as error:
            raise ValidationError(str(error)) from error


def code(**attributes: str) -> forms.TextInput:
    """An input for something that is copied, not written: no spelling help."""
    return forms.TextInput(
        {"class": "mono", "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", **attributes}
    )
