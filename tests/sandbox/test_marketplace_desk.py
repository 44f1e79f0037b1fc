"""The desk of Seller Operations in a real sandbox process: mails in, answers out, its page and its orders."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from tests.sandbox import build
from tests.sandbox_process import SandboxProcess, running_sandbox

SELLER, BUYER = "111111111111", "222222222222"
OPS, NAME = "ops@marketplace.example", "api.vpce.example.com"
OWNER, PROOF = f"_3f2c.{NAME}", "_9b1d.acm-validations.aws"
SERVICE = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
REQUEST = f"""Dear Seller Operations team,

please make the zone {NAME} and tell us its name servers, so that we can delegate the
name to you.

Product                 Example Analytics
User-friendly DNS name  {NAME}
Private DNS name        analytics.example.com

Endpoint services and the accounts that created them
   us-east-1  {SERVICE}
              account {SELLER}

Please keep these records in your zone {NAME}:
   {OWNER}. CNAME {PROOF}.
   _77aa.analytics.example.com. CNAME _5566.acm-validations.aws.
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def shared() -> Iterator[SandboxProcess]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared: SandboxProcess) -> SandboxProcess:
    shared.post("reset")
    shared.post("settings", {"dns_seconds": 0})
    return shared


def send(sandbox: SandboxProcess, subject: str, body: str, attached: str = "", to: str = OPS) -> None:
    """A mail from the product to Seller Operations."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Onboarding <product@example.com>", to, subject
    message["Reply-To"], message["Message-ID"] = "engineer@seller.example", "<1@example.com>"
    message.set_content(body)
    if attached:
        message.add_attachment(attached.encode(), maintype="application", subtype="json", filename="submission.json")
    host, _, port = sandbox.addresses["email_url"].removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port)) as server:
        server.send_message(message)


def zones(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    return list(sandbox.get("marketplace")["zones"])


def test_a_request_is_answered_by_itself_with_the_servers_of_a_new_zone(sandbox: SandboxProcess) -> None:
    send(sandbox, f"Name servers for {NAME}: Example Analytics", REQUEST)
    (zone,) = zones(sandbox)
    assert (zone["name"], zone["cnames"]) == (NAME, {OWNER: f"{PROOF}."})
    (answer,) = sandbox.get("outbox?to=engineer@seller.example")
    assert answer["sender"] == OPS
    assert answer["subject"] == f"Re: Name servers for {NAME}: Example Analytics"
    assert "In-Reply-To: <1@example.com>" in answer["raw"]
    assert [line for line in answer["text"].splitlines() if line.startswith("ns-")] == zone["servers"]
    (mail,) = sandbox.get("marketplace")["mails"]
    assert (mail["answered"], mail["services"], mail["problem"]) == (True, [SERVICE], "")


def test_by_hand_it_waits_for_a_person_who_answers_with_a_button(sandbox: SandboxProcess) -> None:
    sandbox.post("marketplace", {"by_itself": False})
    send(sandbox, f"Name servers for {NAME}", REQUEST)
    assert zones(sandbox) == []
    (mail,) = sandbox.get("marketplace")["mails"]
    _, page, _ = sandbox.ask("marketplace")
    assert f'name="number" value="{mail["number"]}"' in page
    status, _, headers = sandbox.ask(
        "do/marketplace_answer", f"number={mail['number']}&back=marketplace".encode(), FORM
    )
    assert (status, headers["Location"]) == (303, "/_sandbox/marketplace")
    (zone,) = zones(sandbox)
    assert all(server in sandbox.get("outbox?to=engineer@seller.example")[0]["text"] for server in zone["servers"])
    page = sandbox.ask("marketplace")[1]
    assert zone["servers"][0] in page
    assert "Its zone is made, and its name servers were sent." in page
    assert f'name="number" value="{mail["number"]}"' not in page, "an answered mail needs no button"


def test_records_that_a_later_mail_names_go_into_the_zone(sandbox: SandboxProcess) -> None:
    sandbox.post("marketplace_zone", {"name": NAME})
    attached = f'{{"facts": {{"friendly_name": "{NAME}", "keep": [{{"name": "{OWNER}", "value": "{PROOF}"}}]}}}}'
    send(sandbox, "PrivateLink for Example Analytics", "The package is attached.", attached)
    assert zones(sandbox)[0]["cnames"] == {OWNER: f"{PROOF}."}
    assert sandbox.get("outbox?to=engineer@seller.example") == []


def test_other_mails_are_not_for_the_desk_and_its_address_can_change(sandbox: SandboxProcess) -> None:
    send(sandbox, f"Name servers for {NAME}", REQUEST, to="somebody@else.example")
    send(sandbox, "Hello", "Nothing of a name.")
    assert zones(sandbox) == []
    (mail,) = sandbox.get("marketplace")["mails"]
    assert (mail["name"], mail["answered"]) == ("", False)
    with pytest.raises(ValueError, match="names no user-friendly DNS name"):
        sandbox.post("marketplace_answer", {"number": mail["number"]})
    sandbox.post("marketplace", {"address": "mco@marketplace.example"})
    send(sandbox, f"Name servers for {NAME}", REQUEST, to="mco@marketplace.example")
    assert [zone["name"] for zone in zones(sandbox)] == [NAME]
    sandbox.post("marketplace", {"address": OPS})


def test_a_name_that_cannot_be_a_zone_is_said_on_the_desk_and_the_mail_is_kept(sandbox: SandboxProcess) -> None:
    send(sandbox, "Name servers please", f"User-friendly DNS name  {'a' * 60}.{'b.' * 100}example.com\n")
    (mail,) = sandbox.get("marketplace")["mails"]
    assert "must be a domain name of 1 to 253 characters" in mail["problem"]
    assert len(sandbox.get(f"outbox?to={OPS}")) == 1


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("marketplace_zone", {}, "name is empty"),
        ("marketplace_zone", {"name": NAME, "cnames": [{"owner": "x"}]}, "cnames must be a list"),
        ("marketplace_zone", {"name": NAME, "cnames": [{"name": "_a.example.com", "value": "b"}]}, "is not below"),
        ("marketplace_live", {"name": NAME, "services": [SERVICE]}, "there is no zone"),
        ("marketplace_drop", {"name": NAME}, "there is no zone"),
        ("marketplace_answer", {"number": 9}, "there is no mail 9"),
        ("certificates", {"arn": "arn:x"}, "there is no certificate"),
        ("renew", {"arn": "arn:x"}, "there is no certificate"),
        ("private-dns", {"service_id": "vpce-svc-1", "state": "verified"}, "has no private DNS name"),
    ],
)
def test_a_wrong_order_gets_a_sentence(
    sandbox: SandboxProcess, action: str, values: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        sandbox.post(action, values)


def test_a_certificate_is_issued_failed_and_renewed_on_its_page(sandbox: SandboxProcess) -> None:
    acm = sandbox.client("acm", SELLER)
    arn = acm.request_certificate(DomainName=NAME, ValidationMethod="DNS")["CertificateArn"]
    assert arn in sandbox.ask("certificates")[1]
    assert sandbox.ask("do/certificates", f"arn={arn}&status=ISSUED&back=certificates".encode(), FORM)[0] == 303
    assert sandbox.post("renew", {"arn": arn}) == {"status": "PENDING_VALIDATION"}
    sandbox.post("certificates", {"arn": arn, "status": "FAILED", "reason": "CAA_ERROR"})
    (shown,) = sandbox.get("certificates")
    assert (shown["status"], shown["reason"], shown["renewal"]) == ("FAILED", "CAA_ERROR", "PENDING_VALIDATION")


def handshake(sandbox: SandboxProcess, name: str, port: int = 443) -> dict[str, Any]:
    """The certificate that a TLS client meets at the name, through the CONNECT proxy."""
    host, _, proxy = sandbox.addresses["probe_proxy"].removeprefix("http://").partition(":")
    with socket.create_connection((host, int(proxy)), timeout=10) as raw:
        raw.sendall(f"CONNECT {name}:{port} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += raw.recv(1)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise ConnectionRefusedError(head.decode())
        context = ssl.create_default_context(cafile=sandbox.addresses["ca_file"])
        with context.wrap_socket(raw, server_hostname=name) as session:
            return dict(session.getpeercert() or {})


@pytest.fixture
def endpoint(sandbox: SandboxProcess) -> dict[str, Any]:
    """A buyer's endpoint in its default VPC, to a TLS service that is live under the friendly name."""
    sandbox.post(
        "settings",
        {
            "nlb_seconds": 0,
            "instance_seconds": 0,
            "service_seconds": 0,
            "endpoint_seconds": 0,
            "target_health_seconds": 0,
        },
    )
    acm, elb = sandbox.client("acm", SELLER), sandbox.client("elbv2", SELLER)
    asked = {"DomainName": NAME, "SubjectAlternativeNames": [f"*.{NAME}"], "ValidationMethod": "DNS"}
    arn = acm.request_certificate(**asked)["CertificateArn"]
    sandbox.post("certificates", {"arn": arn})
    net = build.network(sandbox.client("ec2", SELLER))
    nlb, targets = build.balancer(elb, net)["LoadBalancerArn"], build.target_group(elb, net)
    build.listener(elb, nlb, targets, Protocol="TLS", Certificates=[{"CertificateArn": arn}])
    behind = build.group(net, "behind", 8443)
    ids = [build.instance(net, subnet, [behind]) for subnet in net.subnets]
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": thing} for thing in ids])
    made = build.service(net.ec2, nlb)
    build.allow(net.ec2, made["ServiceId"], build.root(BUYER))
    servers = sandbox.post("marketplace_zone", {"name": NAME})["servers"]
    delegate(sandbox.client("route53", SELLER), servers)
    live = sandbox.post("marketplace_live", {"name": NAME, "services": [made["ServiceName"]]})
    assert live == {"name": NAME, "services": [made["ServiceId"]]}
    ec2 = sandbox.client("ec2", BUYER)
    return connect(ec2, made["ServiceName"], net.zone_ids)


