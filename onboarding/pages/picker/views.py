"""The pickers' page: what exists in a seller's account, to choose from."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from onboarding.pages.picker.board import board as pick_board
from sellers.access import Action, for_tenant, require, signed_in


@require_GET
@signed_in
def pick(request: HttpRequest, pk: UUID, region: str, kind: str) -> HttpResponse:
    """The list, as a page or, for htmx, as a part of one; with `use`, back to `next` with the choice."""
    connection = get_object_or_404(for_tenant(request).connections(), pk=pk)
    require(request, Action.EDIT_PRODUCT, connection)
    board = pick_board(connection, region, kind, request.GET)
    if board.goes:
        return redirect(board.goes)
    part = "HX-Request" in request.headers
    context = {"board": board, "embedded": part and not board.wanted.next}
    return render(request, f"onboarding/pick/{'list' if part else 'page'}.html", context)
