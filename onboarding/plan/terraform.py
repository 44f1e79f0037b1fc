"""A product's plan as Terraform: what is to be made, and import blocks for what a run has made already (feature 12).

A rehearsal is left out, for nothing of it stays. What was adopted is referred to by its id and never managed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from onboarding.plan import manual
from onboarding.plan.commands import mark
from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.plan.facts import Known, known
from onboarding.plan.hcl import Body, Expr, block
from onboarding.plan.rows import Sign
from onboarding.plan.terraform_blocks import BLOCKS, TYPES, References, Shaped, name_of
from onboarding.things.base import Idempotency
from sellers import formats

IMPORTED = (
    "vpc",
    "subnet",
    "security_group",
    "instance",
    "load_balancer",
    "target_group",
    "listener",
    "endpoint_service",
    "certificate",
)
NEEDS = """\
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
  }
}
"""


def document(product: Any) -> str:
    """The whole plan as one .tf file. Raises ValueError if the product has no connection."""
    facts = known(product)
    hands, walk = manual.walked(facts)
    return written(
        facts, hands or walk, (hands or walk).yielded, head=f"# {product.name}, as planned. Read it first.\n"
    )


def written(facts: Known, walk: DryRun, things: Iterable[Yielded], head: str = "") -> str:
    """The blocks of some things of a walk, with the providers, look-ups and variables that they need."""
    managed = [one for one in things if _managed(one)]
    refs = References.to(walk, managed)
    resources = [piece for one in managed for piece in _of(facts, refs, one)]
    body = "\n".join(resources)
    lookups = [piece for one in walk.yielded for piece in _lookup(one, refs) if _used(piece, body)]
    places = {(one.account, one.where) for one in managed}
    places |= {(one.account, one.where) for one in walk.yielded if any(_used(p, body) for p in _lookup(one, refs))}
    start = [NEEDS, *_providers(walk, places), *_inputs(refs, body)]
    return "\n".join([piece for piece in [head, *start, *dict.fromkeys(lookups), *resources] if piece])


def _managed(one: Yielded) -> bool:
    """Whether Terraform has a block for it: made by us or by hand, and meant to stay."""
    thing = one.thing
    return thing.kind in TYPES and not thing.given and not thing.temporary and thing.idempotency is not Idempotency.READ


def alias(walk: DryRun, account: str, region: str) -> str:
    """The name of the provider of an account's region."""
    own = formats.account_of(walk.spec.connections.service) == account
    return region.replace("-", "_") + ("" if own else f"_{account}")


def _of(facts: Known, refs: References, one: Yielded) -> Iterator[str]:
    address = refs.address(one)
    kind, _, name = address.partition(".")
    shaped = BLOCKS[one.thing.kind](Shaped(one, refs, _mark(facts, one)))
    for each in shaped:
        more = Expr(f"aws.{alias(refs.walk, one.account, one.where)}")
        yield block("resource", [each.type or kind, each.name or name], {"provider": more, **each.body})
    if one.sign is not Sign.REUSE:
        return
    if one.thing.kind in IMPORTED or one.thing.kind == "record":
        aws_id = one.seen.id if one.thing.kind in IMPORTED else _record_id(one.thing)
        yield block("import", [], {"to": Expr(address), "id": aws_id})


def _mark(facts: Known, one: Yielded) -> Any:
    """What exists keeps the tags that say it is ours; what Terraform makes is Terraform's."""
    return mark(facts, one, ours=one.sign is Sign.REUSE)


def _record_id(record: Any) -> str:
    return f"{record.zone_id}_{record.name}_{record.type}"


def _providers(walk: DryRun, places: Iterable[tuple[str, str]]) -> Iterator[str]:
    for account, region in sorted(places):
        name = alias(walk, account, region)
        yield block("provider", ["aws"], {"alias": name, "region": region, "allowed_account_ids": [account]})


def _inputs(refs: References, body: str) -> Iterator[str]:
    """Variables for what neither Terraform nor AWS can tell."""
    if "var.name_servers" in body:
        said = "The name servers that Seller Operations gave."
        yield block("variable", ["name_servers"], {"description": said, "type": Expr("list(string)")})
    for name in refs.asked:
        yield block("variable", [name], {"type": Expr("string")})


def _lookup(one: Yielded, refs: References) -> Iterator[str]:
    """The data block of what is looked up: an image, a hosted zone, a chosen VPC, the zones of a region."""
    provider = Expr(f"aws.{alias(refs.walk, one.account, one.where)}")
    thing: Any = one.thing
    if one.thing.kind == "image" and one.seen.id.startswith("$"):
        found = {"owners": ["amazon"], "most_recent": True, "name_regex": f"^al2023-ami-2023.*-{thing.architecture}$"}
        yield block("data", ["aws_ami", name_of(one.seen.id)], {"provider": provider, **found})
    if one.thing.kind == "zone" and one.seen.id.startswith("$"):
        body = {"provider": provider, "name": thing.apex, "private_zone": False}
        yield block("data", ["aws_route53_zone", name_of(one.seen.id)], body)
    if one.thing.kind == "vpc" and one.thing.given and str(one.seen.values["cidr"]).startswith("$"):
        name = name_of(one.seen.values["cidr"])
        yield block("data", ["aws_vpc", name], {"provider": provider, "id": thing.given})
    if one.thing.kind == "zones" and one.where in refs.walk.unseen:
        kinds = Body({"name": "zone-type", "values": ["availability-zone"]})
        body = {"provider": provider, "state": "available", "filter": kinds}
        yield block("data", ["aws_availability_zones", one.where.replace("-", "_")], body)


def _used(piece: str, body: str) -> bool:
    """Whether a data block is referred to."""
    _, kind, name = piece.split("\n")[0].split(" ")[:3]
    return f"data.{kind.strip(chr(34))}.{name.strip(chr(34))}." in body