def delegate(route53: Any, servers: list[str]) -> None:
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    records = [{"Value": f"{server}."} for server in servers]
    wanted = {"Name": NAME, "Type": "NS", "TTL": 300, "ResourceRecords": records}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def connect(ec2: Any, service: str, zone_ids: list[str]) -> dict[str, Any]:
    """An endpoint in the default VPC, in the zones that the service has."""
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=inside)["Subnets"]
    wanted = [s["SubnetId"] for s in subnets if s["AvailabilityZoneId"] in zone_ids]
    asked = {"VpcId": vpc["VpcId"], "ServiceName": service, "VpcEndpointType": "Interface", "SubnetIds": wanted}
    thing = ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]
    return dict(ec2.describe_vpc_endpoints(VpcEndpointIds=[thing])["VpcEndpoints"][0])


def test_a_friendly_endpoint_name_proves_itself_in_a_real_handshake(
    sandbox: SandboxProcess, endpoint: dict[str, Any]
) -> None:
    assert endpoint["State"] == "available"
    shown = [entry["DnsName"] for entry in endpoint["DnsEntries"]]
    assert len(shown) == 3
    assert all(name.endswith(f"{endpoint['VpcEndpointId']}.{NAME}") for name in shown)
    send(sandbox, "PrivateLink", f"User-friendly DNS name  {NAME}\n{endpoint['ServiceName']}\n")
    assert "Its services are live." in sandbox.ask("marketplace")[1]
    for name in shown:
        assert ("DNS", f"*.{NAME}") in handshake(sandbox, name)["subjectAltName"]
    sandbox.post("hosts", {"host": shown[0], "is": "wrong certificate"})
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(sandbox, shown[0])
    sandbox.post("hosts", {"host": shown[0], "is": "refuse"})
    with pytest.raises(ConnectionRefusedError, match="connection_refused"):
        handshake(sandbox, shown[0])
    with pytest.raises(ConnectionRefusedError, match="dns_error"):
        handshake(sandbox, f"vpce-0123456789abcdef0.{NAME}")
