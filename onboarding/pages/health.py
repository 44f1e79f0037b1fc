"""Readiness: whether the database answers, the sweep runs, and nothing due is left lying."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from onboarding.engine.sweep import NAME, due
from onboarding.models import Heartbeat, Item

log = structlog.get_logger(__name__)
SWEPT_WITHIN = timedelta(seconds=60)
DUE_WITHIN = timedelta(seconds=120)


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 or 503, and nothing more: what is wrong stands in the log."""
    wrong = troubles()
    if wrong:
        log.warning("not_ready", wrong=wrong)
    return JsonResponse({"ok": not wrong}, status=503 if wrong else 200)


def troubles() -> list[str]:
    """What keeps the service from being ready, in words; empty if nothing does."""
    now = timezone.now()
    try:
        beat = Heartbeat.objects.filter(pk=NAME).first()
        oldest = Item.objects.filter(due()).order_by("next_check_at").values_list("next_check_at", flat=True).first()
    except DatabaseError as error:
        return [f"the database does not answer ({type(error).__name__})"]
    wrong = []
    if beat is None or now - beat.at > SWEPT_WITHIN:
        wrong.append(f"no sweep for more than {SWEPT_WITHIN.seconds} s")
    if oldest is not None and now - oldest > DUE_WITHIN:
        wrong.append(f"an item has been due for more than {DUE_WITHIN.seconds} s")
    return wrong
