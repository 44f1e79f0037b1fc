"""The processes of the demo and what each is told: the product's own, pointed at the sandbox by settings."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from demo import broker
from demo.parent import die_with_parent
from demo.place import Place, free_port
from demo.tree import ROOT, Child

SANDBOX_SETTINGS = {
    "nlb_seconds": 12,
    "instance_seconds": 6,
    "service_seconds": 4,
    "target_health_seconds": 6,
    "endpoint_seconds": 6,
    "private_dns_seconds": 5,
    "dns_seconds": 3,
    "certificate_record_seconds": 2,
    "certificate_seconds": 6,
    "eni_linger_seconds": 4,
}

# Seller Operations' address: the product's setting and the simulated desk's are the same.
OPERATIONS = "ops@marketplace.example"

# Settings of the product that the demo leaves at their defaults, whatever the caller's shell holds.
SETTINGS = {
    "ALLOW_AWS_ENDPOINT_URL",
    "BEHIND_PROXIES",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "HTTPS",
    "HUB_PRINCIPAL_ARN",
    "SANDBOX_BIND",
    "SECRET_KEY_FALLBACKS",
}


@dataclass(frozen=True)
class Ports:
    """The loopback ports of one run."""

    web: int
    sandbox: int
    proxy: int
    smtp: int
    dns: int


def ports(web: int) -> Ports:
    """The web port as asked, the others as the system has them free."""
    return Ports(web, free_port(), free_port(), free_port(), free_port())


def environment(place: Place, at: Ports) -> dict[str, str]:
    """The settings that make the product run in the sandbox; nothing of the caller's AWS comes through."""
    return {
        **_inherited(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORT": str(at.web),
        "PUBLIC_URL": f"http://127.0.0.1:{at.web}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"sqlite:///{place.folder / 'db.sqlite3'}",
        "REDIS_URL": broker.url(place.sockets / "broker.sock"),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{at.sandbox}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        # Written when the sandbox is ready; read when the first AWS client is made. So the web server, which
        # needs no AWS for its first page, starts beside the sandbox and not after it.
        "AWS_SHARED_CREDENTIALS_FILE": str(place.folder / "aws-credentials"),
        "AWS_DEFAULT_REGION": "us-east-1",
        "DNS_RESOLVERS": f"127.0.0.1:{at.dns},127.0.0.2:{at.dns}",
        "PROBE_PROXY": f"http://127.0.0.1:{at.proxy}",
        "EMAIL_URL": f"smtp://127.0.0.1:{at.smtp}",
        "SELLER_OPS_EMAIL": OPERATIONS,
        "SANDBOX_SELLER_OPS": OPERATIONS,
        "STATIC_MANIFEST": "0",  # the files as they lie, not an older collection
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL": "WARNING",
    }


def _inherited() -> dict[str, str]:
    """The caller's environment without what would make the demo another one: AWS keys, settings, secret files."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in SETTINGS and not name.startswith("AWS_") and not name.endswith("_FILE")
    }


def sandbox(place: Place, at: Ports, env: dict[str, str]) -> Child:
    """The simulated world. It is vital: it forgets everything when it ends."""
    command = [sys.executable, "-m", "sandbox", "--port", str(at.sandbox)]
    command += ["--proxy-port", str(at.proxy), "--smtp-port", str(at.smtp), "--dns-port", str(at.dns)]
    command += ["--settings", json.dumps(SANDBOX_SETTINGS)]
    return Child("The simulated AWS", command, env, place.folder / "sandbox.log", vital=True)


def write_hub_keys(child: Child, file: Path, ended: threading.Event) -> None:
    """Waits until the sandbox says that it is ready and writes the operator's own AWS keys for boto3.

    Returns early when told to end. Raises TimeoutError after 60 s, ChildProcessError when the sandbox ends
    before.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if child.dead() is not None:
            raise ChildProcessError(f"The simulated AWS did not start:\n{child.log.read_text()}")
        for line in child.log.read_text().splitlines():
            if line.startswith("{") and "aws_endpoint_url" in line:
                hub = json.loads(line)["hub"]
                lines = [f"aws_{name}={hub[name]}" for name in ("access_key_id", "secret_access_key")]
                file.write_text("\n".join(["[default]", *lines, ""]))
                return
        if ended.wait(0.02):
            return
    raise TimeoutError("The simulated AWS was not ready after 60 s.")


def queue(place: Place, env: dict[str, str]) -> Child:
    """The broker. It keeps its messages in a file, so its own death costs a moment only."""
    command = broker.command(place.folder, place.sockets / "broker.sock")
    return Child("The broker", command, env, place.folder / "broker.log")


def web(place: Place, at: Ports, env: dict[str, str]) -> Child:
    """The web server: one process, eight threads."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--worker-class", "gthread", "--threads", "8"]
    command += ["--bind", f"127.0.0.1:{at.web}", "--graceful-timeout", "1", "--log-level", "warning"]
    return Child("The web server", command, env, place.folder / "web.log")


def worker(place: Place, env: dict[str, str]) -> Child:
    """The Celery worker: sixteen threads."""
    command = [*_celery(), "worker", "-P", "threads", "-c", "16", "-l", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child("The worker", command, env, place.folder / "worker.log")


def beat(place: Place, env: dict[str, str]) -> Child:
    """The clock of the sweep. Beside the worker, not inside: an inner one would outlive a killed worker."""
    command = [*_celery(), "beat", "-l", "WARNING", "--pidfile=", "-s", str(place.folder / "beat")]
    return Child("The beat", command, env, place.folder / "beat.log")


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config"]


def answers(url: str) -> bool:
    """Whether a page is there now."""
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def seed(place: Place, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Starts `python -m demo.seed`, which fills the demo by running the product. The caller waits for it."""
    with (place.folder / "seed.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "demo.seed"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
