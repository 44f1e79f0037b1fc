"""A person's terminal with the AWS CLI: runs the shell scripts that pages show, against the simulated AWS.

The shell is the real one. `aws` stands in for the AWS CLI, which need not be installed: it reads the words of a command
by botocore's models, as the CLI does, and refuses what the CLI would not understand.
"""

from __future__ import annotations

import json
import os
import socketserver
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jmespath  # type: ignore[import-untyped]
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import Shape

from tests.sandbox_process import SandboxProcess

CLIENT = """#!{python} -IS
import json, socket, sys
with socket.create_connection(("127.0.0.1", {port})) as line:
    line.sendall(json.dumps(sys.argv[1:]).encode())
    line.shutdown(socket.SHUT_WR)
    told = json.loads(b"".join(iter(lambda: line.recv(65536), b"")))
print(told["said"], file=sys.stderr if told["code"] else sys.stdout)
sys.exit(told["code"])
"""
GLOBAL = ("region", "query", "output")


class Terminal:
    """The terminal of somebody who may do all in `account`; `refused` are the commands that ended with an error."""

    def __init__(self, sandbox: SandboxProcess, account: str) -> None:
        self._sandbox, self._account = sandbox, account
        self._clients: dict[tuple[str, str], Any] = {}
        self.path = ""
        self.refused: list[str] = []

    def run(self, script: str, meanwhile: Callable[[str], None] | None = None) -> list[str]:
        """The lines that a script prints; `meanwhile` gets each at once. AssertionError if a command was refused."""
        shell = subprocess.Popen(
            ["/bin/sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PATH": f"{self.path}:{os.environ['PATH']}"},
        )
        assert shell.stdin is not None
        assert shell.stdout is not None
        try:
            shell.stdin.write(script)
            shell.stdin.close()
            lines = []
            for line in shell.stdout:
                lines.append(line.rstrip("\n"))
                if meanwhile is not None:
                    meanwhile(lines[-1])
            assert (shell.wait(30), self.refused) == (0, []), script
        finally:
            shell.kill()
        return lines

    def command(self, words: Sequence[str]) -> str:
        """What one command prints. ValueError for words that the AWS CLI does not understand."""
        service, name, *rest = words
        waiter = rest.pop(0) if name == "wait" else ""
        options = _options(rest)
        own = {key: options.pop(key)[0] for key in GLOBAL if key in options}
        client = self._client(service, own.get("region", "us-east-1"))
        if waiter:
            method = client.get_waiter(waiter.replace("-", "_"))
            operation = method.config.operation
            method.wait(**_params(client, operation, options), WaiterConfig={"Delay": 1, "MaxAttempts": 60})
            return ""
        operation = client.meta.method_to_api_mapping[name.replace("-", "_")]
        answer = getattr(client, xform_name(operation))(**_params(client, operation, options))
        answer.pop("ResponseMetadata")
        found = jmespath.search(own["query"], answer) if "query" in own else answer
        return _text(found) if own.get("output") == "text" else json.dumps(found, default=str)

    def _client(self, service: str, region: str) -> Any:
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._sandbox.client(service, self._account, region)
        return self._clients[key]


@contextmanager
def terminal(sandbox: SandboxProcess, account: str, folder: Path) -> Iterator[Terminal]:
    """A terminal whose `aws` stands in `folder`."""
    person = Terminal(sandbox, account)

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            words = json.loads(self.rfile.read())
            try:
                told: dict[str, Any] = {"code": 0, "said": person.command(words)}
            except (ClientError, BotoCoreError, ValueError, KeyError) as error:
                told = {"code": 254, "said": f"{type(error).__name__}: {error}"}
                person.refused.append(f"{' '.join(words)[:300]}: {told['said']}")
            self.wfile.write(json.dumps(told).encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        file = folder / "aws"
        file.write_text(CLIENT.format(python=sys.executable, port=server.server_address[1]))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        person.path = str(folder)
        yield person
        server.shutdown()


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    """The options with the words after each."""
    found: dict[str, list[str]] = {}
    values: list[str] = []
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name in found:
                raise ValueError(f"--{name} is given twice")
            values = found[name] = [value] if equals else []
        else:
            values.append(word)
    return found


def _params(client: Any, operation: str, options: dict[str, list[str]]) -> dict[str, Any]:
    """The call's parameters, by the names that the CLI gives them."""
    if operation == "RunInstances" and "count" in options:
        least, _, most = options.pop("count")[0].partition(":")
        options |= {"min-count": [least], "max-count": [most or least]}
    members = client.meta.service_model.operation_model(operation).input_shape.members
    named = {xform_name(name, "-"): (name, shape) for name, shape in members.items()}
    found: dict[str, Any] = {}
    for option, values in options.items():
        bare = option.removeprefix("no-")
        known = named.get(option) or named.get(bare)
        if known is None:
            raise ValueError(f"{operation}: unknown option --{option}")
        name, shape = known
        if shape.type_name == "boolean" and not values:
            found[name] = option != f"no-{bare}"
        else:
            found[name] = _value(shape, values)
    return found


def _value(shape: Shape, values: list[str]) -> Any:
    """The words of an option as its shape: lists take several or JSON, structures JSON."""
    first = values[0]
    if shape.type_name == "list":
        if first.startswith("["):
            return json.loads(first)
        return [_value(shape.member, [value]) for value in values]  # type: ignore[attr-defined]
    if len(values) != 1:
        raise ValueError(f"{shape.name} takes one value, not {values}")
    if shape.type_name in ("structure", "map"):
        return json.loads(first)
    return int(first) if shape.type_name in ("integer", "long") else first


def _text(found: Any) -> str:
    """As `--output text`: a list's members with tabs between, a list of lists line by line."""
    if isinstance(found, list):
        return (
            "\n".join(map(_text, found)) if any(isinstance(one, list) for one in found) else "\t".join(map(str, found))
        )
    return str(found)
