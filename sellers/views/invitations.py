"""Accepting an invitation: the one page of this app that works before sign-in."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sellers import people
from sellers.forms.people import AcceptForm
from sellers.models import Invitation, User


@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join: with a new account, or with the one that has the invited address."""
    invitation = people.invitation_of(token)
    if invitation is None:
        return render(request, "sellers/invitation_over.html", status=404)
    known = User.objects.filter(email__iexact=invitation.email).exists()
    if isinstance(request.user, User) or known:
        return _join(request, invitation)
    form = AcceptForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        return _register(request, invitation, form)
    return _page(request, invitation, form, 422 if request.method == "POST" else 200)


def _register(request: HttpRequest, invitation: Invitation, form: AcceptForm) -> HttpResponse:
    try:
        user = people.register(invitation, form.cleaned_data["name"], form.cleaned_data["password"])
    except people.PeopleError as error:
        form.add_error(None, str(error))
        return _page(request, invitation, form, 422)
    response: HttpResponse = perform_login(request, user)
    return response


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method != "POST" or not isinstance(request.user, User):
        return _page(request, invitation, None, 200)
    try:
        people.accept(invitation, request.user)
    except people.PeopleError as error:
        messages.error(request, str(error))
        return _page(request, invitation, None, 422)
    messages.success(request, f"You now belong to {invitation.seller or 'the platform'}.")
    return redirect("/")


def _page(request: HttpRequest, invitation: Invitation, form: AcceptForm | None, status: int) -> HttpResponse:
    context = {"invitation": invitation, "form": form, "role": people.role_title(invitation.role)}
    return render(request, "sellers/invitation.html", context, status=status)
