"""Each kind of thing as Terraform's resource: the same settings that its `make` sends to AWS."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onboarding.plan import hcl
from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.plan.hcl import Body, Expr
from onboarding.plan.variables import ANY
from onboarding.things.base import Ownership
from onboarding.things.listener import TLS_POLICY

# kind -> (Terraform's type, the attribute that holds the id)
TYPES = {
    "vpc": ("aws_vpc", "id"),
    "subnet": ("aws_subnet", "id"),
    "security_group": ("aws_security_group", "id"),
    "security_rule": ("aws_vpc_security_group_ingress_rule", ""),
    "instance": ("aws_instance", "id"),
    "load_balancer": ("aws_lb", "arn"),
    "target_group": ("aws_lb_target_group", "arn"),
    "target": ("aws_lb_target_group_attachment", ""),
    "listener": ("aws_lb_listener", "arn"),
    "endpoint_service": ("aws_vpc_endpoint_service", "id"),
    "principal": ("aws_vpc_endpoint_service_allowed_principal", ""),
    "certificate": ("aws_acm_certificate", "arn"),
    "record": ("aws_route53_record", ""),
    "private_dns_verification": ("aws_vpc_endpoint_service_private_dns_verification", ""),
}


@dataclass
class References:
    """The references of the blocks of `things`, some of a walk's: `of` maps an id or a variable to an expression.

    `asked` are the values that nothing here makes or looks up: input variables, by name.
    """

    walk: DryRun
    of: dict[str, str] = field(default_factory=dict)
    addresses: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)

    @classmethod
    def to(cls, walk: DryRun, things: Iterable[Yielded]) -> References:
        """Those of the things, and of what is looked up for them."""
        found = cls(walk)
        for one in things:
            found._made(one)
        for one in walk.yielded:
            found._read(one)
        return found

    def value(self, value: Any) -> Any:
        """A value with its ids as references; lists member by member."""
        if isinstance(value, (list, tuple)):
            return self.members(value)
        if not isinstance(value, str):
            return value
        if value in self.of:
            return Expr(self.of[value])
        if ANY.fullmatch(value):
            return Expr(self._input(value))
        return Expr(self._template(value)) if ANY.search(value) else value

    def members(self, values: Any) -> Any:
        """A list; of one that stands for one in each zone, all of them."""
        if len(values) == 1 and values[0] in self.walk.for_each and values[0] in self.of:
            whole, _, attribute = self.of[values[0]].rpartition(".")
            return Expr(f"[for one in {whole} : one.{attribute}]")
        return [self.value(value) for value in values if value]

    def address(self, one: Yielded) -> str:
        """Where the thing's block stands: `aws_vpc.vpc_us_east_1`. The same name for two is numbered."""
        if one.key not in self.addresses:
            kind, _ = TYPES[one.thing.kind]
            key = one.thing.key if one.thing.kind != "record" else f"{one.region} {one.thing.key}"
            name = re.sub(r"[^a-z0-9]+", "_", f"{ANY.sub('', key)} {one.where}".lower()).strip("_")
            name, taken = (name if name[:1].isalpha() else f"x_{name}"), set(self.addresses.values())
            numbers = (f"{kind}.{name}{f'_{n}' if n else ''}" for n in range(len(taken) + 1))
            self.addresses[one.key] = next(found for found in numbers if found not in taken)
        return self.addresses[one.key]

    def _made(self, one: Yielded) -> None:
        attribute = TYPES[one.thing.kind][1]
        if attribute:
            self.of[one.seen.id] = f"{self.address(one)}.{attribute}"
        if one.thing.kind == "endpoint_service":
            self._proof(one)
        if one.thing.kind == "certificate":
            self._validation(one)

    def _read(self, one: Yielded) -> None:
        cidr = str(one.seen.values.get("cidr", "")) if one.thing.kind == "vpc" else ""
        if one.thing.kind == "zone" and ANY.search(one.seen.id):
            self.of[one.seen.id] = f"data.aws_route53_zone.{name_of(one.seen.id)}.zone_id"
        if one.thing.kind == "image" and ANY.search(one.seen.id):
            self.of[one.seen.id] = f"data.aws_ami.{name_of(one.seen.id)}.id"
        if ANY.search(cidr) and not ANY.search(one.thing.given):
            self.of[cidr] = f"data.aws_vpc.{name_of(cidr)}.cidr_block"

    def _proof(self, one: Yielded) -> None:
        proof = f"{self.address(one)}.private_dns_name_configuration[0]"
        for words, part in (("txt label", "name"), ("txt value", "value")):
            self.of["$" + self.walk.names.named(words, one.region)] = f"{proof}.{part}"

    def _validation(self, one: Yielded) -> None:
        options, thing = f"{self.address(one)}.domain_validation_options", one.thing
        whose = "acm" if thing.key == thing.kind else f"acm {thing.key}"
        for base in {name.removeprefix("*.") for name in thing.params()["names"]}:
            for part, word, cut in (("label", "name", 'split(".", {})[0]'), ("value", "value", 'trimsuffix({}, ".")')):
                found = f"one([for o in {options} : o.resource_record_{word} if o.domain_name == {hcl.text(base)}])"
                self.of["$" + self.walk.names.named(f"{whose} {base} {part}", "")] = cut.format(found)

    def _template(self, value: str) -> str:
        """A string with variables in it."""
        parts = re.split(rf"({ANY.pattern.replace('(', '(?:', 1)})", value)
        told = (f"${{{self._input(p)}}}" if n % 2 else hcl.text(p)[1:-1] for n, p in enumerate(parts))
        return f'"{"".join(told)}"'

    def _input(self, variable: str) -> str:
        """The expression of a variable; one that nothing here gives is asked for."""
        if variable not in self.of:
            self.asked[name_of(variable)] = None
        return self.of.get(variable, f"var.{name_of(variable)}")


