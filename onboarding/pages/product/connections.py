"""The Test button of a connection."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from onboarding.connections import prove_and_save
from sellers.access import Action, for_tenant, require, signed_in, user_of


@require_POST
@signed_in
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Assume the role with its external ID, without and with a wrong one; say what was found."""
    connection = get_object_or_404(for_tenant(request).connections(), pk=pk)
    require(request, Action.CONNECT, connection)
    verdict = prove_and_save(connection, user_of(request))
    (messages.success if verdict.proven else messages.error)(request, verdict.sentence)
    return redirect("sellers:connection", pk)
