"""What threads share: one session a role, one client a service, one read of a run's tags."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

import pytest

from onboarding.aws import sessions
from onboarding.aws.sessions import Role, door
from onboarding.engine.inventory import find_tagged
from tests import products
from tests.sandbox_process import SandboxProcess

T = TypeVar("T")
THREADS = 12
REGION = "eu-west-1"


@pytest.fixture
def role(sandbox: SandboxProcess) -> Role:
    trust = products.trust(sandbox.client("sts").get_caller_identity()["Arn"], "an-external-id")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    named = {"account_id": products.SELLER, "role_name": "shared", "trust_policy": trust, "policies": [everything]}
    sandbox.post("roles", named)
    arn = f"arn:aws:iam::{products.SELLER}:role/shared"
    return Role(arn=arn, external_id="an-external-id", purpose="plc-test")


def at_once(call: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(THREADS) as pool:
        return [job.result() for job in [pool.submit(call) for _ in range(THREADS)]]


def asked(sandbox: SandboxProcess, action: str) -> int:
    return len(sandbox.get(f"calls?action={action}"))


def test_threads_share_one_session_and_one_client(sandbox: SandboxProcess, role: Role) -> None:
    clients = at_once(lambda: door(role, REGION).ec2)
    assert len(set(map(id, clients))) == 1
    assert asked(sandbox, "AssumeRole") == 1


def test_a_forgotten_session_is_opened_again_with_clients_of_its_own(sandbox: SandboxProcess, role: Role) -> None:
    first = door(role, REGION).ec2
    sessions.forget("arn:aws:iam::222222222222:role/another")
    assert door(role, REGION).ec2 is first
    sessions.forget(role.arn)
    assert door(role, REGION).ec2 is not first
    assert asked(sandbox, "AssumeRole") == 2


def test_a_refused_role_is_asked_again_by_the_next(sandbox: SandboxProcess, role: Role) -> None:
    stranger = Role(arn=role.arn, external_id="another", purpose="plc-test")
    for _ in range(2):
        with pytest.raises(Exception, match="AccessDenied"):
            door(stranger, REGION)
    assert door(role, REGION).ec2.describe_vpcs()["Vpcs"]


def test_the_tags_of_a_run_are_read_once(sandbox: SandboxProcess, role: Role) -> None:
    run, product = uuid4(), uuid4()
    assert at_once(lambda: find_tagged(door(role, REGION), run, product, REGION)) == [{}] * THREADS
    assert asked(sandbox, "DescribeTags") == 1
    find_tagged(door(role, REGION), uuid4(), product, REGION)
    assert asked(sandbox, "DescribeTags") == 2
