"""The inbox: what the person was told, where each leads, what is read, and how often they are mailed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onboarding.checklist.words import counted
from onboarding.notices import emails, links
from onboarding.pages.common.actions import back
from onboarding.pages.inbox import board
from onboarding.pages.inbox.forms import DigestForm, ReadAllForm
from sellers.access import signed_in, user_of


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """A page of the inbox."""
    found = board.inbox(user_of(request), request.GET.get("page"), request.GET.get("show", ""))
    return render(request, "onboarding/inbox.html", {"inbox": found})


@require_GET
@signed_in
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """What a notice is about; from then on it is read."""
    notice = get_object_or_404(board.mine(user_of(request)), pk=pk)
    board.read(notice)
    return redirect(links.path(notice))


@require_POST
@signed_in
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, and back to the page of the inbox."""
    board.read(get_object_or_404(board.mine(user_of(request)), pk=pk))
    return redirect(back(request, reverse("onboarding:inbox")))


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read that were there when the page was shown."""
    form = ReadAllForm(request.POST)
    if form.is_valid():
        number = board.read_all(user_of(request), form.cleaned_data["newest"])
        messages.success(request, f"{counted(number, 'notice')} marked as read.")
    else:
        messages.error(request, "Nothing was marked as read: the page did not say up to which notice. Press it again.")
    return redirect("onboarding:inbox")


@require_http_methods(["GET", "POST"])
@signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """How often the person is mailed."""
    user, posted = user_of(request), request.method == "POST"
    form = DigestForm(request.POST if posted else None, initial={"digest": emails.often(user)})
    if posted and form.is_valid():
        board.choose(user, form.cleaned_data["digest"])
        messages.success(request, "Saved.")
        return redirect("onboarding:notice_settings")
    context = {"form": form, "email": user.email}
    return render(request, "onboarding/inbox/settings.html", context, status=422 if posted else 200)
