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
from onboarding.plan.references import Planned, References
from onboarding.plan.rows import Sign
from onboarding.things.base import Idempotency
from onboarding.things.hcl import Expr, block
from sellers import formats

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
    made = bool(thing.terraform_type) and thing.idempotency is not Idempotency.READ
    return made and not thing.given and not thing.temporary


def alias(walk: DryRun, account: str, region: str) -> str:
    """The name of the provider of an account's region."""
    own = formats.account_of(walk.spec.connections.service) == account
    return region.replace("-", "_") + ("" if own else f"_{account}")


def _of(facts: Known, refs: References, one: Yielded) -> Iterator[str]:
    address = refs.address(one)
    kind, _, name = address.partition(".")
    provider = Expr(f"aws.{alias(refs.walk, one.account, one.where)}")
    for each in one.thing.terraform(Planned(one, refs, _mark(facts, one))):
        yield block("resource", [each.type or kind, each.name or name], {"provider": provider, **each.body})
    if one.sign is Sign.REUSE and (aws_id := one.thing.import_id(one.seen.id)):
        yield block("import", [], {"to": Expr(address), "id": aws_id})


def _mark(facts: Known, one: Yielded) -> Any:
    """What exists keeps the tags that say it is ours; what Terraform makes is Terraform's."""
    return mark(facts, one, ours=one.sign is Sign.REUSE)


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
    found = one.thing.terraform_lookup(one.seen)
    if found is not None:
        provider = Expr(f"aws.{alias(refs.walk, one.account, one.where)}")
        yield block("data", [found.type, found.name], {"provider": provider, **found.body})


def _used(piece: str, body: str) -> bool:
    """Whether a data block is referred to."""
    _, kind, name = piece.split("\n")[0].split(" ")[:3]
    return f"data.{kind.strip(chr(34))}.{name.strip(chr(34))}." in body
