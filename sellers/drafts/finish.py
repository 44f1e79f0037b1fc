"""The beginning and the end of a draft: from a product's values or none, to the product that they make."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sellers.drafts.shape import Values, flat, nested
from sellers.models import Draft, Product, Seller, User
from sellers.spec import OnboardSpec, Problem, SpecErrors, load_data
from sellers.spec.fields import BUYERS, REGIONS
from sellers.spec_reader import incomplete_spec_of
from sellers.spec_writer import Saved, save_spec

_OWN = ("product.name", "product.marketplace_product_id", "product.friendly_dns_name", "product.private_dns_name")
NOT_OFFERED = "This is not a connection of this seller. Choose one of the list."


@transaction.atomic
def begin(seller: Seller, by: User, values: Mapping[str, Any] | None = None) -> Draft:
    """A new draft; the user's own untouched one of this seller, if there is one, so that a double click makes one."""
    _one_at_a_time(seller)
    empty = Draft.objects.filter(seller=seller, created_by=by, product=None, finished_at=None, version=1)
    found = next((draft for draft in empty if draft.data == dict(values or {})), None)
    return found or Draft.objects.create(seller=seller, created_by=by, changed_by=by, data=dict(values or {}))


@transaction.atomic
def change(product: Product, by: User) -> Draft:
    """The open draft that changes a product, or a new one that holds what the product is now."""
    _one_at_a_time(product.seller)
    found = Draft.objects.filter(product=product, finished_at=None).first()
    if found:
        return found
    values = values_of(product)
    return Draft.objects.create(
        seller=product.seller, product=product, created_by=by, changed_by=by, data=values, base=values
    )


def _one_at_a_time(seller: Seller) -> None:
    """The second of two clicks waits for the first, and finds its draft."""
    Seller.objects.select_for_update(no_key=True).filter(pk=seller.pk).first()


def clone(product: Product, by: User) -> Draft:
    """A new draft with all values of a product but its names, its product ID and its buyers' list."""
    values = values_of(product)
    left_out = {*_OWN, BUYERS, *(path for path in values if _is_anothers(path, values))}
    return begin(product.seller, by, {path: value for path, value in values.items() if path not in left_out})


def _is_anothers(path: str, values: Values) -> bool:
    """Whether a path holds what a second product cannot share: ranges that were assigned, services and certificates."""
    if not path.startswith(f"{REGIONS}."):
        return False
    part, _, name = path.removeprefix(f"{REGIONS}.").partition(".")[2].partition(".")
    return name == "cidr" or (part in ("endpoint_service", "certificate") and name in ("mode", "service_id", "arn"))


def copy_region(values: Values, source: str, target: str) -> Values:
    """The changes that give region `target` what is chosen in `source`: all that is not an id of one region.

    An existing resource belongs to one region, so the target keeps the mode and lacks the id.
    """
    start = f"{REGIONS}.{source}."
    kept = ("mode", "instance_type", "instance_profile", "user_data", "acceptance_required")
    return {
        f"{REGIONS}.{target}.{path.removeprefix(start)}": value
        for path, value in values.items()
        if path.startswith(start) and path.rpartition(".")[2] in kept
    }


def values_of(product: Product) -> Values:
    """A stored product as a draft holds it, whether or not it is complete."""
    return flat(incomplete_spec_of(product))


def data_of(draft: Draft) -> dict[str, Any]:
    """What the draft says, for `load_data`. Regions that the product has already are always among it."""
    stored = [region for region in draft.base.get(REGIONS, []) if region not in draft.data.get(REGIONS, [])]
    return nested({**draft.data, REGIONS: [*stored, *draft.data.get(REGIONS, [])]}, draft.seller.slug)


@transaction.atomic
def finish(pk: UUID, by: User) -> Product:
    """Save the product that a draft makes, and end the draft. A second time gives the same product.

    Raises SpecErrors with every problem; one of them is a change that somebody made to the product meanwhile.
    """
    draft = Draft.objects.select_for_update(of=("self",)).select_related("seller", "product__seller").get(pk=pk)
    if draft.finished_at and draft.product:
        return draft.product
    if draft.product:
        _merge(draft, draft.product)
    saved = save_product(draft, by)
    draft.product, draft.finished_at = saved.product, timezone.now()
    draft.changed_by, draft.changed_at = by, draft.finished_at
    draft.save(update_fields=["product", "finished_at", "changed_by", "changed_at", "data"])
    return saved.product


def _with_roles(draft: Draft, spec: OnboardSpec) -> OnboardSpec:
    """The spec, if its seller has connected each of its roles: a draft chooses connections, it makes none."""
    known = {None, "none", *draft.seller.connections.values_list("role_arn", flat=True)}
    strange = [Problem(f"connections.{role}", NOT_OFFERED) for role, arn in spec.connections if arn not in known]
    if strange:
        raise SpecErrors(strange)
    return spec


def save_product(draft: Draft, by: User) -> Saved:
    """Write what the draft says, whether or not the draft itself is stored. Raises SpecErrors with every problem."""
    spec = _with_roles(draft, load_data(data_of(draft)))
    return save_spec(spec, by, product=draft.product, new=draft.product is None)


def _merge(draft: Draft, product: Product) -> None:
    """Take over what changed in the product since the draft began, where the draft changed nothing itself."""
    now, both = values_of(product), []
    for path in {*now, *draft.base}:
        stands, was = now.get(path, ""), draft.base.get(path, "")
        typed = draft.data.get(path, "")
        if stands == was or typed == stands:
            continue
        if typed == was:
            draft.data[path] = stands
        else:
            both.append((path, stands))
    if both and draft.stamps.get("", {}).get("seen") != _print(now):
        raise Moved([Problem(path, _meanwhile(stands)) for path, stands in sorted(both)], _print(now))


class Moved(SpecErrors):
    """The product itself changed meanwhile, where the draft changes it too. `seen` is what `accept` remembers."""

    def __init__(self, problems: list[Problem], seen: str) -> None:
        super().__init__(problems)
        self.seen = seen


def accept(pk: UUID, seen: str) -> None:
    """Remember that people were told of a product's own change, so that finishing again means the draft's values."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=pk)
        draft.stamps[""] = {"seen": seen, "version": 0, "since": 0, "before": "", "tab": "", "by": "", "at": ""}
        draft.save(update_fields=["stamps"])


def _print(values: Values) -> str:
    return sha256(repr(sorted((path, str(value)) for path, value in values.items())).encode()).hexdigest()


def _meanwhile(stands: Any) -> str:
    text = ", ".join(stands) if isinstance(stands, list) else str(stands) or "nothing"
    return (
        f"The product was changed while this draft was open, to: {text[:200]}. Make the plan again to use the draft's."
    )
