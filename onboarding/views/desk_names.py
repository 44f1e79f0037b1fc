"""A request for name servers: its facts, and the form that hands them over (Q6)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onboarding import review
from onboarding.board.name_request import name_request
from onboarding.desk_forms import NameServersForm
from onboarding.engine.signals import Blocked
from onboarding.views.desk_tenant import for_desk
from onboarding.views.posts import act
from sellers.access import Action, require, signed_in, user_of


@require_http_methods(["GET", "POST"])
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The request; with name servers given, they are handed over."""
    item = for_desk(request).request(pk)
    require(request, Action.REVIEW, item)
    posted = request.method == "POST"
    form = NameServersForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            due, said = review.hand_over(item, user_of(request), form.cleaned_data["servers"])
        except Blocked as blocked:
            form.add_error("servers", blocked.sentence)
        else:
            return act(request, lambda: (due, said), reverse("onboarding:desk_names", args=[pk]))
    context = {"pk": pk, "board": name_request(item), "form": form}
    return render(request, "onboarding/desk/names.html", context, status=422 if posted else 200)
