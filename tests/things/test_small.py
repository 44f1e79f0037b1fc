"""The parts that need no AWS: hidden failures, the test server's script, processor architectures, judgements."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from onboarding.aws.errors import DELETE_ORDER, code_of
from onboarding.things.base import Observation, State
from onboarding.things.image import Image, architecture
from onboarding.things.load_balancer import NetworkLoadBalancer
from onboarding.things.responder import user_data
from onboarding.things.subnet import Subnet
from onboarding.things.target_group import TargetGroup
from onboarding.things.unsuccessful import surface


def test_a_failure_inside_a_200_answer_is_raised_with_its_code() -> None:
    error = {"Code": "ExistingVpcEndpointConnections", "Message": "in use"}
    answer = {"Unsuccessful": [{"ResourceId": "vpce-svc-1", "Error": error}]}

    with pytest.raises(ClientError, match="vpce-svc-1: in use") as caught:
        surface(answer, "DeleteVpcEndpointServiceConfigurations")

    assert code_of(caught.value) in DELETE_ORDER


@pytest.mark.parametrize("answer", [{}, {"Unsuccessful": []}, {"Unsuccessful": [{"Error": {"Code": "Gone"}}]}])
def test_gone_already_is_done(answer: dict[str, Any]) -> None:
    surface(answer, "Delete", fine=("Gone",))


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("t3.micro", "x86_64"),
        ("t4g.micro", "arm64"),
        ("m7gd.large", "arm64"),
        ("c6gn.xlarge", "arm64"),
        ("g4dn.xlarge", "x86_64"),
        ("a1.medium", "arm64"),
        ("m7i-flex.large", "x86_64"),
        ("im4gn.large", "arm64"),
    ],
)
def test_the_architecture_follows_from_the_type(kind: str, wanted: str) -> None:
    assert architecture(kind) == wanted


@pytest.mark.process
@pytest.mark.parametrize("tls", [False, True])
def test_the_start_up_script_is_a_shell_script_with_its_marker(tls: bool) -> None:
    script = user_data(8443, tls)

    subprocess.run(["bash", "-n"], input=script, text=True, check=True)

    assert script.startswith("#!/bin/bash\n")
    assert re.search(rf"^# plc:listen 8443/{'tls' if tls else 'tcp'}$", script, re.MULTILINE)
    assert len(script) < 16_384, "AWS's limit of user data"


@pytest.mark.process
def test_the_placeholder_answers_a_health_check(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = re.search(r"<<'PYTHON'\n(.*?)\nPYTHON\n", user_data(port, tls=False), re.DOTALL)
    assert program is not None
    (tmp_path / "responder.py").write_text(program[1])
    process = subprocess.Popen([sys.executable, str(tmp_path / "responder.py")])
    try:
        assert _answer(port) == (200, b"test server\n")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def _answer(port: int) -> tuple[int, bytes]:
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("the test server does not answer")


def _seen(**values: Any) -> Observation:
    return Observation(id="x-1", values=values, sentence="x-1 is there.")


@pytest.mark.parametrize(
    ("thing", "seen", "words"),
    [
        (Subnet(vpc_id="vpc-1"), _seen(vpc_id="vpc-1", free=7), "7 free addresses"),
        (Subnet(vpc_id="vpc-1"), _seen(vpc_id="vpc-2", free=99), "not in vpc-1"),
        (Subnet(), Observation(id="s", state=State.WRONG, sentence="s is failed."), "s is failed."),
        (NetworkLoadBalancer(), _seen(type="application"), "type application"),
        (NetworkLoadBalancer(vpc_id="vpc-1"), _seen(type="network", vpc_id="vpc-2", name="n"), "not in vpc-1"),
        (TargetGroup(target_type="ip"), _seen(vpc_id="", target_type="instance"), "of type instance"),
        (Image(architecture="arm64"), _seen(architecture="x86_64"), "built for x86_64"),
    ],
)
def test_what_cannot_serve_is_said(thing: Any, seen: Observation, words: str) -> None:
    [sentence] = thing.judge(seen)
    assert words in sentence
    assert sentence.endswith(".")
