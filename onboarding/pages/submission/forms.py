"""What the seller types on the submission page."""

from __future__ import annotations

from django import forms

from onboarding.submission import decisions
from sellers.forms.base import Formatted


class ProcessForm(forms.Form):
    """How buyers are told of PrivateLink and how their accounts are allowed (S46)."""

    process = Formatted(
        decisions.process,
        label="How buyers are told of PrivateLink and how their accounts are allowed",
        guide="S46",
        max_length=2 * decisions.LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text="Seller Operations reads this. Who tells buyers, when, and who adds their account to the allow list.",
    )
