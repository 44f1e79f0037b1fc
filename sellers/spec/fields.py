"""Every field of a spec in words: its label, its help, the guide lines it serves, what leaving it out means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REGIONS, BUYERS = "regions", "buyers"
ON = "on"  # a ticked box, as forms and drafts hold it
REQUIRED, RECOMMENDED, OPTIONAL = "required", "recommended", ""
MODES = (("create", "Create for me"), ("existing", "Use existing"), ("manual", "I will do it myself"))
PROFILES = {"marketplace": "AWS Marketplace", "native": "Own private DNS name (native)", "both": "Both"}


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


@dataclass(frozen=True)
class Option:
    """One of the values that a field offers: the value, what it is called, and what it means."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field. `kind` is line, number, list, text, select, cards, check or regions: how it is typed and shown.

    `without` is the consequence of leaving it out; `rows` the height of a text area; `is_code` says that it is copied
    rather than written.
    """

    path: str
    label: str
    purpose: str = ""
    kind: str = "line"
    need: str = OPTIONAL
    without: str = ""
    guides: tuple[str, ...] = ()
    default: str = ""
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    rows: int = 2
    is_code: bool = True

    @property
    def key(self) -> str:
        """Its path as a word for ids of the page."""
        return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in self.path)


def names(native: bool) -> list[Field]:
    """Product and names. The native profile needs no Marketplace id and no friendly name."""
    need = OPTIONAL if native else REQUIRED
    without = "" if native else "Marketplace cannot list the service without it."
    base = "product"
    return [
        Field(
            path=f"{base}.name",
            label="Name",
            purpose="As buyers know the product.",
            need=REQUIRED,
            is_code=False,
            without="It names the product on every page and in the email to AWS Marketplace.",
        ),
        Field(
            path=f"{base}.profile",
            label="Buyers find it through",
            kind="cards",
            default="marketplace",
            purpose="Marketplace's discovery, your own private DNS name, or both.",
            guides=("S2", "S12"),
            options=tuple(Option(value, label) for value, label in PROFILES.items()),
        ),
        Field(
            path=f"{base}.marketplace_product_id",
            label="Marketplace product ID",
            placeholder="prod-abc123def4567",
            purpose="From the product's page in the Marketplace Management Portal.",
            need=need,
            without=without,
            guides=("S14", "S26"),
        ),
        Field(
            path=f"{base}.friendly_dns_name",
            label="Friendly DNS name",
            placeholder="api.vpce.example.com",
            purpose="A name that Marketplace takes over; buyers see endpoints below it. At most 64 characters.",
            need=need,
            without=without,
            guides=("S13", "S22", "S44"),
        ),
        Field(
            path=f"{base}.private_dns_name",
            label="Private DNS name",
            placeholder="api.example.com",
            purpose="The name that buyers' programs call, as they do today.",
            need=RECOMMENDED,
            guides=("S6", "S45"),
            without="Without it, buyers must point their applications at a new hostname.",
        ),
    ]


def listener() -> list[Field]:
    """Listener and health check: the same in every region."""
    base = "product.listener"
    check = f"{base}.health_check"
    return [
        Field(
            path=f"{base}.protocol",
            label="Protocol",
            kind="select",
            default="TCP",
            guides=("S18", "Q5"),
            purpose="TCP passes traffic through. TLS terminates at the load balancer and requires a certificate.",
            options=(Option("TCP", "TCP"), Option("TLS", "TLS")),
        ),
        Field(
            path=f"{base}.port",
            label="Listener port",
            kind="number",
            default="443",
            guides=("S18",),
            purpose="Port buyers connect to. Default: 443.",
        ),
        Field(
            path=f"{base}.target_port",
            label="Target port",
            kind="number",
            default="443",
            guides=("S17",),
            purpose="Where your targets listen. Empty: 443.",
        ),
        Field(
            path=f"{check}.protocol",
            label="Health check",
            kind="select",
            default="TCP",
            guides=("S20",),
            purpose="Protocol used for health checks.",
            options=(Option("TCP", "TCP"), Option("HTTP", "HTTP"), Option("HTTPS", "HTTPS")),
        ),
        Field(
            path=f"{check}.path", label="Health check path", placeholder="/health", purpose="Only with HTTP and HTTPS."
        ),
    ]


def connections(rows: Sequence[Option]) -> list[Field]:
    """One role for each account. `rows` are the seller's connections."""
    by_hand = Option("none", "A person sets the records", "We show each record and check it.")
    same = Option("", "Same as service")
    base = "connections"
    return [
        Field(
            path=f"{base}.service",
            label="Service",
            kind="select",
            need=REQUIRED,
            guides=("S4", "S42"),
            purpose="The account of network, load balancer and endpoint service.",
            without="Nothing can be looked at or made without it.",
            options=(Option("", "Choose a connection"), *rows),
        ),
        Field(
            path=f"{base}.certificates",
            label="Certificates",
            kind="select",
            guides=("S21", "S29"),
            purpose="The account that asks ACM for certificates.",
            options=(same, *rows),
        ),
        Field(
            path=f"{base}.dns",
            label="DNS",
            kind="select",
            need=RECOMMENDED,
            guides=("S21", "S22"),
            purpose="The account whose Route 53 holds your zone.",
            options=(same, by_hand, *rows),
            without="When a person sets the records, each of them is a wait for that person.",
        ),
        Field(
            path=f"{base}.buyer_test",
            label="Buyer test",
            kind="select",
            need=RECOMMENDED,
            guides=("S47", "S49"),
            purpose="Another account, from which we connect as a buyer would.",
            without="Left out, nobody has seen a buyer connect before Marketplace does.",
            options=(Option("", "None yet"), *rows),
        ),
    ]


