"""A whole product by the command line: its spec and roles, the commands, and what AWS says of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tests import engine_driver, products
from tests.commands.call import run
from tests.engine.test_commands import put_role
from tests.sandbox_process import SandboxProcess

REGIONS = ("eu-west-1", "us-east-1")
SLUG = "example-analytics"


def spec(**connections: str) -> dict[str, Any]:
    """The spec of the whole product in two regions."""
    data = products.whole({region: products.OWN_TARGETS for region in REGIONS})
    data["connections"] |= connections
    return data


def connected(sandbox: SandboxProcess, data: dict[str, Any]) -> None:
    """Each role of the spec, made with the trust policy that `connection create` prints, and proven."""
    for name in ("service", "buyer_test"):
        arn = data["connections"][name]
        words = ("--seller", data["seller"], "--role-arn", arn, "--json")
        code, out, err = run("connection", "create", "--create-seller", *words)
        assert code == 0, err
        assert run("connection", "test", *words)[0] == 1, "the role is not there yet"
        put_role(sandbox, json.loads(out))
        code, out, err = run("connection", "test", *words)
        assert (code, json.loads(out)["state"]) == (0, "proven"), err


def onboarded(file: str) -> tuple[int, dict[str, Any], str]:
    """`onboard SPEC --wait --json`: its code, its report, and whom it names as awaited."""
    code, out, err = run("onboard", file, "--wait", "--json")
    told = json.loads(out)
    return code, told, err


def accounts(sandbox: SandboxProcess) -> dict[str, Any]:
    """What is in the seller's and the buyer's accounts; Marketplace's own zone is Marketplace's."""
    found = sandbox.get("inventory")
    return {account: found.get(account) for account in (products.SELLER, products.BUYER)}


def mutations(sandbox: SandboxProcess) -> list[str]:
    return [f"{call['region']} {call['action']}" for call in sandbox.get("calls?mutating=true")]


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for what goes on by itself."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, engine_driver.picture()
        time.sleep(0.1)


def answered(*words: str) -> None:
    """`answer` takes it, and says what it took."""
    code, out, err = run("answer", SLUG, *words)
    assert code == 0, err
    assert out.startswith("Saved ")


def of_aws(sandbox: SandboxProcess) -> dict[str, dict[str, Any]]:
    """What AWS says of each region, asked by the seller's own people."""
    found = {}
    for region in REGIONS:
        ec2, acm = (sandbox.client(name, products.SELLER, region) for name in ("ec2", "acm"))
        [service] = ec2.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"]
        [summary] = acm.list_certificates()["CertificateSummaryList"]
        certificate = acm.describe_certificate(CertificateArn=summary["CertificateArn"])["Certificate"]
        records = [one["ResourceRecord"] for one in certificate["DomainValidationOptions"]]
        found[region] = {
            "service": service["ServiceName"],
            "certificate": certificate["CertificateArn"],
            "names": sorted(certificate["SubjectAlternativeNames"]),
            "records": {one["Name"].rstrip("."): one["Value"].rstrip(".") for one in records},
        }
    return found


def hidden(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """ACM's records at and below the friendly name: the delegation hides them (Q4)."""
    rows = {name: value for one in found.values() for name, value in one["records"].items()}
    return {name: value for name, value in rows.items() if name.endswith(f".{products.FRIENDLY}")}
