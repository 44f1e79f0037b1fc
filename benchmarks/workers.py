"""Workers with the trivial checklist (benchmarks.trivial_worker), and products on which they work."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks.stage import ROOT, Stage
from demo.parent import die_with_parent

if TYPE_CHECKING:
    from onboarding.engine.signals import DueItem


def start(on: Stage, name: str, threads: int) -> subprocess.Popen[bytes]:
    """One real Celery process with the trivial checklist; the stage ends it."""
    command = [sys.executable, "-m", "celery", "-q", "-A", "benchmarks.trivial_worker", "worker", "-P", "threads"]
    command += ["-c", str(threads), "-n", f"{name}@%h", "-l", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen(command, cwd=ROOT, env=on.environment, preexec_fn=die_with_parent())  # noqa: S603
    on.workers.append(process)
    return process


def ready(on: Stage, count: int = 1) -> None:
    """Wait until so many workers of the stage ask the broker for messages. TimeoutError after a minute."""
    for _ in range(600):
        asking = [one for one in on.broker.client.client_list() if one["cmd"] == "brpop"]
        if len(asking) >= count:
            return
        time.sleep(0.1)
    raise TimeoutError("The workers did not start within a minute.")


def product() -> Any:
    """A product with one region, whose connection counts as proven; nothing of it is asked of AWS."""
    from sellers.models import Connection
    from sellers.spec import load_data
    from sellers.spec_writer import save_spec
    from tests import products

    data = products.spec({"us-east-1": {}}, name=f"Chain {secrets.token_hex(6)}")
    saved = save_spec(load_data(data), None, create_seller=True)
    Connection.objects.update(state="proven")
    return saved.product


def started() -> list[DueItem]:
    """A new product's run with the trivial checklist, begun by the product's own verb: who is due."""
    from onboarding.engine import commands

    return commands.provision(product(), None).due
