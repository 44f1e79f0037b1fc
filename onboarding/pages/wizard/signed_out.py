"""A form of the wizard that came when the session had ended: kept in the browser's new session until somebody has
signed in again, and saved then.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from onboarding.pages.wizard import pages
from sellers.models import Draft

KEY = "unsent"
LARGEST = 200_000  # characters of a form; a page of ten regions needs a twentieth
View = Callable[[HttpRequest, UUID, str], HttpResponse]


def kept_when_signed_out(view: View) -> View:
    """A view of a draft's page that asks people to sign in first: what they had typed waits for them."""

    @wraps(view)
    def inner(request: HttpRequest, pk: UUID, page: str) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            _keep(request, pk, page)
        return view(request, pk, page)

    return inner


def _keep(request: HttpRequest, pk: UUID, page: str) -> None:
    """Only for a draft that exists, whose address nobody guesses: strangers fill no sessions."""
    form = request.POST.copy()
    form.pop("csrfmiddlewaretoken", None)
    text = form.urlencode()
    if page in pages.SLUGS and len(text) <= LARGEST and Draft.objects.filter(pk=pk, finished_at=None).exists():
        request.session[KEY] = {"draft": str(pk), "page": page, "form": text}


def waiting(request: HttpRequest, draft: Draft) -> str:
    """The page of the draft whose form waits; "" if none does."""
    kept = request.session.get(KEY, {})
    return str(kept.get("page", "")) if kept.get("draft") == str(draft.pk) else ""


def taken(request: HttpRequest, draft: Draft, page: str) -> QueryDict | None:
    """The form that waits for this page, which then waits no more."""
    return QueryDict(request.session.pop(KEY)["form"]) if waiting(request, draft) == page else None
