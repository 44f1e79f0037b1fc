"""What every button does: a permission, a verb, a nudge, and back to the page (post, redirect, get).

A verb that is blocked says why: on the page that follows, or, asked for by htmx, as a fragment with status 409.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from onboarding.engine.signals import Blocked, DueItem
from onboarding.tasks import nudge

Done = tuple[Sequence[DueItem], str]


def run_command(request: HttpRequest, verb: Callable[[], Done], to: str, *, refused: str = "") -> HttpResponse:
    """Do what a verb does, nudge who is due, and go back to `to` with the verb's sentence; to `refused`, if that is
    given, with the sentence of a verb that is blocked.
    """
    try:
        with transaction.atomic():
            due, said = verb()
            nudge(due)
    except (Blocked, ValueError) as error:
        return _refused(request, str(error), refused or to)
    messages.success(request, said)
    return redirect(to)


def back(request: HttpRequest, to: str) -> str:
    """The page of ours that the form was sent from (its field `next`), else `to`."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe and asked.startswith("/") else to


def _refused(request: HttpRequest, sentence: str, to: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(format_html('<p class="note s-fail" role="alert">{}</p>', sentence), status=409)
    messages.error(request, sentence)
    return redirect(to)
