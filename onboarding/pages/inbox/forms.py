"""What people choose about their notices."""

from __future__ import annotations

from django import forms

from onboarding.models import Digest

LARGEST = 2**63 - 1
HINTS = {
    Digest.NOW: "An email as soon as something happens. Related events share one email.",
    Digest.HOURLY: "One email per hour, if there's something new.",
    Digest.DAILY: "One email per day at 07:00 UTC, if there's something new.",
    Digest.NONE: "No email. Everything is in the inbox.",
}


class DigestForm(forms.Form):
    """How often somebody is mailed."""

    digest = forms.ChoiceField(
        label="Email frequency",
        choices=Digest.choices,
        error_messages={
            "required": "Choose how often we email you.",
            "invalid_choice": "Choose how often we email you: at once, every hour, once a day, or never.",
        },
    )

    def options(self) -> list[tuple[str, str, str, bool]]:
        """Each choice with its words, what it means, and whether it is the one chosen."""
        chosen = self["digest"].value()
        return [(one.value, str(one.label), HINTS[one], one == chosen) for one in Digest]


class ReadAllForm(forms.Form):
    """Up to which notice all are read: the newest that the page listed."""

    newest = forms.IntegerField(min_value=0, max_value=LARGEST)
