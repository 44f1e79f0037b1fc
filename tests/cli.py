"""A person's terminal: runs the shell scripts that pages show, with the AWS CLI, against the simulated AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from botocore.loaders import Loader

from tests.sandbox_process import SandboxProcess

WAITED_FOR = ("acm", "ec2", "elbv2")


class Terminal:
    """The terminal of somebody who may do all in `account`; `folder` is theirs."""

    def __init__(self, sandbox: SandboxProcess, account: str, folder: Path) -> None:
        keys = sandbox.post("admin", {"account_id": account})
        _poll_each_second(folder)
        self._environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "AWS_DATA_PATH": str(folder),
            "AWS_ENDPOINT_URL": sandbox.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            **{name.upper(): value for name, value in keys.items()},
        }

    def run(self, script: str, meanwhile: Callable[[str], None] | None = None) -> list[str]:
        """The lines that a script prints; `meanwhile` gets each at once. AssertionError if a command was refused."""
        with subprocess.Popen(
            ["/bin/sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment,
        ) as shell:
            assert shell.stdout is not None
            assert shell.stderr is not None
            lines = []
            for line in shell.stdout:
                lines.append(line.rstrip("\n"))
                if meanwhile is not None:
                    meanwhile(lines[-1])
            refused = shell.stderr.read()
        assert (shell.returncode, refused) == (0, ""), script
        return lines


def _poll_each_second(folder: Path) -> None:
    """Let `aws ... wait` ask each second: AWS's models say 15 to 60, and the simulated AWS is fast."""
    loader = Loader(include_default_search_paths=True)
    for service in WAITED_FOR:
        version = loader.determine_latest_version(service, "waiters-2")
        waiters = loader.load_service_model(service, "waiters-2", version)["waiters"]
        extras = folder / service / version / "waiters-2.sdk-extras.json"
        extras.parent.mkdir(parents=True, exist_ok=True)
        extras.write_text(json.dumps({"version": 1.0, "merge": {"waiters": {name: {"delay": 1} for name in waiters}}}))
