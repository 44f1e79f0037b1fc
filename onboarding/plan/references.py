"""What a planned value is called in Terraform: an id becomes a reference to the block that makes or reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from onboarding.plan import hcl
from onboarding.plan.hcl import Expr
from onboarding.plan.variables import ANY
from onboarding.plan.walk import Walk, Yielded

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

    walk: Walk
    of: dict[str, str] = field(default_factory=dict)
    addresses: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)

    @classmethod
    def to(cls, walk: Walk, things: Iterable[Yielded]) -> References:
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
