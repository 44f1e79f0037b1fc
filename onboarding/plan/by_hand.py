"""What a person runs who makes a step's resources by hand: as AWS CLI commands, and as Terraform (feature 13).

The values are this product's; what is made bears no tag of ours, so that no teardown takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onboarding.aws import cli
from onboarding.checklist import graph
from onboarding.engine.schedule import needs
from onboarding.models import Item
from onboarding.plan import commands, manual, terraform
from onboarding.plan.approve import newest, zones_of
from onboarding.plan.build import title
from onboarding.plan.dry_run import DryRun, Yielded
from onboarding.plan.facts import Known, Node, known
from onboarding.plan.rows import Sign
from onboarding.steps import by_slug
from onboarding.things.base import Idempotency
from onboarding.things.setting import Setting

# The steps whose things a run adds to what was made by hand; with a read-only role a person adds them, too.
FOLLOWING = {"load_balancer": ("listener",), "endpoint_service": ("buyers", "private_dns")}
LATER = ("private_dns_verification",)  # asked for by its own item, once the record that AWS looks for is served
RECORDS = "Certificate.DomainValidationOptions[].ResourceRecord.[Name,Type,Value]"


@dataclass(frozen=True)
class ByHand:
    """A shell script and a Terraform file for one item. `more`: what a run adds, for a role that may only read ("" for
    nothing). `each`: the script shows one of several Availability Zones.
    """

    script: str
    terraform: str
    more: str
    each: bool


def page(item: Item) -> ByHand | None:
    """For an item whose choice is manual; None for any other, and for a product without a connection."""
    step, row = by_slug().get(item.slug), item.product.regions.filter(region=item.region).first()
    if step is None or not step.choice or row is None or getattr(row.spec, step.choice).mode != "manual":
        return None
    try:
        plan = newest(item.product)
        return of(known(item.product, zones_of(plan.facts) if plan else None), (item.slug, item.region))
    except ValueError:  # its connection was taken off
        return None


def of(facts: Known, node: Node) -> ByHand | None:
    """For one (slug, region) of a product that was read already; None if nothing is made by hand there."""
    hands, walk = manual.walked(facts, node)
    if hands is None:
        return None
    found, later = _things(hands, walk, node), _following(hands, node)
    head = f"# {by_slug()[node[0]].title} of {facts.product.name} in {node[1]}\n"
    return ByHand(
        script="\n".join([*_script(facts, hands, found), *_issued(hands, node), *_values(hands, node)]),
        terraform=terraform.written(facts, hands, found, head=head),
        more="\n".join(_script(facts, hands, later)) if later else "",
        each=any(one.seen.id in hands.for_each for one in found),
    )


def _things(hands: DryRun, walk: DryRun, node: Node) -> list[Yielded]:
    """What a person makes, and the settings that a run would change on it otherwise."""
    slugs = graph.until(node[0], needs())
    made = {one.key for one in manual.added(hands, walk) if one.slug in slugs and one.region in ("", node[1])}
    own = {one.key for one in hands.yielded if (one.slug, one.region) == node and isinstance(one.thing, Setting)}
    return [one for one in hands.yielded if one.key in made | own]


def _following(hands: DryRun, node: Node) -> list[Yielded]:
    nodes = {(slug, node[1]) for slug in FOLLOWING.get(node[0], ())}
    return [
        one
        for one in hands.yielded
        if (one.slug, one.region) in nodes
        and one.thing.kind not in LATER
        and one.sign is Sign.CREATE
        and one.thing.idempotency is not Idempotency.READ
    ]


def _script(facts: Known, hands: DryRun, found: list[Yielded]) -> list[str]:
    """The commands, each look-up once. No `set -e`: it would end the shell into which they are pasted."""
    lines: dict[str, None] = {}
    below = any(one.thing.kind == "record" for one in found)
    for one in found:
        lines[f"{chr(10) if lines else ''}# {one.thing.words}: {title(facts, one)}"] = None
        lines |= dict.fromkeys(commands.making(facts, one, hands.names, ours=False))
        if one.thing.kind == "certificate":
            lines |= dict.fromkeys(_records(one, hands, below))
    return list(lines)


def _records(one: Yielded, hands: DryRun, below: bool) -> list[str]:
    """The validation records of a certificate, printed as soon as ACM names them; `below`: commands set them next."""
    say = "ACM names its records after some seconds; the next commands set them"
    if not below:
        say = "Set these records in the public zone of their names, and leave them there: ACM renews by them"
    shown = cli.command(
        "acm", "DescribeCertificate", {"CertificateArn": one.seen.id}, one.where, hands.names.lookups, RECORDS
    )
    return [f"# {say}", f"until {shown} | grep CNAME; do sleep 3; done"]


def _issued(hands: DryRun, node: Node) -> list[str]:
    """The wait until a certificate is issued: none is taken before."""
    arn = manual.given(hands, node).get("arn") if node[0] == "certificate" else None
    if not arn:
        return []
    line = cli.command("acm", "DescribeCertificate", {"CertificateArn": arn}, node[1], hands.names.lookups)
    waits = line.replace(" describe-certificate ", " wait certificate-validated ", 1)
    return ["\n# Ends when the certificate is issued", waits]


def _values(hands: DryRun, node: Node) -> list[str]:
    """The lines that print what the form asks for."""
    asked = manual.given(hands, node)
    asks = [ask for ask in by_slug()[node[0]].inputs if ask.field in asked]
    return ["\n# Save name servers to the form", *(f'echo "{a.words}: {_listed(asked[a.field])}"' for a in asks)]


def _listed(value: Any) -> str:
    return " ".join(value) if isinstance(value, (list, tuple)) else str(value)
