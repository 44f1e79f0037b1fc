"""Connections: the roles that we assume."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import ProtectedError, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sellers import our_identity
from sellers.access import Action, can, confirm, for_tenant, require, signed_in
from sellers.forms.connection import ConnectionForm
from sellers.trust_policy import trust_policy


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """All connections that the user may see."""
    tenant = for_tenant(request)
    may_connect = bool(tenant.sellers_for(Action.CONNECT))
    context = {"connections": tenant.connections(), "may_connect": may_connect}
    return render(request, "sellers/connections.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def create(request: HttpRequest) -> HttpResponse:
    """Connect a role; the page that follows shows the external ID that we made."""
    require(request, Action.CONNECT)
    sellers = for_tenant(request).sellers_for(Action.CONNECT)
    form = ConnectionForm(request.POST or None, sellers=sellers)
    if request.method == "POST" and form.is_valid():
        return redirect("sellers:connection", form.save().pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "sellers/connection_form.html", {"form": form}, status=status)


@require_GET
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """External ID, trust policy, and what the last test found."""
    connection = get_object_or_404(for_tenant(request).connections(), pk=pk)
    require(request, Action.VIEW_CONNECTION, connection)
    principal = our_identity.principal()
    context = {
        "connection": connection,
        "principal": principal,
        "policy": trust_policy(principal, connection.external_id) if principal else "",
        "products": for_tenant(request)
        .products()
        .filter(Q(service_connection=connection) | Q(buyer_test_connection=connection)),
        "may_connect": can(request.user, Action.CONNECT, connection),
        "simulated": bool(settings.AWS_ENDPOINT_URL),
    }
    return render(request, "sellers/connection.html", context)


@require_POST
@signed_in
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget a connection that no product uses; its external ID never comes back."""
    connection = get_object_or_404(for_tenant(request).connections(), pk=pk)
    require(request, Action.CONNECT, connection)
    confirm(request)
    try:
        connection.delete()
    except ProtectedError:
        messages.error(request, "A product uses this connection. Choose another one there first.")
        return redirect("sellers:connection", pk)
    messages.success(request, f"{connection} is removed. You can delete the role in IAM.")
    return redirect("sellers:connections")
