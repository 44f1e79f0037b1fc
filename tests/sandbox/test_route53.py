"""Route 53: zones with name servers of their own, batches that hold or fail whole, changes that take a while."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import world
from sandbox.aws import accounts
from sandbox.aws.inventory import collect
from sandbox.clock import clock
from tests.sandbox.conftest import BUYER, SELLER, Client
from tests.sandbox.roles import Assume, role
from tests.sandbox.zones import Wire, apply, change, in_sync, served, zone


@pytest.fixture
def route53(client: Client) -> Any:
    return client("route53")


def refusal(route53: Any, zone_id: str, *changes: dict[str, Any]) -> str:
    """The message of InvalidChangeBatch."""
    with pytest.raises(ClientError) as caught:
        apply(route53, zone_id, *changes)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidChangeBatch"
    return str(error["Message"])


def names(route53: Any, zone_id: str) -> list[tuple[str, str]]:
    listed = route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    return [(one["Name"], one["Type"]) for one in listed]


def test_each_zone_has_a_delegation_set_of_its_own(client: Client, route53: Any) -> None:
    first, second = zone(route53, "Example.COM."), zone(route53, "example.com")
    third = zone(client("route53", account=BUYER), "api.example.com")
    for made in (first, second, third):
        assert sorted(host.rpartition(".")[2] for host in made["servers"]) == ["com", "net", "org", "uk"]
    assert not set(first["servers"]) & set(second["servers"])
    assert not (set(first["servers"]) | set(second["servers"])) & set(third["servers"])
    shown = route53.get_hosted_zone(Id=first["id"])
    assert shown["DelegationSet"] == {"NameServers": first["servers"]}
    assert (shown["HostedZone"]["Name"], shown["HostedZone"]["Config"]["PrivateZone"]) == ("example.com.", False)
    listed = route53.list_resource_record_sets(HostedZoneId=first["id"])["ResourceRecordSets"]
    assert [one["Value"] for one in listed[0]["ResourceRecords"]] == [f"{host}." for host in first["servers"]]
    assert [one["Type"] for one in listed] == ["NS", "SOA"]


def test_a_caller_reference_makes_one_zone(route53: Any, code: Any) -> None:
    route53.create_hosted_zone(Name="example.com", CallerReference="once")
    assert code(route53.create_hosted_zone, Name="example.com", CallerReference="once") == "HostedZoneAlreadyExists"
    assert code(route53.create_hosted_zone, Name="no good.com", CallerReference="two") == "InvalidDomainName"
    assert code(route53.get_hosted_zone, Id="Z0000000000000000000") == "NoSuchHostedZone"


def test_the_quota_of_zones_holds(route53: Any, code: Any) -> None:
    accounts.set_quota(SELLER, "us-east-1", "route53", "L-4EA4796A", 1)
    zone(route53, "example.com")
    assert code(route53.create_hosted_zone, Name="example.net", CallerReference="one more") == "TooManyHostedZones"


def test_zones_are_listed_from_a_name_on_by_their_reversed_labels(route53: Any) -> None:
    for name in ("example.com", "b.example.com", "a.example.com", "example.org", "another.com"):
        zone(route53, name)
    listed = route53.list_hosted_zones_by_name(DNSName="example.com", MaxItems="3")
    assert [one["Name"] for one in listed["HostedZones"]] == ["example.com.", "a.example.com.", "b.example.com."]
    assert listed["IsTruncated"]
    assert listed["NextDNSName"] == "example.org."
    rest = route53.list_hosted_zones_by_name(DNSName="example.org.", HostedZoneId=listed["NextHostedZoneId"])
    assert [one["Name"] for one in rest["HostedZones"]] == ["example.org."]
    assert not rest["IsTruncated"]


def test_a_change_is_shown_at_once_and_served_from_insync(route53: Any, wire: Wire) -> None:
    made = zone(route53, "example.com")
    info = apply(route53, made["id"], change("CREATE", "API.example.com", "TXT", '"one"'))
    assert info["Status"] == "PENDING"
    assert ("api.example.com.", "TXT") in names(route53, made["id"])
    assert wire.values("api.example.com", "TXT") == ["NXDOMAIN"]
    clock.advance(world.settings.dns_seconds - 5)
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "PENDING"
    clock.advance(5)
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert wire.values("api.example.com", "TXT") == ['"one"']


def test_a_change_of_another_account_is_unknown(client: Client, route53: Any, code: Any) -> None:
    made = zone(route53, "example.com")
    assert code(client("route53", account=BUYER).get_change, Id=made["change"]) == "NoSuchChange"


def test_upsert_makes_and_replaces_and_delete_must_match(route53: Any, wire: Wire) -> None:
    made = zone(route53, "example.com")
    served(route53, made["id"], change("UPSERT", "a.example.com", "A", "192.0.2.1", "192.0.2.2"))
    served(route53, made["id"], change("UPSERT", "a.example.com", "A", "192.0.2.3"))
    assert wire.values("a.example.com", "A") == ["192.0.2.3"]
    wrong = change("DELETE", "a.example.com", "A", "192.0.2.4")
    assert "the values provided do not match the current values" in refusal(route53, made["id"], wrong)
    assert "do not match" in refusal(route53, made["id"], change("DELETE", "a.example.com", "A", "192.0.2.3", ttl=60))
    assert "but it was not found" in refusal(route53, made["id"], change("DELETE", "b.example.com", "A", "192.0.2.3"))
    served(route53, made["id"], change("DELETE", "A.example.com.", "A", "192.0.2.3"))
    assert wire.values("a.example.com", "A") == ["NXDOMAIN"]


def test_create_of_what_is_there_is_refused_and_the_whole_batch_with_it(route53: Any) -> None:
    made = zone(route53, "example.com")
    apply(route53, made["id"], change("CREATE", "a.example.com", "A", "192.0.2.1"))
    batch = [change("CREATE", "b.example.com", "A", "192.0.2.1"), change("CREATE", "a.example.com", "A", "192.0.2.1")]
    expected = "[Tried to create resource record set [name='a.example.com.', type='A'] but it already exists]"
    assert refusal(route53, made["id"], *batch) == expected
    assert ("b.example.com.", "A") not in names(route53, made["id"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("example.com", "CNAME", "other.example.net"), "not permitted at apex in zone example.com."),
        (("both.example.com", "CNAME", "other.example.net"), "conflicts with other records with the same DNS name"),
        (("a.example.net", "A", "192.0.2.1"), "is not permitted in zone example.com."),
        (("badexample.com", "A", "192.0.2.1"), "is not permitted in zone example.com."),
        (("t.example.com", "TXT", "bare"), "Value should be enclosed in quotation marks"),
        (("t.example.com", "TXT", f'"{"x" * 256}"'), "CharacterStringTooLong"),
        (("a.example.com", "A", "192.0.2.256"), "Value is not a valid IPv4 address"),
        (("a.example.com", "AAAA", "192.0.2.1"), "Value is not a valid IPv6 address"),
        (("n.example.com", "NS", "not a name"), "Value is not a valid domain name"),
        (("c.example.com", "CNAME", "a.example.net", "b.example.net"), "exactly one resource record"),
        (("a.example.com", "A", "192.0.2.1", "192.0.2.1"), "Duplicate Resource Record"),
    ],
)
def test_what_the_zone_cannot_hold_is_refused(route53: Any, wrong: tuple[str, ...], words: str) -> None:
    made = zone(route53, "example.com")
    apply(route53, made["id"], change("CREATE", "both.example.com", "TXT", '"here"'))
    assert words in refusal(route53, made["id"], change("CREATE", *wrong))


def test_the_apex_keeps_its_name_servers(route53: Any) -> None:
    made = zone(route53, "example.com")
    hosts = [f"{host}." for host in made["servers"]]
    message = refusal(route53, made["id"], change("DELETE", "example.com", "NS", *hosts, ttl=172_800))
    assert "must contain at least one NS record" in message


def test_a_cname_may_take_the_place_of_another_type_in_one_batch(route53: Any, wire: Wire) -> None:
    made = zone(route53, "example.com")
    apply(route53, made["id"], change("CREATE", "a.example.com", "A", "192.0.2.1"))
    gone = change("DELETE", "a.example.com", "A", "192.0.2.1")
    served(route53, made["id"], gone, change("CREATE", "a.example.com", "CNAME", "b.example.net"))
    assert wire.values("a.example.com", "CNAME") == ["b.example.net."]


def test_a_set_without_values_is_no_input(route53: Any, code: Any) -> None:
    made = zone(route53, "example.com")
    empty = {"Action": "CREATE", "ResourceRecordSet": {"Name": "a.example.com", "Type": "A"}}
    send = route53.change_resource_record_sets
    assert code(send, HostedZoneId=made["id"], ChangeBatch={"Changes": [empty]}) == "InvalidInput"


def test_names_are_shown_as_route_53_writes_them(route53: Any) -> None:
    made = zone(route53, "example.com")
    apply(route53, made["id"], change("CREATE", "*.API.Example.com", "CNAME", "b.example.net"))
    assert ("\\052.api.example.com.", "CNAME") in names(route53, made["id"])
    apply(route53, made["id"], change("DELETE", "\\052.api.example.com.", "CNAME", "b.example.net"))
    assert [kind for _, kind in names(route53, made["id"])] == ["NS", "SOA"]


def test_a_zone_with_records_stays_and_an_empty_one_is_gone_from_its_servers(
    route53: Any, wire: Wire, code: Any
) -> None:
    made = zone(route53, "example.com")
    cut = change("CREATE", "sub.example.com", "NS", "ns1.registrar.example.")
    served(route53, made["id"], cut)
    assert code(route53.delete_hosted_zone, Id=made["id"]) == "HostedZoneNotEmpty"
    apply(route53, made["id"], {**cut, "Action": "DELETE"})
    assert route53.delete_hosted_zone(Id=made["id"])["ChangeInfo"]["Status"] == "PENDING"
    assert code(route53.get_hosted_zone, Id=made["id"]) == "NoSuchHostedZone"
    assert wire.values("example.com", "SOA", at=made["servers"][0]) == ["REFUSED"]


def test_a_private_zone_is_not_served(route53: Any, client: Client, wire: Wire) -> None:
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = route53.create_hosted_zone(
        Name="example.com",
        CallerReference="p",
        VPC={"VPCId": vpc, "VPCRegion": "us-east-1"},
        HostedZoneConfig={"PrivateZone": True},
    )
    in_sync()
    assert "DelegationSet" not in made
    shown = route53.get_hosted_zone(Id=made["HostedZone"]["Id"])
    assert shown["VPCs"] == [{"VPCRegion": "us-east-1", "VPCId": vpc}]
    assert wire.values("example.com", "SOA") == ["NXDOMAIN"]


def test_tags_stay_with_the_zone(route53: Any) -> None:
    made = zone(route53, "example.com")
    where = {"ResourceType": "hostedzone", "ResourceId": made["id"]}
    route53.change_tags_for_resource(**where, AddTags=[{"Key": "plc:owner", "Value": "ten"}])
    assert route53.list_tags_for_resource(**where)["ResourceTagSet"]["Tags"] == [{"Key": "plc:owner", "Value": "ten"}]
    assert collect(SELLER)[SELLER]["aws"]["hosted_zones"][0]["tags"] == {"plc:owner": "ten"}


def test_a_policy_can_pin_the_records_that_a_role_may_change(client: Client, assume: Assume, code: Any) -> None:
    made = zone(client("route53"), "example.com")
    keys, zones = "route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone"
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": keys,
                "Resource": f"{zones}/{made['id']}",
                "Condition": {
                    "ForAllValues:StringEquals": {
                        f"{keys}NormalizedRecordNames": ["api.example.com"],
                        f"{keys}RecordTypes": ["NS", "TXT"],
                        f"{keys}Actions": ["UPSERT"],
                    }
                },
            },
            {"Effect": "Allow", "Action": "route53:ListResourceRecordSets", "Resource": f"{zones}/*"},
        ],
    }
    limited = client("route53", keys=assume(role(policy)))
    apply(limited, made["id"], change("UPSERT", "API.example.com.", "TXT", '"x"'))
    send = limited.change_resource_record_sets
    for wrong in (("UPSERT", "b.example.com", "TXT", '"x"'), ("CREATE", "api.example.com", "TXT", '"x"')):
        assert code(send, HostedZoneId=made["id"], ChangeBatch={"Changes": [change(*wrong)]}) == "AccessDenied"
    assert ("api.example.com.", "TXT") in names(limited, made["id"])
    assert code(limited.get_hosted_zone, Id=made["id"]) == "AccessDenied"
