"""What a role's policies and a session's policy let it do, and policy simulation."""

from __future__ import annotations

import json
from typing import Any

from sandbox.aws.inventory import collect
from tests.sandbox import build
from tests.sandbox.conftest import REGION, SELLER, Client
from tests.sandbox.roles import EVERYTHING, READ_ONLY, Assume, role, trust


def test_a_session_policy_narrows_the_role(client: Client, assume: Assume, code: Any) -> None:
    keys = assume(role(), Policy=json.dumps(READ_ONLY))
    ec2, elb = client("ec2", keys=keys), client("elbv2", keys=keys)
    ec2.describe_vpcs()
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "UnauthorizedOperation"
    assert code(elb.describe_load_balancers) == "AccessDenied"
    assert code(client("acm", keys=keys).list_certificates) == "AccessDeniedException"
    assert "vpcs" not in collect(SELLER).get(REGION, {})


def test_a_dry_run_tells_what_the_role_lacks(client: Client, assume: Assume, code: Any) -> None:
    ec2 = client("ec2", keys=assume(role(READ_ONLY)))
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True) == "UnauthorizedOperation"
    assert code(ec2.describe_vpcs, DryRun=True) == "DryRunOperation"


OWNED = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["ec2:CreateVpc"],
            "Resource": "arn:aws:ec2:*:*:vpc/*",
            "Condition": {"StringEquals": {"aws:RequestTag/plc:owner": "ten", "aws:RequestedRegion": ["us-east-1"]}},
        },
        {
            "Effect": "Allow",
            "Action": "ec2:CreateTags",
            "Resource": "arn:aws:ec2:*:*:*/*",
            "Condition": {"StringEquals": {"ec2:CreateAction": ["CreateVpc"]}},
        },
        {
            "Effect": "Allow",
            "Action": "ec2:DeleteVpc",
            "Resource": "*",
            "Condition": {"StringLike": {"aws:ResourceTag/plc:owner": "t*"}},
        },
    ],
}


def test_tag_and_region_conditions_hold(client: Client, assume: Assume, code: Any) -> None:
    keys = assume(role(OWNED))
    ec2, other = client("ec2", keys=keys), client("ec2", keys=keys, region="eu-west-1")
    ours = [{"ResourceType": "vpc", "Tags": [{"Key": "plc:owner", "Value": "ten"}]}]
    theirs = [{"ResourceType": "vpc", "Tags": [{"Key": "plc:owner", "Value": "x"}]}]
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "UnauthorizedOperation"
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=theirs) == "UnauthorizedOperation"
    assert code(other.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=ours) == "UnauthorizedOperation"
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ours)["Vpc"]["VpcId"]
    assert code(ec2.create_tags, Resources=[made], Tags=[{"Key": "a", "Value": "b"}]) == "UnauthorizedOperation"
    adopted = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    assert code(ec2.delete_vpc, VpcId=adopted) == "UnauthorizedOperation"
    ec2.delete_vpc(VpcId=made)


def test_tags_at_creation_need_their_own_permission(client: Client, assume: Assume, code: Any) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": ["ec2:CreateVpc", "ec2:Describe*"], "Resource": "*"}]}
    ec2 = client("ec2", keys=assume(role(policy)))
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "1"}]}]
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert code(ec2.create_vpc, CidrBlock="10.1.0.0/16", TagSpecifications=tags) == "UnauthorizedOperation"


def test_a_deny_wins(client: Client, assume: Assume, code: Any) -> None:
    deny = {"Statement": [{"Effect": "Deny", "Action": "ec2:Delete*", "Resource": "*"}]}
    ec2 = client("ec2", keys=assume(role(EVERYTHING, deny)))
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert code(ec2.delete_vpc, VpcId=made) == "UnauthorizedOperation"


def test_policy_simulation_reads_the_roles_policies(client: Client, assume: Assume) -> None:
    arn = role(OWNED)
    iam = client("iam")
    asked = {"PolicySourceArn": arn, "ActionNames": ["ec2:DescribeVpcs", "ec2:DeleteVpc", "elasticloadbalancing:X"]}
    found = iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert [r["EvalDecision"] for r in found] == ["allowed", "implicitDeny", "implicitDeny"]
    assert found[1]["MissingContextValues"] == ["aws:ResourceTag/plc:owner"]
    entry = {"ContextKeyName": "aws:ResourceTag/plc:owner", "ContextKeyValues": ["ten"], "ContextKeyType": "string"}
    found = iam.simulate_principal_policy(ContextEntries=[entry], **asked)["EvaluationResults"]
    assert [r["EvalDecision"] for r in found] == ["allowed", "allowed", "implicitDeny"]


def test_some_calls_need_a_second_permission(client: Client, assume: Assume, code: Any) -> None:
    narrow = {
        "Statement": [
            {"Effect": "Allow", "Action": ["ec2:*", "elasticloadbalancing:*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"},
        ]
    }
    keys = assume(role(narrow))
    ec2, elb, admin, iam = client("ec2", keys=keys), client("elbv2", keys=keys), client("elbv2"), client("iam")
    net = build.network(ec2)
    asked = {"Name": "nlb", "Type": "network", "Subnets": net.subnets}
    assert code(elb.create_load_balancer, **asked) == "AccessDenied"  # the account's first: ELB needs its role
    build.balancer(admin, net, "first")
    nlb = build.balancer(elb, net)["LoadBalancerArn"]
    create = ec2.create_vpc_endpoint_service_configuration
    remote = {"NetworkLoadBalancerArns": [nlb], "SupportedRegions": ["eu-west-1"]}
    assert code(create, **remote) == "UnauthorizedOperation"
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust(build.root(SELLER))))
    iam.create_instance_profile(InstanceProfileName="worker")
    iam.add_role_to_instance_profile(InstanceProfileName="worker", RoleName="worker")
    run = {"ImageId": build.IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": net.subnets[0]}
    assert code(ec2.run_instances, IamInstanceProfile={"Name": "worker"}, **run) == "UnauthorizedOperation"
    assert client("ec2").run_instances(IamInstanceProfile={"Name": "worker"}, **run)["Instances"]


def test_a_listeners_tags_need_their_own_permission(client: Client, assume: Assume, code: Any) -> None:
    actions = ["ec2:*", "elasticloadbalancing:Create*", "elasticloadbalancing:Describe*", "iam:*"]
    by_action = {"StringEquals": {"elasticloadbalancing:CreateAction": "CreateTargetGroup"}}
    policy = {
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": "*"},
            {"Effect": "Allow", "Action": "elasticloadbalancing:AddTags", "Resource": "*", "Condition": by_action},
        ]
    }
    keys, tags = assume(role(policy)), [{"Key": "plc:run", "Value": "1"}]
    elb, net = client("elbv2", keys=keys), build.network(client("ec2", keys=keys))
    nlb, targets = build.balancer(elb, net)["LoadBalancerArn"], build.target_group(elb, net, Tags=tags)
    action = [{"Type": "forward", "TargetGroupArn": targets}]
    asked = {"LoadBalancerArn": nlb, "Protocol": "TCP", "Port": 443, "DefaultActions": action}
    assert code(elb.create_listener, Tags=tags, **asked) == "AccessDenied"
    assert elb.create_listener(**asked)["Listeners"]
