"""An ACM certificate (S21, S44): requested with DNS validation, or an existing one that a person chose.

A request is right as soon as ACM shows its validation records: whether it is issued is the certificate step's question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws import cli
from onboarding.aws.errors import code_of
from onboarding.dns import coverage
from onboarding.things import hcl
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, missing
from onboarding.things.certificate_ends import end_of
from onboarding.things.grants import CERTIFICATE, REQUEST, RESOURCE, Grant
from onboarding.things.hcl import Body
from onboarding.things.terraform import Block
from sellers import formats

if TYPE_CHECKING:
    from mypy_boto3_acm.type_defs import FiltersTypeDef

    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer
    from onboarding.things.variables import Variables

KEYS: FiltersTypeDef = {
    "keyTypes": ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
}
TTL = 300
ISSUED, WAITING = "ISSUED", "PENDING_VALIDATION"


@dataclass(frozen=True, kw_only=True)
class Certificate(Thing):
    """`names` are wanted, the first one as DomainName (64 characters at most). The id is its ARN.

    Values: status (ACM's word), names, records ({type, name, values, ttl} each, a wildcard and its base share one),
    not_after (ISO 8601, "" until issued), in_use_by (ARNs), failure_reason, imported.
    """

    kind = "certificate"
    words = "certificate"
    idempotency = Idempotency.TOKEN
    makes = ("acm:RequestCertificate", "acm:AddTagsToCertificate")
    reads = ("acm:ListCertificates", "acm:ListTagsForCertificate", "acm:DescribeCertificate")
    removes = ("acm:DeleteCertificate",)
    grants = (
        Grant("acm:RequestCertificate", REQUEST, (CERTIFICATE,)),
        Grant("acm:AddTagsToCertificate", REQUEST, (CERTIFICATE,)),
        Grant("acm:DeleteCertificate", RESOURCE, (CERTIFICATE,)),
    )
    id_path = "CertificateArn"
    terraform_type = "aws_acm_certificate"
    terraform_id = "arn"

    role: str = "certificates"
    names: tuple[str, ...] = ()

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        pages = door.acm.get_paginator("list_certificates").paginate(Includes=KEYS)
        alike = [c for page in pages for c in page["CertificateSummaryList"] if c.get("DomainName") in self.names[:1]]
        wanted = {"Key": "plc:item", "Value": mark.item}
        alike.sort(key=lambda summary: str(summary.get("CreatedAt", "")))
        return [c["CertificateArn"] for c in alike if wanted in _tags(door, c["CertificateArn"])]

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        more: dict[str, Any] = {"SubjectAlternativeNames": list(self.names[1:])} if self.names[1:] else {}
        arn = door.acm.request_certificate(
            DomainName=self.names[0],
            ValidationMethod="DNS",
            KeyAlgorithm="RSA_2048",
            IdempotencyToken=mark.token.replace("-", "")[:32],  # ACM takes 32 letters and digits, for an hour
            Tags=mark.pairs(),
            **more,
        )["CertificateArn"]
        said = f"ACM is preparing the validation records of certificate {arn}."
        return Observation(
            id=arn, state=State.PENDING, aws_status=WAITING, sentence=said, values=_values({"Status": WAITING})
        )

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [
            thing._seen(found, arn) if (found := _described(door, arn)) else missing(arn, "Certificate")
            for thing, arn in wanted
        ]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.acm.delete_certificate(CertificateArn=aws_id)
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        missing = coverage.covers(seen.values["names"], self.names).missing if seen.values else ()
        if missing:
            yield (
                f"Certificate {seen.id} covers {', '.join(seen.values['names'])}, but not {', '.join(missing)}. "
                "A wildcard stands for exactly one label."
            )

    def predict(self, place: Place) -> Observation:
        arn = f"arn:{formats.partition_of(place.region)}:acm:{place.region}:{place.account}:certificate/"
        aws_id = self.given or arn + place.new_id(self.kind, self.key)
        values = {
            "status": "",
            "names": list(self.names),
            "records": [self._predicted_record(aws_id, base, place) for base in self._bases()],
            "not_after": "",
            "in_use_by": [],
            "failure_reason": "",
            "imported": False,
        }
        return Observation(id=aws_id, values=values)

    def describe(self) -> str:
        return ", ".join(self.names)

    def terraform(self, plan: Writer) -> list[Block]:
        body = {
            "domain_name": self.names[0],
            "subject_alternative_names": list(self.names[1:]) or None,
            "validation_method": "DNS",
            "key_algorithm": "RSA_2048",
            "tags": plan.tags,
            "lifecycle": Body({"create_before_destroy": True}),
        }
        return [Block(body)]

    def terraform_values(self, address: str, names: Variables, region: str) -> dict[str, str]:
        options, found = f"{address}.domain_validation_options", {}
        for base in self._bases():
            for part, word, cut in (("label", "name", 'split(".", {})[0]'), ("value", "value", 'trimsuffix({}, ".")')):
                one = f"one([for o in {options} : o.resource_record_{word} if o.domain_name == {hcl.text(base)}])"
                found[names.named(self._words(base, part), "")] = cut.format(one)
        return found

    def _bases(self) -> list[str]:
        """The names without wildcards: ACM wants one record for each, the same one in every Region of an account."""
        return list(dict.fromkeys(name.removeprefix("*.") for name in self.names))

    def _words(self, base: str, part: str) -> str:
        return f"acm {base} {part}" if self.key == self.kind else f"acm {self.key} {base} {part}"

    def _predicted_record(self, arn: str, base: str, place: Place) -> Mapping[str, Any]:
        label = self._read(base, "label", "Name", "cut -d. -f1", arn, place)
        value = self._read(base, "value", "Value", "sed 's/[.]$//'", arn, place)
        return {"type": "CNAME", "name": f"{label}.{base}", "values": [value], "ttl": TTL}

    def _read(self, base: str, part: str, member: str, cut: str, arn: str, place: Place) -> str:
        query = f"Certificate.DomainValidationOptions[?DomainName=='{base}']|[0].ResourceRecord.{member}"
        params, names = {"CertificateArn": arn}, place.names
        line = cli.command("acm", "DescribeCertificate", params, place.region, names.lookups, query)
        return names.read(self._words(base, part), "", f"{line} | {cut}")

    def _seen(self, found: Any, arn: str) -> Observation:
        status, values = str(found["Status"]), _values(found)
        if status == ISSUED:
            said = f"Certificate {arn} is issued for {', '.join(values['names'])}."
            return Observation(id=arn, aws_status=status, sentence=said, values=values)
        if status != WAITING:
            end = end_of(arn, status, values["failure_reason"], values["names"])
            return Observation(
                id=arn,
                state=State.WRONG,
                aws_status=status,
                sentence=end.sentence,
                values=values,
                cure=end.cure,
                spent=not values["in_use_by"] and not self.given,
            )
        if self.given:
            said = f"Certificate {arn} is not issued yet ({status}): its validation record is not seen."
            return Observation(id=arn, state=State.WRONG, aws_status=status, sentence=said, values=values)
        if not _complete(found):
            said = f"ACM is preparing the validation records of certificate {arn}."
            return Observation(id=arn, state=State.PENDING, aws_status=status, sentence=said, values=values)
        said = f"Certificate {arn} is requested; ACM waits for its validation records."
        return Observation(id=arn, aws_status=status, sentence=said, values=values)


def _described(door: RegionClients, arn: str) -> Any:
    try:
        return door.acm.describe_certificate(CertificateArn=arn)["Certificate"]
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
        return None


def _tags(door: RegionClients, arn: str) -> list[Any]:
    try:
        return list(door.acm.list_tags_for_certificate(CertificateArn=arn)["Tags"])
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":  # deleted since it was listed
            raise
        return []


def _complete(found: Any) -> bool:
    options = found.get("DomainValidationOptions", [])
    return bool(options) and all("ResourceRecord" in option for option in options)


def _values(found: Any) -> dict[str, Any]:
    named = [found["DomainName"]] if "DomainName" in found else []
    ends = found.get("NotAfter")
    return {
        "status": found["Status"],
        "names": list(dict.fromkeys([*named, *found.get("SubjectAlternativeNames", [])])),
        "records": _records(found),
        "not_after": ends.isoformat() if ends else "",
        "in_use_by": sorted(found.get("InUseBy", [])),
        "failure_reason": found.get("FailureReason", ""),
        "imported": found.get("Type") == "IMPORTED",
    }


def _records(found: Any) -> list[dict[str, Any]]:
    """One record a name, the wildcard's and its base's told once."""
    records: dict[str, dict[str, Any]] = {}
    for option in found.get("DomainValidationOptions", []):
        if record := option.get("ResourceRecord"):
            name = record["Name"].rstrip(".").lower()
            value = record["Value"].rstrip(".").lower()
            records[name] = {"type": record["Type"], "name": name, "values": [value], "ttl": TTL}
    return list(records.values())
