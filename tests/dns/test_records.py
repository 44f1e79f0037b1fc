"""Records in the forms of other tools: what is written is read back by a parser that is not ours."""

from __future__ import annotations

import csv as tables
import json
import re
from itertools import permutations

import pytest
from dnslib import QTYPE, RR

from onboarding.dns.records import Record, absolute, csv, relative, route53_change_batch, terraform, zone_file
from tests.sellers.values import NASTY

ZONE = "example.com"
ACM = Record("CNAME", "_x1.api.vpce.example.com", ("_0123.abc.acm-validations.aws",), 300)
NS = Record("NS", "api.vpce.example.com", ("ns-1.awsdns-01.com", "ns-2.awsdns-02.net"), 300)
TXT = Record("TXT", "_tok.example.com", ("vpce:L6p0ERxlTt45jevFwOCp",), 1800)
WILD = Record("CNAME", "*.api.example.com", ("target.example.org",), 60)
ALL = [ACM, NS, TXT, WILD]
LONG = Record("TXT", "long.example.com", ("a" * 255 + "b" * 255 + "c",))


def test_a_record_is_made_from_what_others_wrote() -> None:
    facts = {"type": "cname", "name": "_X1.API.vpce.example.com.", "values": [" _0123.ABC.acm-validations.AWS. "]}
    assert Record.of(facts) == ACM
    assert Record.of(TXT.facts()) == TXT
    assert json.loads(json.dumps(NS.facts())) == {
        "type": "NS",
        "name": "api.vpce.example.com",
        "values": ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"],
        "ttl": 300,
    }


@pytest.mark.parametrize(
    ("name", "zone", "typed"),
    [
        ("_x1.api.vpce.example.com", "example.com", "_x1.api.vpce"),
        ("_x1.api.vpce.example.com.", "Example.COM.", "_x1.api.vpce"),
        ("example.com", "example.com", "@"),
        ("notexample.com", "example.com", "notexample.com."),
        ("example.com", "api.example.com", "example.com."),
        ("*.example.com", "example.com", "*"),
        ("a.example.com.example.com", "example.com", "a.example.com"),
    ],
)
def test_a_name_is_shown_as_the_zones_editor_wants_it(name: str, zone: str, typed: str) -> None:
    assert relative(name, zone) == typed


def test_a_zone_file_is_read_back_as_it_was() -> None:
    read = RR.fromZone(zone_file([*ALL, LONG], ZONE))
    found = {(absolute(str(each.rname)), QTYPE[each.rtype], each.ttl) for each in read}
    assert found == {(each.name, each.type, each.ttl) for each in [*ALL, LONG]}
    long = next(each for each in read if str(each.rname).startswith("long"))
    assert [len(piece) for piece in long.rdata.data] == [255, 255, 1]
    assert b"".join(long.rdata.data).decode() == LONG.values[0]
    assert {str(each.rdata) for each in read if QTYPE[each.rtype] == "NS"} == {f"{each}." for each in NS.values}


def test_a_zone_file_keeps_names_outside_of_the_zone_absolute() -> None:
    assert "other.org.\t300\tIN\tCNAME\tx.org." in zone_file([Record("CNAME", "other.org", ("x.org",))], ZONE)


def test_route_53_gets_a_change_batch() -> None:
    batch = json.loads(route53_change_batch(ALL))
    assert batch["Changes"][0] == {
        "Action": "UPSERT",
        "ResourceRecordSet": {
            "Name": "_tok.example.com.",
            "Type": "TXT",
            "TTL": 1800,
            "ResourceRecords": [{"Value": '"vpce:L6p0ERxlTt45jevFwOCp"'}],
        },
    }
    sets = {each["ResourceRecordSet"]["Name"]: each["ResourceRecordSet"] for each in batch["Changes"]}
    assert sets["api.vpce.example.com."]["ResourceRecords"] == [{"Value": f"{each}."} for each in NS.values]
    assert "*.api.example.com." in sets


