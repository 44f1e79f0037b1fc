"""What every benchmark stands on: a real PostgreSQL, a real broker, real workers, the simulated AWS and its latency."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from demo.parent import die_with_parent
from tests.sandbox_process import SandboxProcess, running_sandbox
from tests.services import Broker, broker, postgres

ROOT = Path(__file__).parent.parent


@dataclass
class Stage:
    """Environment and processes of one benchmark; this process's Django uses the same database."""

    environment: dict[str, str]
    broker: Broker
    sandbox: SandboxProcess | None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def world(self) -> SandboxProcess:
        """The simulated AWS. RuntimeError on a stage that was set without one."""
        if self.sandbox is None:
            raise RuntimeError("This stage has no simulated AWS.")
        return self.sandbox

    def start_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """A real Celery worker process with threads; `options` are Celery's own."""
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "threads", "-l", "WARNING", *options]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, preexec_fn=die_with_parent())  # noqa: S603
        self.workers.append(process)
        return process

    def cpu_seconds(self) -> dict[str, float]:
        """Processor seconds that workers and the simulated AWS have used so far."""
        found = {"workers": sum(_cpu(process.pid) for process in self.workers)}
        if self.sandbox is not None:
            found["simulated AWS"] = _cpu(self.sandbox.process.pid)
        return found

    def stop_workers(self) -> None:
        """End all workers, politely."""
        for process in self.workers:
            process.send_signal(signal.SIGTERM)
        for process in self.workers:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.workers.clear()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def stage(world: Mapping[str, float] | None) -> Iterator[Stage]:
    """Database, broker and (with settings given) the simulated AWS; Django is set up in this process, migrated."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(running_sandbox(settings=world)) if world is not None else None
        queue = stack.enter_context(broker())
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": postgres(f"plc_bench_{secrets.token_hex(4)}"),
            "DATABASE_POOL": "48",
            "REDIS_URL": queue.url,
            "SECRET_KEY": secrets.token_hex(32),
            "LOG_LEVEL": "WARNING",
            "EMAIL_URL": "dummymail://",
            "SELLER_OPS_EMAIL": "ops@marketplace.example",
            "AWS_CALLS_PER_SECOND": "1000",
            **(sandbox.environment if sandbox else {}),
        }
        os.environ.update(environment)
        _django()
        one = Stage(environment=environment, broker=queue, sandbox=sandbox)
        stack.callback(one.stop_workers)
        yield one


def _django() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
