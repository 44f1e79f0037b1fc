"""The world as one process: how it starts, what it tells, how it serves and how it ends."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.sandbox_process import ROOT, SandboxProcess, running_sandbox, seconds_to_end

SELLER = "111111111111"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running_sandbox() as running:
        yield running


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Starts a world that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_tells_its_addresses_in_one_line_and_ends_soon_with_nothing_left() -> None:
    with running_sandbox(settings={"nlb_seconds": 3}) as running:
        assert set(running.addresses) == {
            "aws_endpoint_url",
            "probe_proxy",
            "email_url",
            "dns_resolvers",
            "control",
            "ca_file",
            "hub",
        }
        assert running.get("state")["settings"]["nlb_seconds"] == 3
        # 0.05 s on a machine that is not busy.
        assert seconds_to_end(running.process) < 3
        assert running.process.returncode == 0
        assert not os.path.exists(running.addresses["ca_file"])


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--settings", '{"nonsense": 1}'], {}, "'nonsense' is not a setting"),
        (["--settings", "{"], {}, "The sandbox cannot start"),
        (["--speed", "0"], {}, "speed must be above 0"),
        ([], {"SANDBOX_BIND": "everywhere"}, "SANDBOX_BIND must be an IP address"),
    ],
)
def test_a_wrong_start_ends_with_a_sentence(arguments: list[str], environment: dict[str, str], words: str) -> None:
    ended = start("--port", "0", "--proxy-port", "0", "--smtp-port", "0", "--dns-port", "0", *arguments, **environment)
    assert ended.returncode != 0
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_taken_port_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = start("--port", str(taken.getsockname()[1]))
    assert ended.returncode != 0
    assert "The sandbox cannot start" in ended.stderr
    assert "in use" in ended.stderr


def test_it_listens_on_loopback_only(sandbox: SandboxProcess) -> None:
    ports = [int(sandbox.addresses[key].rpartition(":")[2]) for key in ("probe_proxy", "email_url")]
    ports.append(int(sandbox.url.rpartition(":")[2]))
    # Another address of this machine, which a server on 0.0.0.0 would answer too.
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=2)


def test_a_connection_serves_many_calls(sandbox: SandboxProcess) -> None:
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=5) as client:
        for _ in range(3):
            client.sendall(b"GET /_sandbox/ca.pem HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            answer = b""
            while b"END CERTIFICATE" not in answer:
                answer += client.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200 ")


def test_parallel_calls_all_get_their_own_answer(sandbox: SandboxProcess) -> None:
    ec2 = sandbox.client("ec2", SELLER)

    def make(number: int) -> str:
        return str(ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["CidrBlock"])

    sandbox.post(
        "quotas", {"account_id": SELLER, "region": "us-east-1", "service": "vpc", "code": "L-F678F1CE", "value": 50}
    )
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(make, range(20))) == [f"10.{number}.0.0/16" for number in range(20)]


def test_a_service_that_is_not_simulated_is_refused(sandbox: SandboxProcess) -> None:
    with pytest.raises(ClientError) as refused:
        sandbox.client("sqs", SELLER).list_queues()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
