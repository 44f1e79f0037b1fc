"""DNS records, and the forms in which people paste or run them elsewhere: equal records give equal text."""

from __future__ import annotations

import csv as tables
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

STRING = 255  # bytes in one string of a TXT record (RFC 1035, 3.3)
_HOSTS = ("CNAME", "NS")
# A spreadsheet takes a cell that begins so for a formula; the last four are the full-width forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Record:
    """A record set. `name` and the hosts in `values` are absolute, in lower case, without final dot; TXT values are
    without quotes; `ttl` in seconds. Build one from what others wrote with `of`.
    """

    type: str
    name: str
    values: tuple[str, ...]
    ttl: int = 300

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Record:
        """From {"type", "name", "values", "ttl"}, in any case and with or without final dots."""
        type = str(facts["type"]).upper()
        values = tuple(absolute(each) if type in _HOSTS else str(each) for each in facts["values"])
        return cls(type, absolute(str(facts["name"])), values, int(facts.get("ttl", 300)))

    def facts(self) -> dict[str, Any]:
        """{"type", "name", "values", "ttl"}, ready for JSON."""
        return {"type": self.type, "name": self.name, "values": list(self.values), "ttl": self.ttl}


def absolute(name: str) -> str:
    """A name as this package writes it: lower case, no final dot."""
    return name.strip().lower().removesuffix(".")


def below(name: str, zone: str) -> bool:
    """Whether a name is the zone's apex or lies below it."""
    return name == zone or name.endswith("." + zone)


def relative(name: str, zone: str) -> str:
    """The name as a zone's editor wants it: `@` at the apex, else without the zone; outside of the zone `name.`."""
    name, zone = absolute(name), absolute(zone)
    if name == zone:
        return "@"
    return name.removesuffix("." + zone) if below(name, zone) else name + "."


def zone_file(records: Iterable[Record], zone: str) -> str:
    """As a zone file (RFC 1035, 5.1)."""
    lines = [f"$ORIGIN {absolute(zone)}."]
    for record in sorted(records, key=_order):
        owner = relative(record.name, zone)
        lines += [f"{owner}\t{record.ttl}\tIN\t{record.type}\t{value}" for value in _written(record, _decimal)]
    return "\n".join(lines) + "\n"


def route53_change_batch(records: Iterable[Record]) -> str:
    """JSON for `aws route53 change-resource-record-sets --hosted-zone-id ... --change-batch file://...`."""
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": f"{record.name}.",
                "Type": record.type,
                "TTL": record.ttl,
                "ResourceRecords": [{"Value": value} for value in _written(record, _octal)],
            },
        }
        for record in sorted(records, key=_order)
    ]
    return json.dumps({"Changes": changes}, indent=2) + "\n"


def terraform(records: Iterable[Record], zone_id: str = "var.zone_id") -> str:
    """aws_route53_record resources of Terraform. `zone_id` is an expression of Terraform, put in as it is."""
    taken: dict[str, int] = {}
    blocks = []
    for record in sorted(records, key=_order):
        label = _identifier(record)
        taken[label] = taken.get(label, 0) + 1
        label += f"_{taken[label]}" if taken[label] > 1 else ""
        values = ", ".join(_hcl(_bare(record, value)) for value in _written(record, _octal))
        blocks.append(
            f'resource "aws_route53_record" "{label}" {{\n'
            f"  zone_id = {zone_id}\n"
            f"  name    = {_hcl(record.name)}\n"
            f"  type    = {_hcl(record.type)}\n"
            f"  ttl     = {record.ttl}\n"
            f"  records = [{values}]\n"
            "}\n"
        )
    return "\n".join(blocks)


def _bare(record: Record, value: str) -> str:
    """The provider puts the outer quotes of a TXT value itself; between strings it wants `""`, as its manual says."""
    return value[1:-1].replace('" "', '""') if record.type == "TXT" else value


def _hcl(value: str) -> str:
    """A string literal of Terraform's language, without templates in it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return f'"{escaped}"'


def csv(records: Iterable[Record], zone: str = "") -> str:
    """A table for spreadsheets (RFC 4180, every cell quoted): type, name, host in the zone, value, ttl."""
    out = io.StringIO()
    table = tables.writer(out, quoting=tables.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(["type", "name", "host", "value", "ttl"])
    for record in sorted(records, key=_order):
        host = relative(record.name, zone) if zone else record.name
        for value in record.values:
            table.writerow([_cell(each) for each in (record.type, record.name, host, value, str(record.ttl))])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _order(record: Record) -> tuple[list[str], str, tuple[str, ...]]:
    """Records in a stable order: by name from the right, then by type and values."""
    return record.name.split(".")[::-1], record.type, record.values


def _written(record: Record, escape: Callable[[int], str]) -> list[str]:
    """The values as a master file has them: hosts with final dot, TXT in quoted strings of 255 bytes at most.

    `escape` writes a byte that cannot stand for itself; Route 53 wants it octal, RFC 1035 decimal.
    """
    if record.type in _HOSTS:
        return [f"{value}." for value in record.values]
    if record.type == "TXT":
        return [_strings(value.encode(errors="replace"), escape) for value in record.values]
    return list(record.values)


def _strings(text: bytes, escape: Callable[[int], str]) -> str:
    pieces = [text[at : at + STRING] for at in range(0, len(text), STRING)] or [b""]
    return " ".join('"' + "".join(_letter(byte, escape) for byte in piece) + '"' for piece in pieces)


def _letter(byte: int, escape: Callable[[int], str]) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else escape(byte)


def _decimal(byte: int) -> str:
    r"""\DDD of RFC 1035, 5.1."""
    return f"\\{byte:03d}"


def _octal(byte: int) -> str:
    r"""\OOO of Route 53's own format (Developer Guide, "Supported DNS record types", TXT)."""
    return f"\\{byte:03o}"


def _identifier(record: Record) -> str:
    """A name for the record set in a program text: letters, digits, underscores."""
    return re.sub(r"[^a-z0-9_]+", "_", f"{record.type}_{record.name.replace('*', 'any')}".lower())