def test_terraform_gets_resources() -> None:
    text = terraform([TXT, WILD], zone_id='"Z1"')
    assert text == (
        'resource "aws_route53_record" "txt__tok_example_com" {\n'
        '  zone_id = "Z1"\n'
        '  name    = "_tok.example.com"\n'
        '  type    = "TXT"\n'
        "  ttl     = 1800\n"
        '  records = ["vpce:L6p0ERxlTt45jevFwOCp"]\n'
        "}\n"
        "\n"
        'resource "aws_route53_record" "cname_any_api_example_com" {\n'
        '  zone_id = "Z1"\n'
        '  name    = "*.api.example.com"\n'
        '  type    = "CNAME"\n'
        "  ttl     = 60\n"
        '  records = ["target.example.org."]\n'
        "}\n"
    )


def test_terraform_joins_the_strings_of_a_long_text_as_its_provider_wants() -> None:
    assert f'records = ["{"a" * 255}\\"\\"{"b" * 255}\\"\\"c"]' in terraform([LONG])


def test_terraform_names_are_distinct() -> None:
    text = terraform([TXT, Record("TXT", "_tok-example.com", ("x",)), Record("TXT", "_tok_example.com", ("x",))])
    labels = re.findall(r'"aws_route53_record" "(\w+)"', text)
    assert len(set(labels)) == 3


@pytest.mark.parametrize("value", [*NASTY, "${file(1)}", "%{ if true }", '" "', '""', "\\", '\\"', "é", "a\nb"])
def test_a_nasty_text_stays_one_value_in_every_form(value: str) -> None:
    if "\ud800" <= max(value, default="") <= "\udfff":
        pytest.skip("no text of DNS")
    record = Record("TXT", "_t.example.com", (value,))
    (quoted,) = json.loads(route53_change_batch([record]))["Changes"][0]["ResourceRecordSet"]["ResourceRecords"]
    pieces = re.fullmatch(r'"(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*', quoted["Value"], re.ASCII)
    assert pieces
    assert unquoted(quoted["Value"], 8) == value
    line = zone_file([record], ZONE).splitlines()
    assert len(line) == 2
    assert unquoted(line[1].split("\t")[4], 10) == value
    literal = re.search(r"records = \[(.*)\]", terraform([record]))
    assert literal is not None
    assert unquoted(f'"{json.loads(literal[1])}"', 8).replace("$${", "${").replace("%%{", "%{") == value
    assert not re.search(r"(?<![$])\$\{|(?<![%])%\{", literal[1])
    row = list(tables.reader(csv([record]).splitlines(keepends=True)))[1]
    assert row[3].removeprefix("'") == value.removeprefix("'")
    assert not row[3].startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def unquoted(text: str, base: int) -> str:
    """The value of quoted strings, read by the rules of the form: \\" \\\\ and \\nnn in a base."""
    joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
    data = re.sub(r"\\(\d{3}|.)", lambda found: chr(int(found[1], base)) if len(found[1]) == 3 else found[1], joined)
    return data.encode("latin-1").decode()


def test_equal_records_give_equal_text_in_whatever_order() -> None:
    for write in (route53_change_batch, terraform, csv, lambda records: zone_file(records, ZONE)):
        assert len({write(order) for order in permutations(ALL)}) == 1


def test_a_table_shows_the_host_in_the_zone() -> None:
    rows = list(tables.reader(csv([ACM, NS], ZONE).splitlines()))
    assert rows[0] == ["type", "name", "host", "value", "ttl"]
    assert ["CNAME", ACM.name, "_x1.api.vpce", ACM.values[0], "300"] in rows
    assert csv([NS]).splitlines()[1] == '"NS","api.vpce.example.com","api.vpce.example.com","ns-1.awsdns-01.com","300"'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert f"\"'{start}cmd|' /C calc'!A0\"" in csv([Record("TXT", "a.example.com", (f"{start}cmd|' /C calc'!A0",))])
