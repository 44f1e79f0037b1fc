"""The answer to one field that was saved while people type: a fragment of the page it stands on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onboarding.wizard.book import Book
from onboarding.wizard.press import TOO_LARGE, address_of, save_field
from onboarding.wizard.view import more
from sellers.drafts import REGIONS
from sellers.models import Draft, User


def answer(request: HttpRequest, draft: Draft, slug: str, by: User) -> HttpResponse:
    """The field's sentence, with stepper, version and lists that it changes out of band; the whole field where a
    colleague was faster.

    Always 200, as htmx shows nothing else; HX-Redirect where the draft is finished or the field is gone.
    """
    kept, field, lost = save_field(draft, slug, request.POST, by)
    if field is None or kept.draft.finished_at:
        to = address_of(kept.draft) if kept.draft.finished_at else Book(draft, slug).url
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    book = Book(kept.draft, slug, conflicts=kept.conflicts, picked={path: str(value) for path, value in lost.items()})
    whole = bool(kept.conflicts) or bool(request.POST.get("pick")) or field.kind == REGIONS
    found = {
        "book": book,
        "draft": kept.draft,
        "shown": book.shown(field),
        "steps": book.steps(),
        "here": book.here(),
        "beside": book.beside(field),
        "relisted": book.relisted(draft, field),
        "whole": whole,
        "told": TOO_LARGE if lost else "",
        "may_edit": True,
        **(more(book) if slug in ("access", "regions", "buyers", "certificates") else {}),
    }
    response = render(request, "onboarding/wizard/saved.html", found)
    if whole:
        response["HX-Retarget"], response["HX-Reswap"] = f"#f-{field.key}", "outerHTML"
    return response
