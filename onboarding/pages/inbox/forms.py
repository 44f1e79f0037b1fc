"""What people choose about their notices."""

from __future__ import annotations

from django import forms

from onboarding.models import Digest

LARGEST = 2**63 - 1
HINTS = {
    Digest.NOW: "A mail as soon as something happens; what happens together comes in one mail.",
    Digest.HOURLY: "One mail at the full hour, if there is something new.",
    Digest.DAILY: "One mail a day at 07:00 UTC, if there is something new.",
    Digest.NONE: "No mail. Everything is in the inbox.",
}


class DigestForm(forms.Form):
    """How often somebody is mailed."""

    digest = forms.ChoiceField(
        label="How often you are mailed",
        choices=Digest.choices,
        error_messages={
            "required": "Choose how often you are mailed: one of the four.",
            "invalid_choice": "How often you are mailed is one of: at once, every hour, once a day, never. Choose one.",
        },
    )

    def options(self) -> list[tuple[str, str, str, bool]]:
        """Each choice with its words, what it means, and whether it is the one chosen."""
        chosen = self["digest"].value()
        return [(one.value, str(one.label), HINTS[one], one == chosen) for one in Digest]


class ReadAllForm(forms.Form):
    """Up to which notice all are read: the newest that the page listed."""

    newest = forms.IntegerField(min_value=0, max_value=LARGEST)