def name_of(variable: Any) -> str:
    """A variable's name as Terraform writes names."""
    return str(variable).lstrip("$").lower()


EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Shaped:
    """A thing to be written, with its mark."""

    one: Yielded
    refs: References
    mark: Ownership

    @property
    def thing(self) -> Any:
        """The thing, whose fields depend on its kind."""
        return self.one.thing

    @property
    def each(self) -> bool:
        """Whether it stands for one in each Availability Zone."""
        stands = getattr(self.thing, "subnet_id", "") or getattr(self.thing, "target_id", "")
        return self.one.seen.id in self.refs.walk.for_each and (not stands or stands in self.refs.of)

    @property
    def tags(self) -> dict[str, str]:
        """Its tags; those of one that stands for several name none of them."""
        return {"Name": self.mark.label} if self.each else dict(self.mark.tags)

    def ref(self, value: Any) -> Any:
        """The value with ids as references."""
        return self.refs.value(value)

    def whole(self, variable: str) -> str:
        """The block that an id belongs to, without the attribute."""
        return self.refs.of[variable].rpartition(".")[0]


@dataclass(frozen=True)
class Piece:
    """One resource block. `type` and `name` are those of the thing's own address if they are ""."""

    body: Mapping[str, Any]
    type: str = ""
    name: str = ""


Blocks = list[Piece]


def _vpc(one: Shaped) -> Blocks:
    return [Piece({"cidr_block": one.thing.cidr, "enable_dns_hostnames": True, "tags": one.tags})]


def _subnet(one: Shaped) -> Blocks:
    thing = one.thing
    if not one.each:
        body = {"cidr_block": thing.cidr, "availability_zone_id": thing.zone_id}
        return [Piece({"vpc_id": one.ref(thing.vpc_id), **body, "tags": one.tags})]
    region, more = one.one.where.replace("-", "_"), _more_bits(one)
    number = 'tonumber(regex("[0-9]+$", each.value)) - 1'
    body = {
        "for_each": Expr(f"toset(data.aws_availability_zones.{region}.zone_ids)"),
        "vpc_id": one.ref(thing.vpc_id),
        "cidr_block": Expr(f"cidrsubnet({one.whole(thing.vpc_id)}.cidr_block, {more}, {number})"),
        "availability_zone_id": Expr("each.value"),
    }
    return [Piece({**body, "tags": one.tags})]


def _more_bits(one: Shaped) -> int:
    """By how much a subnet's prefix is longer than its VPC's (steps.network.blocks)."""
    vpc = next(y for y in one.refs.walk.yielded if y.seen.id == one.thing.vpc_id)
    whole = ipaddress.IPv4Network(vpc.seen.values["cidr"]).prefixlen
    return ipaddress.IPv4Network(one.thing.cidr).prefixlen - whole


def _group(one: Shaped) -> Blocks:
    """AWS lets everything out of a new group; Terraform takes that away unless it is said."""
    vpc = one.ref(one.thing.vpc_id)
    own = {"name": one.mark.name("sg", 120), "description": one.thing.description, "vpc_id": vpc, "tags": one.tags}
    if one.one.row is not None:  # it exists, and so does that rule
        return [Piece(own)]
    address = one.refs.address(one.one)
    out = {"security_group_id": Expr(f"{address}.id"), "ip_protocol": "-1", "cidr_ipv4": EVERYWHERE}
    return [Piece(own), Piece(out, "aws_vpc_security_group_egress_rule", address.partition(".")[2])]


def _rule(one: Shaped) -> Blocks:
    thing = one.thing
    body = {
        "security_group_id": one.ref(thing.group_id),
        "ip_protocol": "tcp",
        "from_port": thing.from_port,
        "to_port": thing.to_port,
        "cidr_ipv4": one.ref(thing.cidr) or None,
        "referenced_security_group_id": one.ref(thing.source_group_id) or None,
    }
    return [Piece(body)]


