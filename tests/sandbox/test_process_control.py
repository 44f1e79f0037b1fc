"""The control page `/_sandbox/` of a real sandbox process: JSON for tests, HTML for people, mail."""

import json
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.sandbox_process import SandboxProcess, running_sandbox

SELLER = "111111111111"


@pytest.fixture(scope="module")
def shared() -> Iterator[SandboxProcess]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared: SandboxProcess) -> SandboxProcess:
    shared.post("reset")
    shared.post("speed", {"speed": 1})
    return shared


def test_a_role_made_on_the_page_opens_only_with_its_external_id(sandbox: SandboxProcess) -> None:
    sts = sandbox.client("sts")
    arn = sandbox.post(
        "roles",
        {
            "account_id": SELLER,
            "role_name": "onboarding",
            "principal": sts.get_caller_identity()["Arn"],
            "external_id": "the-right-one",
        },
    )["arn"]

    for wrong in ({}, {"ExternalId": "another"}):
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role(RoleArn=arn, RoleSessionName="test", **wrong)
    keys = sts.assume_role(RoleArn=arn, RoleSessionName="test", ExternalId="the-right-one")["Credentials"]

    session = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=sandbox.url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    assert session.get_caller_identity()["Account"] == SELLER


def test_the_quick_create_page_carries_the_values_of_its_link(sandbox: SandboxProcess) -> None:
    _, text, _ = sandbox.ask("quick-create?param_ExternalId=abc%22%3E&param_HubRoleArn=arn:aws:iam::9:role/h")
    assert 'value="abc&#34;&gt;"' in text
    assert 'value="arn:aws:iam::9:role/h"' in text


def test_an_ordered_fault_strikes_as_often_as_ordered(sandbox: SandboxProcess) -> None:
    ec2 = sandbox.client("ec2", SELLER)
    sandbox.post("faults", {"action": "DescribeVpcs", "code": "RequestLimitExceeded", "status": 503})

    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        ec2.describe_vpcs()
    ec2.describe_vpcs()

    assert sandbox.get("state")["faults"][0]["hits"] == 1
    outcomes = [call["outcome"] for call in sandbox.get("calls?action=DescribeVpcs")]
    assert outcomes == ["RequestLimitExceeded", "ok"]
    assert sandbox.post("faults-clear") == []


def test_time_is_moved_and_sped_up_by_order(sandbox: SandboxProcess) -> None:
    before = sandbox.get("state")["now"]
    sandbox.post("advance", {"seconds": 5000})
    assert sandbox.get("state")["now"] - before >= 5000
    assert sandbox.post("speed", {"speed": "20"}) == {"speed": 20.0}


def test_what_exists_is_told_and_forgotten_by_a_reset(sandbox: SandboxProcess) -> None:
    sandbox.client("ec2", SELLER, "eu-west-1").create_vpc(CidrBlock="10.1.0.0/16")
    assert "eu-west-1" in json.dumps(sandbox.get(f"inventory?account={SELLER}"))
    assert "eu-west-1" in sandbox.ask("")[1]

    sandbox.post("reset")

    assert "eu-west-1" not in json.dumps(sandbox.get(f"inventory?account={SELLER}"))


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("speed", {"speed": "fast"}, "speed must be a number"),
        ("speed", {"speed": -1}, "speed must be above 0"),
        ("roles", {"account_id": "12", "role_name": "x", "principal": "y"}, "account_id must have 12 digits"),
        ("roles", {"account_id": SELLER, "principal": "y"}, "role_name is empty"),
        ("faults", {"kind": "earthquake"}, "is not a fault"),
        ("faults", {"shape": "round"}, "unknown key"),
        ("hosts", {"host": "x", "is": "lost"}, "is must be one of"),
        ("listens", {"target": "i-1", "listens": True}, "target must end with a port"),
        ("settings", {"colour": 1}, "is not a setting"),
        ("nothing", {}, "There is no nothing here"),
    ],
)
def test_a_wrong_value_gets_a_sentence(
    sandbox: SandboxProcess, action: str, values: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        sandbox.post(action, values)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "roles",
        "quick-create",
        "inventory",
        "faults",
        "calls",
        "outbox",
        "certificates",
        "marketplace",
        "style.css",
        "ca.pem",
    ],
)
def test_every_page_answers_and_takes_nothing_from_outside(sandbox: SandboxProcess, path: str) -> None:
    status, text, _ = sandbox.ask(path)
    assert status == 200
    assert "http://" not in text
    assert "https://" not in text
    assert "<script" not in text


def test_the_page_turns_foreign_names_and_foreign_forms_away(sandbox: SandboxProcess) -> None:
    assert sandbox.ask("", headers={"Host": "rebound.example.com"})[0] == 403
    assert sandbox.ask("do/reset", b"", {"Origin": "https://evil.example.com"})[0] == 403
    assert sandbox.ask("do/reset", b"", {"Origin": sandbox.url})[0] == 303


def test_a_form_leads_back_to_its_page_and_nowhere_else(sandbox: SandboxProcess) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    fields = b"action=CreateVpc&kind=reset&back=//evil.example.com"
    status, _, headers = sandbox.ask("do/faults", fields, form)
    assert (status, headers["Location"]) == (303, "/_sandbox/evil.example.com")
    assert sandbox.get("state")["faults"][0]["kind"] == "reset"


def test_a_wrong_form_says_what_is_wrong_and_leads_back(sandbox: SandboxProcess) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, text, _ = sandbox.ask("do/speed", b"speed=fast&back=faults", form)
    assert status == 400
    assert "speed must be a number" in text
    assert 'href="/_sandbox/faults"' in text


def test_mail_is_kept_and_shown_unharmed(sandbox: SandboxProcess) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "product@example.com", "Engineer@seller.example"
    message["Subject"], message["Message-ID"] = "Grüße <script>alert(1)</script>", "<one@example.com>"
    message.set_content("Open https://127.0.0.1/invitation/xyz to begin.")
    host, _, port = sandbox.addresses["email_url"].removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as server:
        server.send_message(message)

    (letter,) = sandbox.get("outbox?to=engineer@seller.example")
    assert letter["subject"] == "Grüße <script>alert(1)</script>"
    assert letter["message_id"] == "<one@example.com>"
    assert letter["text"].strip() == "Open https://127.0.0.1/invitation/xyz to begin."
    assert sandbox.get("outbox?to=somebody@else.example") == []
    _, text, _ = sandbox.ask(f"letter?number={letter['number']}")
    assert "&lt;script&gt;" in text
    assert 'href="https://127.0.0.1/invitation/xyz"' in text
    assert sandbox.post("outbox-clear") == []
    assert sandbox.get("outbox") == []


def test_the_authority_of_the_page_is_the_file_of_the_first_line(sandbox: SandboxProcess) -> None:
    with open(sandbox.addresses["ca_file"]) as file:
        assert sandbox.ask("ca.pem")[1] == file.read()
    ssl.create_default_context(cafile=sandbox.addresses["ca_file"])
