"""The regions part of the product form: rows of fields, one row a region."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from sellers import formats
from sellers.forms.base import code
from sellers.models.region import ProductRegion
from sellers.spec import RegionChoices

MODES = (("create", "Create for me"), ("existing", "Use existing"), ("manual", "I will do it myself"))
LARGEST = 40  # rows; AWS has fewer regions in any one partition


@dataclass(frozen=True)
class Words:
    """A resource in words: key in the spec, title, guide lines, what it is for."""

    key: str
    title: str
    guide: tuple[str, ...]
    hint: str


RESOURCES = (
    Words(
        "network",
        "VPC and subnets",
        ("S16", "S39"),
        "The load balancer and the targets live here. One private "
        "subnet an Availability Zone; no internet gateway is needed.",
    ),
    Words(
        "targets",
        "Targets",
        ("S17",),
        "What answers behind the load balancer. One healthy target an Availability Zone keeps every zone usable.",
    ),
    Words("load_balancer", "Network load balancer", ("S18", "S40"), "Internal, in every Availability Zone."),
    Words("endpoint_service", "Endpoint service", ("S19", "S41"), "What buyers' endpoints connect to."),
    Words(
        "certificate",
        "Certificate",
        ("S21", "S44"),
        "For the user-friendly DNS name, its wildcard, and the private DNS name. A TLS listener needs one.",
    ),
)
# field: (label, hint, kind); kind list takes one value a line
CREATE: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "network": (("cidr", "Range", "A CIDR from /16 to /28. Empty: 10.N.0.0/16, one for each region.", "line"),),
    "targets": (
        ("instance_type", "Instance type", "One instance an Availability Zone.", "line"),
        ("image_id", "Image", "Leave blank to launch a test server. Replace it before you submit.", "line"),
        ("instance_profile", "Instance profile", "Its name in IAM. Optional.", "line"),
        ("user_data", "User data", "A script or cloud-config, at most 16 KiB. Optional.", "text"),
    ),
}
EXISTING: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "network": (
        ("vpc_id", "VPC", "Such as vpc-0123456789abcdef0.", "line"),
        ("subnet_ids", "Subnets", "One per line, one an Availability Zone.", "list"),
    ),
    "targets": (
        ("instance_ids", "Instances", "One id a line. Give only one of the three kinds.", "list"),
        ("ip_addresses", "IP addresses", "One per line.", "list"),
        ("alb_arn", "Application Load Balancer", "Its ARN.", "line"),
    ),
    "load_balancer": (("arn", "Load balancer ARN", "It is checked and never changed or removed.", "line"),),
    "endpoint_service": (("service_id", "Service id", "Such as vpce-svc-0123456789abcdef0.", "line"),),
    "certificate": (("arn", "Certificate ARN", "From ACM, in this region.", "line"),),
}


def fields_of(row: int) -> dict[str, forms.Field]:
    """The form fields of one row; names are paths such as "regions.0.network.cidr"."""
    base = f"regions.{row}"
    titles = [(key, f"{key} ({found.title})") for key, found in formats.known_regions().items()]
    made: dict[str, forms.Field] = {
        f"{base}.region": forms.CharField(
            label="Region", required=False, widget=forms.Select(choices=[("", "Choose a region"), *titles])
        )
    }
    for words in RESOURCES:
        path = f"{base}.{words.key}"
        made[f"{path}.mode"] = forms.ChoiceField(
            label=words.title, choices=MODES, initial="create", required=False, widget=forms.RadioSelect
        )
        for name, label, hint, kind in (*CREATE.get(words.key, ()), *EXISTING[words.key]):
            made[f"{path}.{name}"] = _text(label, hint, kind)
    made[f"{base}.targets.instance_type"].initial = "t3.micro"
    service = f"{base}.endpoint_service"
    made[f"{service}.acceptance_required"] = forms.BooleanField(
        label="Each connection waits for our acceptance", required=False, initial=True
    )
    made[f"{service}.supported_regions"] = _text(
        "Further regions", "Regions that buyers may connect from, one per line. Optional.", "list"
    )
    made[f"{base}.rehearsal.vpc_id"] = _text("Test VPC", "In the buyer test account. Empty: its default VPC.", "line")
    made[f"{base}.rehearsal.subnet_ids"] = _text("Test subnets", "In that VPC, one per line.", "list")
    return made


def _text(label: str, hint: str, kind: str) -> forms.CharField:
    attributes = {"class": "mono", "rows": "2" if kind == "list" else "4", "spellcheck": "false"}
    widget = code() if kind == "line" else forms.Textarea(attributes)
    return forms.CharField(label=label, help_text=hint, required=False, strip=kind != "text", widget=widget)


def initial_of(row: int, region: str, choices: RegionChoices) -> dict[str, Any]:
    """What the fields of a row show for stored choices."""
    shown: dict[str, Any] = {f"regions.{row}.region": region}
    for part, values in choices.model_dump(mode="json").items():
        for name, value in values.items():
            text = "\n".join(value) if isinstance(value, list) else "" if value is None else value
            shown[f"regions.{row}.{part}.{name}"] = text
    return shown


def data_of(row: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The choices of a row as plain data for `load_data`; what the chosen mode does not use is left out."""
    result: dict[str, Any] = {}
    for words in RESOURCES:
        path = f"regions.{row}.{words.key}"
        mode = values.get(f"{path}.mode") or "create"
        used = {"create": CREATE.get(words.key, ()), "existing": EXISTING[words.key]}.get(mode, ())
        result[words.key] = {"mode": mode, **_given(path, used, values)}
    service = f"regions.{row}.endpoint_service"
    result["endpoint_service"]["acceptance_required"] = bool(values.get(f"{service}.acceptance_required"))
    more = (("supported_regions", "", "", "list"),)
    result["endpoint_service"].update(_given(service, more, values))
    test = (("vpc_id", "", "", "line"), ("subnet_ids", "", "", "list"))
    result["rehearsal"] = _given(f"regions.{row}.rehearsal", test, values)
    return result


