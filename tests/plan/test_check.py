"""Check now: what is found in the account before anything is done, and what a changed account does to the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from onboarding.checklist.step import Outcome
from onboarding.models import Plan, Run
from onboarding.plan.approve import plan_of
from onboarding.preflight.check import check, findings_of, told
from onboarding.preflight.findings import Finding
from sellers.models import Product
from tests import factories, products
from tests.engine.actions import HOME, mutations, network, policy
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make(sandbox: SandboxProcess) -> Callable[..., Product]:
    """`make({region: choices}, **facts)`: a stored product whose role is connected in the simulated AWS."""

    def made(regions: dict[str, Any] | None = None, **facts: Any) -> Product:
        return products.product(sandbox, products.spec(regions or {HOME: {}}, **facts))

    return made


def bad(plan: Plan, part: str) -> list[Finding]:
    return [one for one in findings_of(plan, part) if one.outcome is not Outcome.PASS]


def said(plan: Plan, part: str = "hazards") -> str:
    return " ".join(one.sentence for one in bad(plan, part))


def test_an_account_without_faults_is_fine_and_is_only_read(
    sandbox: SandboxProcess, make: Callable[..., Product]
) -> None:
    product = make({HOME: {}, "us-east-1": {}})
    answer = told(product, None)
    assert (answer.fine, answer.sentence) == (True, "Checked: nothing would stop the run.")
    plan = Plan.objects.get()
    permissions = " ".join(one.sentence for one in findings_of(plan, "permissions"))
    assert "answers for account 111111111111, as declared" in permissions
    assert f"AWS would let the role make a VPC in {HOME} (asked by a dry run)." in permissions
    assert "1 of 5 VPCs are used" in " ".join(one.sentence for one in findings_of(plan, "quotas"))
    assert sum(row["kind"] == "subnet" and row["region"] == "us-east-1" for row in plan.rows) == 6
    assert mutations(sandbox) == []


def test_a_missing_permission_is_named_ready_to_copy(sandbox: SandboxProcess, make: Callable[..., Product]) -> None:
    product = make()
    policy(sandbox, "ec2:CreateVpc", "acm:RequestCertificate", "elasticloadbalancing:CreateLoadBalancer")
    assert not told(product, None).fine
    found = {one.sentence: one.copy for one in bad(Plan.objects.get(), "permissions")}
    lacks = next(sentence for sentence in found if "lacks" in sentence)
    assert "ec2:CreateVpc" in lacks
    assert "elasticloadbalancing:CreateLoadBalancer" in found[lacks]
    dry = next(sentence for sentence in found if "dry run" in sentence)
    assert f"AWS would refuse ec2:CreateVpc in {HOME}" in dry
    assert '"ec2:CreateVpc"' in found[dry]


def test_a_role_that_may_not_look_is_a_finding_and_no_error(
    sandbox: SandboxProcess, make: Callable[..., Product]
) -> None:
    product = make()
    policy(sandbox, "ec2:DescribeAvailabilityZones", "servicequotas:GetServiceQuota", "iam:SimulatePrincipalPolicy")
    assert told(product, None).fine
    plan = Plan.objects.get()
    assert f"The role may not do ec2:DescribeAvailabilityZones in {HOME}" in said(plan)
    assert "may not read the quotas" in said(plan, "quotas")
    assert "may not simulate its own policy" in said(plan, "permissions")


def test_a_role_that_lets_nobody_in_is_told_once_a_part(sandbox: SandboxProcess, make: Callable[..., Product]) -> None:
    product = make({HOME: {}, "us-east-1": {}})
    nobody = products.trust("arn:aws:iam::999999999999:root", "0" * 32)
    role = {
        "account_id": products.SELLER,
        "role_name": "onboarding",
        "trust_policy": nobody,
        "policies": [products.ALL],
    }
    sandbox.post("roles", role)
    assert told(product, None).fine is False
    plan = Plan.objects.get()
    for part in ("permissions", "quotas", "hazards"):
        said_here = [one.sentence for one in bad(plan, part)]
        assert len(said_here) == 1, said_here
        assert said_here[0].startswith("We couldn't assume a role of the product: ")


def test_a_connection_that_is_not_proven_is_told_once_a_part(make: Callable[..., Product]) -> None:
    product = make({HOME: {}, "us-east-1": {}})
    product.seller.connections.update(state="new")
    assert told(product, None).fine is False
    assert [len(bad(Plan.objects.get(), part)) for part in ("permissions", "quotas", "hazards")] == [1, 1, 1]


def test_a_full_quota_is_seen(sandbox: SandboxProcess, make: Callable[..., Product]) -> None:
    product = make()
    where = {"account_id": products.SELLER, "region": HOME, "service": "vpc", "code": "L-F678F1CE"}
    sandbox.post("quotas", {**where, "value": 0})
    check(product, None)
    assert "no room for one more" in said(Plan.objects.get(), "quotas")


def test_zones_are_told_by_id_and_a_closed_port_is_seen(sandbox: SandboxProcess, make: Callable[..., Product]) -> None:
    given = network(sandbox)
    ec2 = sandbox.client("ec2", products.SELLER, HOME)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    group = ec2.create_security_group(GroupName="closed", Description="Closed", VpcId=given["vpc_id"])["GroupId"]
    instance = ec2.run_instances(
        ImageId=image,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=given["subnet_ids"][0],
        SecurityGroupIds=[group],
    )["Instances"][0]["InstanceId"]
    sandbox.post("advance", {"seconds": 600})
    product = make({HOME: {"network": given, "targets": {"mode": "existing", "instance_ids": [instance]}}})
    plan = check(product, None)
    assert "2 of 3 AZs: euw1-az3 has no subnet. Buyers there cannot place an endpoint." in said(plan)
    assert f"No security group of {instance} lets anybody in on port 8443" in said(plan)
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=8000, ToPort=9000, CidrIp="10.50.0.0/16"
    )
    assert "No security group" not in said(check(product, None))


def test_an_existing_load_balancer_is_judged_before_the_run(
    sandbox: SandboxProcess, make: Callable[..., Product]
) -> None:
    given = network(sandbox)
    elb, ec2 = (sandbox.client(name, products.SELLER, HOME) for name in ("elbv2", "ec2"))
    balancer = elb.create_load_balancer(
        Name="given", Type="network", Scheme="internal", Subnets=given["subnet_ids"][:1]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    sandbox.post("advance", {"seconds": 600})
    service = ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer], AcceptanceRequired=True
    )["ServiceConfiguration"]["ServiceId"]
    product = make({HOME: {"network": given, "load_balancer": {"mode": "existing", "arn": balancer}}})
    plan = check(product, None)
    assert "Cross-zone balancing is off on given" in said(plan)
    assert "no security group, and none can be added later" in said(plan)
    assert f"The load balancer is in the endpoint service {service} already" in said(plan)
    assert "1 of 3 AZs" in said(plan)


def test_what_stands_on_an_existing_load_balancer_is_reused_once_it_was_looked_at(
    sandbox: SandboxProcess, make: Callable[..., Product]
) -> None:
    given, elb = network(sandbox), sandbox.client("elbv2", products.SELLER, HOME)
    balancer = elb.create_load_balancer(Name="given", Type="network", Scheme="internal", Subnets=given["subnet_ids"])
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    asked = {"Name": "given", "Protocol": "TCP", "Port": 8443, "VpcId": given["vpc_id"], "TargetType": "ip"}
    group = elb.create_target_group(**asked)["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.50.0.9", "Port": 8443}])
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    made = elb.create_listener(LoadBalancerArn=arn, Protocol="TCP", Port=443, DefaultActions=actions)
    sandbox.post("advance", {"seconds": 600})
    targets = {"mode": "existing", "ip_addresses": ["10.50.0.9", "10.50.1.9"]}
    product = make({HOME: {"network": given, "targets": targets, "load_balancer": {"mode": "existing", "arn": arn}}})

    before = {row["kind"]: row for row in plan_of(product, None).rows if row["slug"] == "listener"}
    after = [row for row in check(product, None).rows if row["slug"] == "listener"]

    assert {row["sign"] for row in before.values()} == {"create"}
    assert "If the load balancer has one on this port" in before["listener"]["warnings"][0]
    listener = made["Listeners"][0]["ListenerArn"]
    assert {row["aws_id"] for row in after if row["sign"] == "reuse"} == {listener, group}
    assert [row["name"] for row in after if row["sign"] == "create"] == ["10.50.1.9:8443"]
    elb.delete_listener(ListenerArn=listener)
    assert f"what stands on what you chose in {HOME}" in check(product, None).why


def test_what_was_chosen_and_is_gone_would_stop_the_run(sandbox: SandboxProcess, make: Callable[..., Product]) -> None:
    given = network(sandbox)
    product = make({HOME: {"network": given}})
    sandbox.client("ec2", products.SELLER, HOME).delete_subnet(SubnetId=given["subnet_ids"][1])
    assert told(product, None).fine is False
    assert f"subnet {given['subnet_ids'][1]} is not there any more" in said(Plan.objects.get())


def test_a_changed_account_makes_the_plan_again_and_the_old_one_is_refused(
    sandbox: SandboxProcess, make: Callable[..., Product]
) -> None:
    given = network(sandbox)
    product = make({HOME: {"network": given}})
    first, lead = check(product, None), factories.person("lead@example.com")
    product.seller.memberships.create(user=lead, role="lead")
    sandbox.client("ec2", products.SELLER, HOME).delete_subnet(SubnetId=given["subnet_ids"][1])
    client, url = factories.signed_in(lead), f"/products/{product.pk}/plan/"
    page = client.post(f"{url}check/", follow=True).content.decode()
    assert f"The plan was made again: the account changed, the network in {HOME}." in page
    refused = client.post(f"{url}approve/{first.pk}/", follow=True).content.decode()
    assert f"This plan is out of date: the account changed, the network in {HOME}." in refused
    assert not Run.objects.exists()
    newest = Plan.objects.latest("made_at")
    assert "Run 1 has started" in client.post(f"{url}approve/{newest.pk}/", follow=True).content.decode()


def test_the_order_before_delegation_is_told_of_a_friendly_name(make: Callable[..., Product]) -> None:
    product = make(
        profile="marketplace", marketplace_product_id="prod-abc123def4567", friendly_dns_name=products.FRIENDLY
    )
    assert f"The certificate comes before the delegation of {products.FRIENDLY}" in said(check(product, None))
