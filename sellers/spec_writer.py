"""Writes specs into the database. `sellers.spec_reader` reads them back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from sellers import formats
from sellers.models import Buyer, Connection, Membership, Product, ProductRegion, Seller, User
from sellers.models.choices import Role
from sellers.spec import ConnectionArns, OnboardSpec, Problem, ProductFacts, RegionChoices, SpecErrors, assign_cidrs
from sellers.spec_reader import spec_of

__all__ = ["Saved", "save_spec", "slug_for", "spec_of"]


@dataclass(frozen=True)
class Saved:
    """A written product: whether it is new, what changed (paths of the spec), connections not proven yet.

    `left_out` are stored regions that the spec does not name. They stay: what exists there must be taken down first.
    """

    product: Product
    created: bool
    changed: tuple[str, ...]
    unproven: tuple[Connection, ...]
    left_out: tuple[str, ...]


def slug_for(seller: Seller, name: str) -> str:
    """A URL word for a new product of the seller, made of its name; numbered if it is taken."""
    base = slugify(name)[:50].strip("-") or "product"
    taken = set(Product.objects.filter(seller=seller, slug__startswith=base).values_list("slug", flat=True))
    slugs = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in slugs if slug not in taken)


@transaction.atomic
def save_spec(
    spec: OnboardSpec,
    by: User | None,
    *,
    create_seller: bool = False,
    product: Product | None = None,
    new: bool = False,
) -> Saved:
    """Write product, regions, connections and buyers in one transaction.

    Without `product` the seller's product of that name is updated, or made. `new` refuses an existing name.
    Connections are found by their role, or made in state new. Ranges are assigned once and kept.
    Raises SpecErrors if the seller is unknown or the name is taken. The caller has asked `access`.
    """
    seller = _seller(spec.seller, by, create_seller)
    found = Product.objects.select_for_update().filter(seller=seller, name=spec.product.name).first()
    if found and (new or (product and found.pk != product.pk)):
        sentence = f"{seller.name} already has a product of this name. Choose another name."
        raise SpecErrors([Problem("product.name", sentence)])
    product = product or found
    created = product is None
    if product is None:
        product = Product(seller=seller, slug=slug_for(seller, spec.product.name), created_by=by)
    links = _links(seller, spec.connections)
    changed = _assign(product, {**_facts(spec.product), **links, "dns_by_hand": spec.connections.dns == "none"})
    product.save()
    changed += _regions(product, spec.regions)
    changed += _buyers(product, spec, links["buyer_test_connection"])
    left_out = product.regions.exclude(region__in=spec.regions).values_list("region", flat=True)
    unproven = {link.pk: link for link in links.values() if link is not None and not link.is_proven}
    return Saved(product, created, tuple(changed), tuple(unproven.values()), tuple(left_out))


def _seller(slug: str, by: User | None, create: bool) -> Seller:
    seller = Seller.objects.filter(slug=slug).first()
    if seller:
        return seller
    if not create:
        sentence = f"There's no seller {formats.quoted(slug)}. Correct it, or add --create-seller."
        raise SpecErrors([Problem("seller", sentence)])
    seller = Seller.objects.create(slug=slug, name=slug.replace("-", " ").title())
    if by:
        Membership.objects.create(seller=seller, user=by, role=Role.LEAD)
    return seller


def _facts(facts: ProductFacts) -> dict[str, Any]:
    listener = facts.listener
    return {
        "name": facts.name,
        "marketplace_product_id": facts.marketplace_product_id or "",
        "friendly_dns_name": facts.friendly_dns_name or "",
        "private_dns_name": facts.private_dns_name or "",
        "profile": facts.profile,
        "listener_protocol": listener.protocol,
        "listener_port": listener.port,
        "target_port": listener.target_port,
        "health_check_protocol": listener.health_check.protocol,
        "health_check_path": listener.health_check.path or "",
    }


def _links(seller: Seller, arns: ConnectionArns) -> dict[str, Connection | None]:
    named = {
        "service_connection": arns.service,
        "certificates_connection": arns.certificates,
        "dns_connection": None if arns.dns == "none" else arns.dns,
        "buyer_test_connection": arns.buyer_test,
    }
    return {
        name: Connection.objects.get_or_create(seller=seller, role_arn=arn)[0] if arn else None
        for name, arn in named.items()
    }


def _assign(product: Product, values: dict[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(product, name) != value]
    for name in changed:
        setattr(product, name, values[name])
    return changed


def _regions(product: Product, regions: dict[str, RegionChoices]) -> list[str]:
    stored = {row.region: row for row in product.regions.all()}
    wanted = {region: _keep_range(choices, stored.get(region)) for region, choices in regions.items()}
    others = {region: row.spec for region, row in stored.items() if region not in wanted}
    assigned = assign_cidrs({**others, **wanted})
    changed = []
    for region in wanted:
        row = stored.get(region)
        if row is None or row.spec != assigned[region]:
            row = row or ProductRegion(product=product, region=region)
            row.spec = assigned[region]
            row.save()
            changed.append(f"regions.{region}")
    return changed


def _keep_range(choices: RegionChoices, row: ProductRegion | None) -> RegionChoices:
    network = choices.network
    if row is None or network.mode != "create" or network.cidr:
        return choices
    kept = network.model_copy(update={"cidr": row.spec.network.cidr})
    return choices.model_copy(update={"network": kept})


def _buyers(product: Product, spec: OnboardSpec, tester: Connection | None) -> list[str]:
    wanted = {buyer.arn(spec.partition): (buyer.alias, False) for buyer in spec.buyers}
    if tester:
        wanted.setdefault(formats.principal(tester.account_id, spec.partition), ("Buyer test account", True))
    stored = {row.principal: row for row in product.buyers.all()}
    changed = [principal for principal in stored if principal not in wanted]
    product.buyers.filter(principal__in=changed).delete()
    for principal, (alias, is_test) in wanted.items():
        row = stored.get(principal)
        if row is None or (row.alias, row.is_test) != (alias, is_test):
            row = row or Buyer(product=product, principal=principal)
            row.account_id = formats.arn_parts(principal).account
            row.alias, row.is_test = alias, is_test
            row.save()
            changed.append(principal)
    return [f"buyers.{principal}" for principal in changed]
