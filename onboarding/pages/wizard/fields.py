"""The wizard's fields: what each is for, which guide line it serves, and what follows from leaving it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.checklist.guide import lines
from sellers.drafts import BUYERS, ON, REGIONS
from sellers.forms.regions import CREATE, EXISTING, MODES, RESOURCES, Words
from sellers.models.choices import HealthProtocol, ListenerProtocol, Profile

REQUIRED, RECOMMENDED, OPTIONAL = "required", "recommended", ""


@dataclass(frozen=True)
class Option:
    """One of the values that a field offers: the value, what it is called, and what it means."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field. `kind` is line, number, list, text, select, cards, check or regions: how it is typed and shown.

    `without` is the consequence of leaving it out; `part` the resource of a region that it belongs to, or "".
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

    @property
    def guide(self) -> list[tuple[str, str]]:
        """(number, text) of its guide lines, as guide.html shows them."""
        return lines(self.guides)

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
            without="It names the product on every page and in the email to AWS Marketplace.",
        ),
        Field(
            path=f"{base}.profile",
            label="Buyers find it through",
            kind="cards",
            default=Profile.MARKETPLACE,
            purpose="Marketplace's discovery, your own private DNS name, or both.",
            guides=("S2", "S12"),
            options=tuple(Option(value, label) for value, label in Profile.choices),
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
            options=tuple(Option(*choice) for choice in ListenerProtocol.choices),
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
            options=tuple(Option(*choice) for choice in HealthProtocol.choices),
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

    @property
    def guide(self) -> list[tuple[str, str]]:
        """(number, text) of its guide lines."""
        return lines(self.words.guide)

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
        Field(path=f"{base}.{name}", label=label, purpose=hint, kind=kind, default=_DEFAULTS.get(name, ""))
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
