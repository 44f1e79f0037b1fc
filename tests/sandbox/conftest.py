"""A simulated AWS of its own for these tests, over real HTTP and real boto3."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from werkzeug.serving import WSGIRequestHandler, make_server

import sandbox.aws
from sandbox import world
from sandbox.aws import accounts, public_dns
from sandbox.aws.app import create_app
from sandbox.clock import clock
from sandbox.dns import server as name_servers
from tests.sandbox.zones import Wire

SELLER = "111111111111"
BUYER = "222222222222"
STRANGER = "333333333333"
REGION = "us-east-1"

Client = Callable[..., Any]
Answers = dict[tuple[str, str], list[str]]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    """The address of the simulated AWS, served by a thread of this process."""
    server = make_server("127.0.0.1", 0, create_app(), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(autouse=True)
def _empty_world(aws_url: str) -> None:
    """Each test starts with an empty world at AWS's typical speed."""
    clock.set_speed(1.0)
    world.settings.reset()
    sandbox.aws.reset()


@pytest.fixture(scope="session")
def dns_port() -> Iterator[int]:
    """The port of the simulated name servers, served by a thread of this process."""
    running = name_servers.DnsServer()
    running.start()
    name_servers.use(running)
    yield running.port
    name_servers.use(None)


@pytest.fixture
def wire(dns_port: int) -> Wire:
    """Asks the simulated name servers over sockets."""
    return Wire(dns_port)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """What public DNS serves to ACM and PrivateLink, by name and type; nothing but what the test puts in."""
    table: Answers = {}
    before = public_dns.use_lookup(lambda name, kind: table.get((name.lower(), kind), []))
    yield table
    public_dns.use_lookup(before)


@pytest.fixture
def no_dns() -> Iterator[None]:
    """Nothing serves DNS."""
    before = public_dns.use_lookup(None)
    yield
    public_dns.use_lookup(before)


@cache
def _client(url: str, service: str, region: str, keys: tuple[Any, ...], config: tuple[Any, ...]) -> Any:
    """One client for all tests that ask for the same; making one costs more than most tests."""
    made: Any = boto3.client  # its overloads know services by literal name only
    options = Config(retries={"total_max_attempts": 1}, **dict(config))
    return made(service, region_name=region, endpoint_url=url, config=options, **dict(keys))


@pytest.fixture
def client(aws_url: str) -> Client:
    """`client("ec2", account=..., region=..., keys=...)`: boto3, by default as the account's admin."""

    def make(
        service: str, account: str = SELLER, region: str = REGION, keys: dict[str, str] | None = None, **config: Any
    ) -> Any:
        given = keys or accounts.admin_credentials(account)
        return _client(aws_url, service, region, tuple(given.items()), tuple(sorted(config.items())))

    return make


@pytest.fixture
def code() -> Callable[..., str]:
    """`code(call, **kwargs)`: the AWS error code that the call is refused with."""
    from botocore.exceptions import ClientError

    def refused(call: Callable[..., Any], **kwargs: Any) -> str:
        with pytest.raises(ClientError) as caught:
            call(**kwargs)
        return str(caught.value.response["Error"]["Code"])

    return refused


@pytest.fixture
def hub(client: Client) -> Any:
    return client("sts", keys=accounts.hub_credentials())


@pytest.fixture
def assume(hub: Any) -> Callable[..., dict[str, str]]:
    """`assume(arn, ...)`: keys of a session, for `client(keys=...)`."""

    def session(arn: str, **more: Any) -> dict[str, str]:
        more.setdefault("ExternalId", "right")
        made = hub.assume_role(RoleArn=arn, RoleSessionName="plc-test", **more)["Credentials"]
        return {
            "aws_access_key_id": made["AccessKeyId"],
            "aws_secret_access_key": made["SecretAccessKey"],
            "aws_session_token": made["SessionToken"],
        }

    return session
