"""Files that a page gives."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def attachment(text: str, name: str, type: str) -> HttpResponse:
    """The text as a file called `name`. That nobody guesses its type or stores it is the middleware's work."""
    response = HttpResponse(text, content_type=f"{type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
