"""What goes wrong at AWS: each error ends in its own state and sentence, and a retry goes on from there."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from onboarding.aws import sessions
from onboarding.models import Event, Item, Resource, Run
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, again, down, mutations, policy, up
from tests.inventory_diff import normal
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Product]


def item(slug: str) -> Item:
    return Item.objects.get(slug=slug, region=HOME)


def test_a_missing_permission_is_named_and_mended(fast: SandboxProcess, make: Make) -> None:
    product = make()
    policy(fast, "ec2:CreateVpc", "iam:SimulatePrincipalPolicy")

    assert up(product).state == "failed"
    why = item("network").why
    assert why is not None
    assert (why.kind, why.action) == ("permission", "ec2:CreateVpc")
    assert '"Action": "ec2:CreateVpc"' in why.missing
    assert "Add ec2:CreateVpc" in why.cure

    policy(fast)
    assert again("network").state == "done", engine_driver.picture()
    assert Run.objects.get().state == "done"


def test_a_permission_is_looked_at_again_after_fifteen_minutes(fast: SandboxProcess, make: Make) -> None:
    from onboarding.engine.sweep import sweep

    product = make()
    policy(fast, "ec2:CreateVpc", "iam:SimulatePrincipalPolicy")
    up(product)
    policy(fast)

    sweep(lambda due: None)
    assert item("network").state == "failed"
    engine_driver.travel(15 * 60 + 1)
    sweep(lambda due: None)
    engine_driver.rest()
    assert Run.objects.get().state == "done", engine_driver.picture()


def test_a_quota_that_is_reached_is_named_and_a_retry_succeeds_when_raised(fast: SandboxProcess, make: Make) -> None:
    product = make()
    quota = {"account_id": products.SELLER, "region": HOME, "service": "vpc", "code": "L-407747CB"}
    fast.post("quotas", {**quota, "value": 1})

    assert up(product).state == "failed"
    why = item("network").why
    assert why is not None
    assert (why.kind, why.code) == ("yours to fix", "SubnetLimitExceeded")
    assert "subnets per VPC" in why.cure
    assert "L-407747CB" in why.cure

    fast.post("quotas", {**quota, "value": 200})
    assert again("network").state == "done", engine_driver.picture()
    assert Run.objects.get().state == "done"
    assert len(fast.get(f"inventory?region={HOME}")[products.SELLER][HOME]["subnets"]) == 3


def test_throttled_a_third_of_the_time_the_run_succeeds(fast: SandboxProcess, make: Make) -> None:
    product = make()
    fast.post("faults", {"code": "RequestLimitExceeded", "status": 503, "pct": 30, "times": None})
    assert up(product).state == "done", engine_driver.picture()
    fast.post("faults-clear")


KINDS = (
    "CreateVpc",
    "CreateSubnet",
    "CreateSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "ModifyVpcAttribute",
    "RunInstances",
    "CreateLoadBalancer",
    "ModifyLoadBalancerAttributes",
    "SetSecurityGroups",
    "CreateTargetGroup",
    "CreateListener",
    "RegisterTargets",
    "CreateVpcEndpointServiceConfiguration",
    "ModifyVpcEndpointServicePermissions",
)


def test_an_answer_lost_after_the_effect_of_every_kind_of_call_leaves_the_same_world(
    fast: SandboxProcess, make: Make
) -> None:
    product = make()
    assert up(product).state == "done"
    wanted, asked = normal(fast.get("inventory")), {call["action"] for call in mutations(fast)}
    assert asked == set(KINDS), "the list above is not complete"
    assert down(product).state == "done", engine_driver.picture()

    for action in KINDS:
        fast.post("faults", {"action": action, "kind": "error_after", "code": "InternalError", "status": 500})
        fast.post("faults", {"action": action, "kind": "reset", "when": "after", "skip": 1})

    assert up(product).state == "done", engine_driver.picture()
    assert normal(fast.get("inventory")) == wanted


def test_an_answer_lost_after_the_effect_of_every_kind_of_removal_leaves_nothing(
    fast: SandboxProcess, make: Make
) -> None:
    product = make()
    empty = fast.get("inventory")
    up(product)
    fast.post("faults", {"action": "De*", "mutating": True, "kind": "reset", "when": "after", "pct": 50, "times": None})
    fast.post("faults", {"action": "TerminateInstances", "kind": "error_after", "status": 500})

    assert down(product).state == "done", engine_driver.picture()
    assert fast.get("inventory") == empty
    assert not Resource.objects.exclude(state="gone").exists()


@pytest.mark.parametrize("kind", ["listener", "instance", "endpoint_service", "security_rule", "principal"])
def test_a_resource_deleted_by_hand_is_told_and_a_retry_makes_a_new_one(
    fast: SandboxProcess, make: Make, kind: str
) -> None:
    product = make()
    up(product)
    wanted = normal(fast.get("inventory"))
    lost = Resource.objects.filter(kind=kind).first()
    assert lost is not None
    delete(fast, lost)

    assert up(product).state == "failed"
    failed = Item.objects.get(pk=lost.item_id)
    assert "deleted outside" in failed.message
    assert lost.aws_id in failed.message

    assert again(failed.slug).state == "done", engine_driver.picture()
    engine_driver.rest()
    assert Run.objects.first() is not None
    assert up(product).state == "done", engine_driver.picture()
    assert normal(fast.get("inventory")) == wanted


def delete(fast: SandboxProcess, row: Resource) -> None:
    """As a person does at the console."""
    ec2, elb = fast.client("ec2", products.SELLER, HOME), fast.client("elbv2", products.SELLER, HOME)
    if row.kind == "listener":
        elb.delete_listener(ListenerArn=row.aws_id)
    elif row.kind == "instance":
        ec2.terminate_instances(InstanceIds=[row.aws_id])
    elif row.kind == "endpoint_service":
        ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[row.aws_id])
    elif row.kind == "principal":
        service = row.params["service_id"]
        ec2.modify_vpc_endpoint_service_permissions(ServiceId=service, RemoveAllowedPrincipals=[row.aws_id])
    else:
        group = row.params["group_id"]
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
        ids = [rule["SecurityGroupRuleId"] for rule in rules["SecurityGroupRules"] if not rule["IsEgress"]]
        ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=ids)


@pytest.fixture
def liar(fast: SandboxProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxProcess]:
    """The world behind a door that names another account: what a wrong endpoint or a replaced role would do."""
    host = fast.url.removeprefix("http://")

    class Forward(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            inner = http.client.HTTPConnection(host, timeout=30)
            inner.request("POST", self.path, body, dict(self.headers))
            answer = inner.getresponse()
            text = answer.read()
            if b"GetCallerIdentityResult" in text:
                text = text.replace(products.SELLER.encode(), products.BUYER.encode())
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type") or "text/xml")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Forward)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    settings.AWS_ENDPOINT_URL = url
    sessions.forget()
    sessions._hub_session.cache_clear()
    yield fast
    server.shutdown()


def test_an_account_that_is_not_the_declared_one_is_never_written_to(liar: SandboxProcess, make: Make) -> None:
    run = up(make())

    assert run.state == "failed"
    failed = Item.objects.get(slug="access")
    assert f"answers for account {products.BUYER}, not for {products.SELLER}" in failed.message
    assert not mutations(liar)
    assert not Event.objects.filter(what="intent").exists()
