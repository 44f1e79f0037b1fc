"""Celery: JSON messages that carry one item's id, late acknowledgement, no results, and a pulse in every worker."""

from __future__ import annotations

import gc
import os
import threading

from celery import Celery
from celery.signals import worker_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("privatelink_onboarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["onboarding"])

_stopping = threading.Event()
PULSE_SECONDS = 5.0
# How many new objects, and collections, until each generation is looked through. A look through all that a worker
# holds (the models of AWS's services, its clients) stops every thread for a fifth of a second.
COLLECT = (10_000, 20, 100)


@worker_init.connect
def _settle_down(**_: object) -> None:
    """What a worker keeps for its whole life is loaded first, and never looked through for garbage again."""
    from onboarding.aws import clients

    clients.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


@worker_ready.connect
def _pulse(**_: object) -> None:
    """A worker sweeps by itself when nobody has for fifteen seconds: a dead beat changes only the delay."""
    threading.Thread(target=_beat, name="pulse", daemon=True).start()


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    _stopping.set()


def _beat() -> None:
    import structlog
    from django.db import DatabaseError, connections

    from onboarding import tasks
    from onboarding.engine import sweep

    while not _stopping.wait(PULSE_SECONDS):
        try:
            if sweep.late():
                tasks.sweep()
        except DatabaseError as error:
            structlog.get_logger().warning("pulse.no_database", error=str(error))
        finally:
            connections.close_all()
