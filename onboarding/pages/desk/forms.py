"""What people type on the review desk: remarks, reasons, name servers."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from onboarding.pages.common.remarks import remark_field
from onboarding.pages.desk.package_lines import CODES
from sellers import formats
from sellers.formats import FormatError


class QuestionForm(forms.Form):
    """A question about one line of the guide, or about all of it."""

    line = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    text = remark_field(
        "Question to the seller",
        "Write the question in a sentence: the seller answers exactly that.",
        hint="The seller's engineers and leads read this.",
    )

    def clean_line(self) -> str:
        """A line of the package, or none."""
        line: str = self.cleaned_data["line"]
        if line and line not in CODES:
            raise ValidationError("This is no line of the package. Ask at one of its lines, or about all of it.")
        return line


class NoteForm(forms.Form):
    """A note for the reviewers alone."""

    text = remark_field("Add a note", "Write the note first.", rows=2, hint="Only Seller Operations reads it.")


class ReturnForm(forms.Form):
    """Why a version goes back."""

    text = remark_field(
        "Reasons",
        "Give the reasons: the seller corrects what they name.",
        rows=4,
        hint="A line that begins with a guide line's number, such as “S27: …”, is shown at that line.",
    )


class NameServersForm(forms.Form):
    """The name servers of the zone that Seller Operations made."""

    servers = forms.CharField(
        label="Name servers",
        max_length=2000,
        help_text="2–6, one per line. Usually the 4 of the hosted zone.",
        widget=forms.Textarea({"rows": 4, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": "Enter the name servers, one per line. The seller delegates the name to them."},
    )

    def clean_servers(self) -> tuple[str, ...]:
        """Host names, each once, in the order given. Every wrong one is named."""
        text: str = self.cleaned_data["servers"]
        errors = []
        for word in text.replace(",", " ").replace(";", " ").split():
            try:
                formats.dns_name(word)
            except FormatError as error:
                errors.append(ValidationError(error.quoting))
        if errors:
            raise ValidationError(errors)
        try:
            return formats.name_servers(text)
        except FormatError as error:
            raise ValidationError(str(error)) from error
