"""The simulated world as a process of its own, for tests that cross process borders."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from demo.parent import die_with_parent

ROOT = Path(__file__).parent.parent


class SandboxProcess:
    """A running `python -m sandbox` on ports of the system's choice.

    `addresses` is the line that it printed; `environment` holds the settings that point the product at it.
    """

    def __init__(self, process: subprocess.Popen[str], addresses: dict[str, Any]) -> None:
        self.process, self.addresses = process, addresses
        self.url: str = addresses["aws_endpoint_url"]
        self._clients: dict[tuple[str, ...], Any] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What the product is told: endpoint, hub keys, probe proxy, mail server, resolvers."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.addresses["hub"]["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.addresses["hub"]["secret_access_key"],
            "AWS_DEFAULT_REGION": "us-east-1",
            "PROBE_PROXY": self.addresses["probe_proxy"],
            "EMAIL_URL": self.addresses["email_url"],
            "DNS_RESOLVERS": self.addresses["dns_resolvers"],
        }

    def ask(
        self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """One request to `/_sandbox/<path>`, a POST when it has data: status, text, headers.

        No redirect is followed.
        """
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            method = "GET" if data is None else "POST"
            connection.request(method, f"/_sandbox/{path}", body=data, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()

    def get(self, view: str) -> Any:
        """A JSON answer of the control page, as `state`, `calls?action=CreateVpc`, `inventory`, `outbox`."""
        return self._json(*self.ask(f"api/{view}"))

    def post(self, action: str, values: Mapping[str, Any] | None = None) -> Any:
        """Does something to the world, as `roles`, `faults`, `advance`. ValueError with its sentence."""
        return self._json(*self.ask(f"api/{action}", json.dumps(values or {}).encode()))

    def _json(self, status: int, text: str, headers: Mapping[str, str]) -> Any:
        if status != 200:
            raise ValueError(text)
        return json.loads(text)

    def client(self, service: str, account: str | None = None, region: str = "us-east-1") -> Any:
        """A boto3 client: of the hub's user, or of a person who may do all in an account."""
        hub = self.addresses["hub"]
        keys = {"aws_access_key_id": hub["access_key_id"], "aws_secret_access_key": hub["secret_access_key"]}
        if account is not None:
            keys = self.post("admin", {"account_id": account})
        # One client for all tests that ask for the same: creating one takes longer than its call.
        wanted = (service, region, *keys.values())
        if wanted not in self._clients:
            config = Config(retries={"total_max_attempts": 1}, max_pool_connections=50)
            make: Any = boto3.client  # its overloads know services by literal name only
            self._clients[wanted] = make(service, region_name=region, endpoint_url=self.url, config=config, **keys)
        return self._clients[wanted]


@contextmanager
def running_sandbox(
    speed: float | None = None, settings: Mapping[str, float] | None = None
) -> Iterator[SandboxProcess]:
    """Starts the world, gives it, and ends it. RuntimeError with its words when it does not start."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--proxy-port", "0", "--smtp-port", "0"]
    command += ["--dns-port", "0", "--settings", json.dumps(dict(settings or {}))]
    command += ["--speed", str(speed)] if speed else []
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("The sandbox did not start; its words stand above.")
        yield SandboxProcess(process, json.loads(line))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def seconds_to_end(process: subprocess.Popen[str]) -> float:
    """Sends SIGTERM and tells how long the process took to end."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    return time.monotonic() - begun
