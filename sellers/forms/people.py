"""Inviting people, and accepting an invitation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from sellers import formats
from sellers.forms.base import Formatted
from sellers.models import Seller, User
from sellers.models.choices import PlatformRole, Role

STAFF = "staff"


class InviteForm(forms.Form):
    """An address, a seller and a role; administrators may also invite staff of the platform."""

    email = forms.EmailField(label="Email address", max_length=254, widget=forms.EmailInput({"autocomplete": "off"}))
    seller = forms.ChoiceField(label="Belongs to")
    role = forms.ChoiceField(choices=Role.choices, help_text="A lead also invites people and changes their roles.")

    def __init__(self, *args: Any, sellers: Sequence[Seller], staff: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sellers = {str(seller.pk): seller for seller in sellers}
        names = [(key, seller.name) for key, seller in self.sellers.items()]
        seller: Any = self.fields["seller"]
        role: Any = self.fields["role"]
        seller.choices = [*names, *([(STAFF, "The platform (staff)")] if staff else [])]
        role.choices = [*Role.choices, *([c for c in PlatformRole.choices if c[0]] if staff else [])]
        if len(seller.choices) == 1:
            seller.initial, seller.widget = seller.choices[0][0], forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Staff have staff's roles, members have members'."""
        data = super().clean() or {}
        if "role" in data and "seller" in data:
            for_staff = data["seller"] == STAFF
            if for_staff == (data["role"] in Role.values):
                whose = "staff: administrator or reviewer" if for_staff else "a seller: engineer or lead"
                self.add_error("role", f"This is not a role of {whose}. Choose one of those.")
        return data

    @property
    def chosen(self) -> Seller | None:
        """The seller, or None for staff. After validation."""
        return self.sellers.get(self.cleaned_data["seller"])


class AcceptForm(forms.Form):
    """Name and password of somebody new."""

    name = Formatted(formats.line, label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="At least 12 characters, not a common password, not your name. A sentence is good.",
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean_password(self) -> str:
        """Django's validators, told who the person is."""
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return password