def regions(options: Sequence[Option]) -> Field:
    """The regions that the product is offered in."""
    return Field(
        path=REGIONS,
        label="Regions",
        kind=REGIONS,
        need=REQUIRED,
        guides=("S4", "S18"),
        options=tuple(options),
        purpose="Where buyers create endpoints. Everything is made once in each region.",
        without="A buyer in another region connects only if the service supports it.",
    )


def buyers() -> Field:
    """The allow list."""
    return Field(
        path=BUYERS,
        label="Buyers",
        kind="text",
        rows=8,
        need=RECOMMENDED,
        guides=("S23", "S24", "S46"),
        placeholder="333333333333 Acme",
        purpose="One per line: an AWS account ID or ARN, and what you call the buyer.",
        without="Only accounts on this list find the service and connect. You can add them later.",
    )


@dataclass(frozen=True)
class Part:
    """A resource of a region: its words, the choice of how it comes about, and the fields of each choice."""

    words: Words
    mode: Field
    create: list[Field]
    existing: list[Field]
    always: list[Field]

    def fields(self) -> list[Field]:
        """All of them."""
        return [self.mode, *self.create, *self.existing, *self.always]


_MEANS = {
    "create": "We create it in your account and delete it when you tear down the product.",
    "existing": "Choose what you have; it is checked, and never removed.",
    "manual": "You get the commands with this product's values; we only look, read-only.",
}
_DEFAULTS = {"instance_type": "t3.micro"}


def part(region: str, words: Words) -> Part:
    """One resource of one region."""
    base = f"{REGIONS}.{region}.{words.key}"
    options = tuple(Option(value, label, _MEANS[value]) for value, label in MODES)
    mode = Field(path=f"{base}.mode", label=words.title, kind="cards", default="create", options=options)
    always: list[Field] = []
    if words.key == "endpoint_service":
        always = [
            Field(
                path=f"{base}.acceptance_required",
                label="Each connection waits for our acceptance",
                kind="check",
                default=ON,
                purpose="Off, every allowed account is connected at once.",
                guides=("S19",),
            ),
            Field(
                path=f"{base}.supported_regions",
                label="Further regions",
                kind="list",
                purpose="Regions that buyers may connect from, one per line.",
            ),
        ]
    return Part(words, mode, _typed(base, CREATE.get(words.key, ())), _typed(base, EXISTING[words.key]), always)


def _typed(base: str, rows: Sequence[tuple[str, str, str, str]]) -> list[Field]:
    return [
        Field(
            path=f"{base}.{name}",
            label=label,
            purpose=hint,
            kind=kind,
            default=_DEFAULTS.get(name, ""),
            rows=4 if kind == "text" else 2,
        )
        for name, label, hint, kind in rows
    ]


def parts(region: str, *keys: str) -> list[Part]:
    """The resources `keys` of a region, in the order of the checklist."""
    return [part(region, words) for words in RESOURCES if words.key in keys]


def rehearsal(region: str) -> list[Field]:
    """Where the buyer test account connects from."""
    base = f"{REGIONS}.{region}.rehearsal"
    return [
        Field(
            path=f"{base}.vpc_id",
            label="Test VPC",
            guides=("S47", "S49"),
            purpose="In the buyer test account. Empty: its default VPC.",
        ),
        Field(path=f"{base}.subnet_ids", label="Test subnets", kind="list", purpose="In that VPC, one per line."),
    ]
