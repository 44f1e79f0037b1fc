"""Members and invitations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from sellers import people
from sellers.access import Action, can, confirm, for_tenant, require, signed_in, user_of
from sellers.forms.people import InviteForm
from sellers.models.choices import Role


def _form(request: HttpRequest) -> InviteForm | None:
    """The invitation form, for those who may invite somebody."""
    sellers = for_tenant(request).sellers_for(Action.INVITE)
    staff = can(request.user, Action.INVITE_STAFF)
    data = request.POST if request.method == "POST" else None
    return InviteForm(data, sellers=sellers, staff=staff) if sellers or staff else None


def _page(request: HttpRequest, form: InviteForm | None, status: int = 200) -> HttpResponse:
    tenant = for_tenant(request)
    led = {seller.pk for seller in tenant.sellers_for(Action.INVITE)}
    invitations = tenant.invitations().filter(accepted_at=None)
    context = {
        "memberships": tenant.memberships().order_by("seller__name", "user__email"),
        "invitations": [
            (row, people.role_title(row.role)) for row in invitations if can(request.user, Action.INVITE, row)
        ],
        "led": led,
        "form": form,
        "roles": Role.choices,
    }
    return render(request, "sellers/members.html", context, status=status)


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """Who belongs to the user's sellers, and who is invited."""
    return _page(request, _form(request))


@require_POST
@signed_in
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an address; a lead into the own seller, an administrator anywhere."""
    form = _form(request)
    if form is None:
        require(request, Action.INVITE)
        return redirect("sellers:members")
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    try:
        invitation, link = people.invite(data["email"], data["role"], form.chosen, user_of(request))
    except people.PeopleError as error:
        form.add_error("email", str(error))
        return _page(request, form, status=422)
    if people.send(invitation, link):
        messages.success(request, f"An invitation is on its way to {invitation.email}.")
    else:
        messages.error(request, "The email server refused the message. Invite the address again in a while.")
    return redirect("sellers:members")


@require_POST
@signed_in
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an open invitation."""
    invitation = get_object_or_404(for_tenant(request).invitations(), pk=pk)
    require(request, Action.INVITE, invitation)
    invitation.delete()
    messages.success(request, f"The invitation of {invitation.email} no longer works.")
    return redirect("sellers:members")


@require_POST
@signed_in
def change_role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a member engineer or lead, or end the membership (do=remove)."""
    membership = get_object_or_404(for_tenant(request).memberships(), pk=pk)
    require(request, Action.REMOVE_MEMBER, membership)
    confirm(request)
    wish = request.POST.get("do", "")
    try:
        if wish == "remove":
            people.remove(membership)
        elif wish in Role.values:
            people.set_role(membership, wish)
    except people.PeopleError as error:
        messages.error(request, str(error))
    return redirect("sellers:members")