def _instance(one: Shaped) -> Blocks:
    thing = one.thing
    body: dict[str, Any] = {"for_each": Expr(one.whole(thing.subnet_id))} if one.each else {}
    body |= {
        "ami": one.ref(thing.image_id),
        "instance_type": thing.instance_type,
        "subnet_id": Expr("each.value.id") if one.each else one.ref(thing.subnet_id),
        "vpc_security_group_ids": one.ref(thing.group_ids),
        "iam_instance_profile": thing.profile or None,
        "user_data": thing.user_data or None,
        "tags": one.tags,
        "metadata_options": Body({"http_tokens": "required"}),
    }
    return [Piece(body)]


def _balancer(one: Shaped) -> Blocks:
    thing = one.thing
    body = {
        "name": one.mark.name("nlb"),
        "load_balancer_type": "network",
        "internal": True,
        "subnets": one.ref(thing.subnet_ids),
        "security_groups": one.ref(thing.group_ids),
        "enable_cross_zone_load_balancing": True,
        "enforce_security_group_inbound_rules_on_private_link_traffic": "off",
        "tags": one.tags,
    }
    return [Piece(body)]


def _target_group(one: Shaped) -> Blocks:
    thing = one.thing
    path = None if thing.health_protocol == "TCP" else thing.health_path or "/"
    check = Body(
        {
            "protocol": thing.health_protocol,
            "path": path,
            "interval": 10,
            "healthy_threshold": 3,
            "unhealthy_threshold": 3,
        }
    )
    body = {
        "name": one.mark.name("tg"),
        "protocol": "TCP",
        "port": thing.port,
        "vpc_id": one.ref(thing.vpc_id),
        "target_type": thing.target_type,
        "tags": one.tags,
        "health_check": check,
    }
    return [Piece(body)]


def _target(one: Shaped) -> Blocks:
    thing = one.thing
    each = {"for_each": Expr(one.whole(thing.target_id))} if one.each else {}
    target = Expr("each.value.id") if one.each else one.ref(thing.target_id)
    body = {"target_group_arn": one.ref(thing.target_group_arn), "target_id": target, "port": thing.port}
    return [Piece({**each, **body})]


def _listener(one: Shaped) -> Blocks:
    thing = one.thing
    tls = thing.protocol == "TLS"
    body = {
        "load_balancer_arn": one.ref(thing.load_balancer_arn),
        "protocol": thing.protocol,
        "port": thing.port,
        "ssl_policy": TLS_POLICY if tls else None,
        "certificate_arn": one.ref(thing.certificate_arn) if tls else None,
        "tags": one.tags,
        "default_action": Body({"type": "forward", "target_group_arn": one.ref(thing.target_group_arn)}),
    }
    return [Piece(body)]


def _service(one: Shaped) -> Blocks:
    thing, own = one.thing, one.one.seen.id
    named = (
        y.thing.params()["value"]
        for y in one.refs.walk.yielded
        if y.thing.kind == "private_dns_name" and y.thing.params()["target"] == own
    )
    body = {
        "network_load_balancer_arns": one.ref([thing.load_balancer_arn]),
        "acceptance_required": thing.acceptance_required,
        "supported_regions": list(thing.supported_regions) or None,
        "private_dns_name": next(named, None),
        "tags": one.tags,
    }
    return [Piece(body)]


def _principal(one: Shaped) -> Blocks:
    thing = one.thing
    return [Piece({"vpc_endpoint_service_id": one.ref(thing.service_id), "principal_arn": thing.principal})]


def _certificate(one: Shaped) -> Blocks:
    names = one.thing.names
    body = {
        "domain_name": names[0],
        "subject_alternative_names": list(names[1:]) or None,
        "validation_method": "DNS",
        "key_algorithm": "RSA_2048",
        "tags": one.tags,
        "lifecycle": Body({"create_before_destroy": True}),
    }
    return [Piece(body)]


def _record(one: Shaped) -> Blocks:
    thing = one.thing
    asked = Expr("var.name_servers") if "$NAME_SERVER" in thing.values else one.ref(list(thing.values))
    body = {"zone_id": one.ref(thing.zone_id), "name": one.ref(thing.name), "type": thing.type, "ttl": thing.ttl}
    return [Piece({**body, "records": asked})]


def _verification(one: Shaped) -> Blocks:
    """AWS finds the record only when it stands."""
    own = one.one
    stands = [
        Expr(one.refs.address(y))
        for y in one.refs.walk.yielded
        if (y.slug, y.region, y.thing.kind) == (own.slug, own.region, "record")
    ]
    return [Piece({"service_id": one.ref(one.thing.service_id), "depends_on": stands or None})]


BLOCKS: dict[str, Callable[[Shaped], Blocks]] = {
    "vpc": _vpc,
    "subnet": _subnet,
    "security_group": _group,
    "security_rule": _rule,
    "instance": _instance,
    "load_balancer": _balancer,
    "target_group": _target_group,
    "target": _target,
    "listener": _listener,
    "endpoint_service": _service,
    "principal": _principal,
    "certificate": _certificate,
    "record": _record,
    "private_dns_verification": _verification,
}