def _given(path: str, used: tuple[tuple[str, str, str, str], ...], values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, _, _, kind in used:
        value = values.get(f"{path}.{name}") or ""
        parts = value.replace(",", " ").split() if kind == "list" else value
        if parts:
            found[name] = parts
    return found


@dataclass(frozen=True)
class Resource:
    """A resource of a row, for the template."""

    words: Words
    mode: BoundField
    create: list[BoundField]
    existing: list[BoundField]
    always: list[BoundField]

    @property
    def is_open(self) -> bool:
        """Whether the row should show it at once: something is not as by default, or is wrong."""
        fields = [self.mode, *self.create, *self.existing, *self.always]
        return any(field.errors for field in fields) or (self.mode.value() or "create") != "create"


@dataclass(frozen=True)
class Row:
    """A region of the form, for the template."""

    number: int
    region: BoundField
    stored: ProductRegion | None
    resources: list[Resource]
    rehearsal: list[BoundField]

    @property
    def is_open(self) -> bool:
        """Whether to unfold the details."""
        return any(part.is_open for part in self.resources) or any(field.errors for field in self.rehearsal)

    @property
    def title(self) -> str:
        """The region as AWS names it; what was typed if AWS has no such region."""
        known = formats.known_regions().get(str(self.region.value()))
        return f"{self.region.value()} {known.title}" if known else "New region"


def rows_of(form: forms.Form, numbers: list[int], stored: Mapping[int, ProductRegion]) -> Iterator[Row]:
    """The rows of a form, in order."""
    for number in numbers:
        base = f"regions.{number}"
        resources = []
        for words in RESOURCES:
            path = f"{base}.{words.key}"
            more = ("acceptance_required", "supported_regions") if words.key == "endpoint_service" else ()
            resources.append(
                Resource(
                    words,
                    form[f"{path}.mode"],
                    [form[f"{path}.{field[0]}"] for field in CREATE.get(words.key, ())],
                    [form[f"{path}.{field[0]}"] for field in EXISTING[words.key]],
                    [form[f"{path}.{name}"] for name in more],
                )
            )
        test = [form[f"{base}.rehearsal.{name}"] for name in ("vpc_id", "subnet_ids")]
        yield Row(number, form[f"{base}.region"], stored.get(number), resources, test)
