"""Rules between fields. Each takes a Reader and yields (path, sentence); all run, whatever else is wrong."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

from sellers import formats
from sellers.formats import quoted
from sellers.spec.choices import (
    CertificateChoice,
    Choice,
    EndpointServiceChoice,
    LoadBalancerChoice,
    NetworkChoice,
    TargetsChoice,
)
from sellers.spec.problems import Problem, path_of
from sellers.spec.reader import Reader, parsed

Found = Iterator[tuple[tuple[str | int, ...], str]]
CHOICES: dict[str, type[Choice]] = {
    "network": NetworkChoice,
    "targets": TargetsChoice,
    "load_balancer": LoadBalancerChoice,
    "endpoint_service": EndpointServiceChoice,
    "certificate": CertificateChoice,
}


def modes(spec: Reader) -> Found:
    """Each choice has the ids that its mode needs, and no others."""
    for key, _ in spec.regions():
        for name, kind in CHOICES.items():
            given = spec.raw("regions", key, name)
            if isinstance(given, dict) and given.get("mode", "create") in ("create", "existing", "manual"):
                for field, sentence in kind.mode_problems(given):
                    yield ("regions", key, name, field), sentence


def region_twice(spec: Reader) -> Found:
    """A region stands once, however it is written."""
    seen: set[str] = set()
    for key, code in spec.regions():
        if code in seen:
            yield ("regions", key), f"{code} is listed twice. Merge the two entries."
        seen.add(code)


def one_partition(spec: Reader) -> Found:
    """All regions and roles are in one partition of AWS; roles and principals do not reach across."""
    found = [(key, formats.partition_of(code)) for key, code in spec.regions()]
    for key, partition in found[1:]:
        if partition != found[0][1]:
            yield (
                ("regions", key),
                f"{key} isn't in {found[0][1]}, as {found[0][0]} is. Create a product for each partition.",
            )
    for role in ("service", "certificates", "dns", "buyer_test") if found else ():
        arn = spec.get(formats.role_arn, "connections", role)
        if arn and formats.arn_parts(arn).partition != found[0][1]:
            yield (
                ("connections", role),
                f"{quoted(arn)} isn't in {found[0][1]}, as {found[0][0]} is. Enter a role there.",
            )


def ranges_apart(spec: Reader) -> Found:
    """The ranges of a product's regions do not overlap, so that they can be peered later."""
    seen: list[tuple[str, IPv4Network]] = []
    for key, _ in spec.regions():
        text = spec.get(formats.cidr, "regions", key, "network", "cidr")
        if not text:
            continue
        here = IPv4Network(text)
        for other, there in seen:
            if here.overlaps(there):
                sentence = f"{here} overlaps {there} in {other}. Enter another CIDR block, or leave both out."
                yield ("regions", key, "network", "cidr"), sentence
        seen.append((key, here))


def _arn_fits(spec: Reader, key: str, code: str, name: str, field: str, account: str | None) -> Found:
    parse: Callable[[str], str] = {
        ("load_balancer", "arn"): formats.nlb_arn,
        ("targets", "alb_arn"): formats.alb_arn,
    }.get((name, field), formats.acm_arn)
    text = spec.get(parse, "regions", key, name, field)
    if not text:
        return
    arn = formats.arn_parts(text)
    path = ("regions", key, name, field)
    if arn.region != code:
        yield path, f"{quoted(text)} is in {arn.region}, not {code}. Enter an ARN from {code}."
    if account and arn.account != account:
        yield (
            path,
            f"{quoted(text)} is in account {arn.account}. Enter an ARN from the connection's account, {account}.",
        )


def arns_fit(spec: Reader) -> Found:
    """The ARN of an existing resource is of this region and of the account that we enter.

    A TLS listener takes its certificate from the load balancer's own account, wherever others come from.
    """
    service = spec.account("service")
    tls = spec.raw("product", "listener", "protocol") == "TLS"
    for key, code in spec.regions():
        yield from _arn_fits(spec, key, code, "load_balancer", "arn", service)
        yield from _arn_fits(spec, key, code, "targets", "alb_arn", service)
        owner = service if tls else spec.account("certificates")
        yield from _arn_fits(spec, key, code, "certificate", "arn", owner)


def home_not_supported_twice(spec: Reader) -> Found:
    """`supported_regions` names others; the region itself always is one, and each stands once."""
    for key, code in spec.regions():
        seen: set[str] = set()
        for place, value in enumerate(spec.items("regions", key, "endpoint_service", "supported_regions")):
            other = parsed(formats.region, value)
            path = ("regions", key, "endpoint_service", "supported_regions", place)
            if other == code:
                yield path, f"{code} is the service's own Region and always supported. Remove it."
            elif other in seen:
                yield path, f"{other} is listed twice. Remove one."
            if other:
                seen.add(other)


