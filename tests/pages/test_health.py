"""Readiness tells ok or not ok, and nothing else to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from onboarding.engine.sweep import beat
from onboarding.models import Heartbeat, Item
from tests import factories
from tests.factories import Tenant


def ready() -> tuple[int, dict[str, bool]]:
    response = Client().get("/readyz")
    return response.status_code, response.json()


@pytest.mark.django_db
def test_it_is_ready_after_a_sweep() -> None:
    assert ready() == (503, {"ok": False})
    beat()
    assert ready() == (200, {"ok": True})


@pytest.mark.django_db
def test_an_old_sweep_is_not_ready() -> None:
    beat()
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert ready() == (503, {"ok": False})


def test_something_long_due_is_not_ready(own: Tenant) -> None:
    beat()
    factories.started(own.product)
    assert ready()[0] == 200
    Item.objects.filter(slug="access").update(next_check_at=timezone.now() - timedelta(seconds=121))
    assert ready() == (503, {"ok": False})


@pytest.mark.django_db
def test_a_broken_database_is_not_ready() -> None:
    with connection.execute_wrapper(_broken):
        assert ready() == (503, {"ok": False})


def _broken(execute: object, sql: str, params: object, many: bool, context: object) -> None:
    from django.db import OperationalError

    raise OperationalError("the disk is full")
