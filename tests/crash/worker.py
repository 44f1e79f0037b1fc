"""`python -m tests.crash.worker`: a warm process that forks one worker an order, so that a trial costs no start-up.

An order is a JSON line on standard input: {"do": one of WORK, "with": its arguments, "commit": n, "moment": "before" |
"after"}. The worker
is a process of its own and dies by SIGKILL, at its own n-th commit or by the simulated world's hand. The answer is a
JSON line: {"signal": 9 or 0, "code": exit status, ...what the worker told before it ended}.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

REGION = "us-west-1"


def main() -> None:
    """Read orders until standard input ends. Nothing here opens a connection: those do not live through a fork."""
    import django

    django.setup()
    _warm()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)


def _warm() -> None:
    """Do here what each fork would otherwise do for itself; a collection in a fork would copy what was read here."""
    from django.db.models.sql import compiler

    from onboarding.aws import clients
    from onboarding.steps import by_slug
    from tests import engine_driver

    by_slug()
    clients.warm()
    session = clients.new_session(aws_access_key_id="none", aws_secret_access_key="none")
    for service in clients.SERVICES:
        session.client(service, region_name=REGION, config=clients.CONFIG)  # type: ignore[call-overload]
    assert compiler
    assert engine_driver
    gc.freeze()


def _fork(order: dict[str, Any]) -> dict[str, Any]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _child(order, writer)
    os.close(writer)
    with os.fdopen(reader) as told:
        text = told.read()
    _, status = os.waitpid(pid, 0)
    ended = {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, "code": os.waitstatus_to_exitcode(status)}
    return {**(json.loads(text) if text else {}), **ended}


def _child(order: dict[str, Any], writer: int) -> None:
    code = 1
    try:
        commits = _watch_commits(order.get("commit"), order.get("moment", "before"))
        told = WORK[order["do"]](**order.get("with", {}))
        with os.fdopen(writer, "w") as out:
            out.write(json.dumps({**told, "commits": commits()}, default=str))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _watch_commits(at: int | None, moment: str) -> Callable[[], int]:
    """Count the commits of this process; die by SIGKILL before or after the one numbered `at`, from 0."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    lock, seen = threading.Lock(), [0]
    real = BaseDatabaseWrapper.commit

    def commit(self: BaseDatabaseWrapper) -> None:
        with lock:
            mine, seen[0] = seen[0], seen[0] + 1
        if mine == at and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(self)
        if mine == at:
            os.kill(os.getpid(), signal.SIGKILL)

    BaseDatabaseWrapper.commit = commit  # type: ignore[method-assign]  # in this process only
    return lambda: seen[0]


def prepare(checklist: str, servers: list[str]) -> dict[str, Any]:
    """An empty database gets its tables, a product with the spine's or the whole checklist, and an open run of which
    nothing was done. What people will be asked is answered already, so that the run needs nobody.
    """
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.db import connection

    from onboarding.engine import commands
    from onboarding.models import Item
    from sellers.models import Connection, Product
    from sellers.spec import load_data
    from sellers.spec_writer import save_spec
    from tests import products

    whole = checklist == "whole"
    spec = products.whole({REGION: products.OWN_TARGETS}) if whole else products.spec({REGION: {}})
    save_spec(load_data(spec), None, create_seller=True)
    Connection.objects.update(state="proven")
    commands.provision(Product.objects.get(), None)
    for slug, given in products.answers(servers).items() if whole else ():
        commands.answer(Item.objects.get(slug=slug), None, given)
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA journal_mode=DELETE")
    return {"external_ids": dict(Connection.objects.values_list("role_arn", "external_id"))}


def work() -> dict[str, Any]:
    """Work until nothing is due: what a worker does that was started, or started again."""
    from tests import engine_driver

    return {"travelled": engine_driver.rest(longest=120.0)}


def teardown() -> dict[str, Any]:
    """Ask for the teardown, as a person does on the page, and do no work."""
    from onboarding.engine import commands
    from sellers.models import Product

    commands.teardown(Product.objects.get(), None)
    return {}


def age() -> dict[str, Any]:
    """A minute passes in the database, so that a dead worker's leases are over; nobody may be working."""
    from tests import engine_driver

    engine_driver.travel(61)
    return {}


def look() -> dict[str, Any]:
    """What the database says in the end."""
    from django.db.models import Q

    from onboarding.engine import counters
    from onboarding.models import Event, Item, Outbox, Progress, Resource, Run

    counted = dict.fromkeys(counters.FIELDS, 0)
    for state, reason in Item.objects.values_list("state", "waiting_for"):
        for name in counters.columns(state, reason):
            counted[name] += 1
    stored = Progress.objects.get()
    return {
        "runs": list(Run.objects.order_by("number").values_list("verb", "state")),
        "items": list(Item.objects.values_list("slug", "state", "message")),
        "leases": Item.objects.filter(Q(lease_owner__isnull=False) | Q(lease_until__isnull=False)).count(),
        "outbox": Outbox.objects.filter(sent_at__isnull=True).count(),
        "counters": {n: [getattr(stored, n), counted[n]] for n in counted if getattr(stored, n) != counted[n]},
        "rows": list(Resource.objects.values("kind", "logical_key", "aws_id", "state", "managed")),
        "events": [
            {"at": e.at.timestamp(), "what": e.what, **e.data} for e in Event.objects.filter(data__has_key="kind")
        ],
    }


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": prepare,
    "work": work,
    "teardown": teardown,
    "age": age,
    "look": look,
}

if __name__ == "__main__":
    main()
