"""What people type on an item's page: answers, and a skip's reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from onboarding.checklist.step import Input
from sellers import formats
from sellers.formats import FormatError
from sellers.forms.base import Formatted, code


class Many(forms.CharField):
    """Several values, one per line or separated by blanks or commas; every wrong one is named."""

    widget = forms.Textarea

    def __init__(self, ask: Input, **options: Any) -> None:
        self.ask = ask
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Values that were given stand one per line again."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:
        """The normalised values."""
        found, errors = [], []
        for text in super().clean(value).replace(",", " ").split():
            try:
                found.append(self.ask.parse(text))
            except FormatError as error:
                errors.append(ValidationError(error.quoting))
        if errors:
            raise ValidationError(errors)
        return found


class AnswerForm(forms.Form):
    """What a manual step waits for: one field for each of its asks."""

    def __init__(self, *args: Any, asks: Sequence[Input], **options: Any) -> None:
        super().__init__(*args, **options)
        for ask in asks:
            self.fields[ask.field] = _field(ask)

    def given(self) -> dict[str, Any]:
        """The values that were typed, by field."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def _field(ask: Input) -> forms.Field:
    words = ask.words[:1].upper() + ask.words[1:]
    if ask.many:
        widget = forms.Textarea({"class": "mono", "rows": 3, "spellcheck": "false"})
        return Many(
            ask, label=words, required=ask.required, max_length=20_000, widget=widget, help_text="One per line."
        )
    return Formatted(ask.parse, label=words, required=ask.required, max_length=2048, widget=code())


class SkipForm(forms.Form):
    """Why an item is left out."""

    reason = Formatted(
        lambda text: formats.line(text, limit=400),
        label="Reason, shown to the reviewer",
        max_length=400,
        error_messages={"required": "Give the reason in a sentence: it is shown to whoever reviews the product."},
    )