def names_needed(spec: Reader) -> Found:
    """AWS Marketplace needs the product ID and the friendly name (S22)."""
    if spec.raw("product", "profile") == "native" or not isinstance(spec.raw("product"), dict):
        return
    for field in ("marketplace_product_id", "friendly_dns_name"):
        if spec.raw("product", field) in (None, ""):
            yield ("product", field), "Required for AWS Marketplace products."


def names_apart(spec: Reader) -> Found:
    """The private name is not at or below the friendly name: delegating that would hide it (Q3, Q4)."""
    friendly = spec.get(formats.friendly_name, "product", "friendly_dns_name")
    private = spec.get(formats.dns_name, "product", "private_dns_name")
    if friendly and private and (friendly == private or formats.is_below(private, friendly)):
        sentence = (
            f"{private} is in {friendly}, which you delegate to AWS Marketplace. "
            "Enter a private DNS name outside of it."
        )
        yield ("product", "private_dns_name"), sentence


def health_path(spec: Reader) -> Found:
    """Only HTTP health checks have a path."""
    check = ("product", "listener", "health_check")
    path = spec.raw(*check, "path")
    if path and spec.raw(*check, "protocol") in (None, "TCP"):
        yield (*check, "path"), f"{quoted(path)} needs an HTTP or HTTPS health check. TCP has no path."


def tester_is_another(spec: Reader) -> Found:
    """The buyer test account is not the seller's own (S49); rehearsal settings need that connection."""
    tester = spec.account("buyer_test")
    if tester and tester == spec.account("service"):
        sentence = f"{tester} is the seller's own account. Enter a buyer test role in another account."
        yield ("connections", "buyer_test"), sentence
    for key, _ in spec.regions():
        rehearsal = ("regions", key, "rehearsal")
        vpc, subnets = spec.raw(*rehearsal, "vpc_id"), spec.items(*rehearsal, "subnet_ids")
        if (vpc or subnets) and spec.raw("connections", "buyer_test") in (None, ""):
            yield rehearsal, "The buyer connection test needs the buyer_test connection. Add its role, or remove this."
        if subnets and not vpc:
            yield (*rehearsal, "vpc_id"), "The subnets need their VPC. Add vpc_id."


def ids_once(spec: Reader) -> Found:
    """No id stands twice in a list."""
    lists = (("network", "subnet_ids"), ("targets", "instance_ids"), ("targets", "ip_addresses"))
    for key, _ in spec.regions():
        for name, field in (*lists, ("rehearsal", "subnet_ids")):
            values = [str(value).strip() for value in spec.items("regions", key, name, field)]
            for place, value in enumerate(values):
                if value in values[:place]:
                    yield ("regions", key, name, field, place), f"{quoted(value)} is listed twice. Remove one."


def buyers_once(spec: Reader) -> Found:
    """A buyer is an account or a principal, and stands once."""
    seen: set[str] = set()
    partition = next((formats.partition_of(code) for _, code in spec.regions()), "aws")
    for place, entry in enumerate(spec.items("buyers")):
        buyer = Reader(entry)
        given = [name for name in ("account_id", "principal") if buyer.raw(name) not in (None, "")]
        if isinstance(entry, dict) and len(given) != 1:
            yield ("buyers", place), "Enter exactly one of account_id and principal."
            continue
        account = buyer.get(formats.account_id, "account_id")
        text = account or buyer.get(lambda value: formats.principal(value, partition), "principal")
        arn = text and formats.principal(text, partition)
        if arn and arn in seen:
            yield ("buyers", place), f"{arn} is listed twice. Remove one."
        elif arn and formats.arn_parts(arn).partition != partition:
            yield ("buyers", place), f"{quoted(arn)} isn't in {partition}, as the Regions are. Correct the ARN."
        if arn:
            seen.add(arn)


ALL = (
    modes,
    region_twice,
    one_partition,
    ranges_apart,
    arns_fit,
    home_not_supported_twice,
    names_needed,
    names_apart,
    health_path,
    tester_is_another,
    ids_once,
    buyers_once,
)


def broken(data: object) -> list[Problem]:
    """All rules that the raw data of a spec breaks."""
    spec = Reader(data)
    return [Problem(path_of(path), sentence) for rule in ALL for path, sentence in rule(spec)]
