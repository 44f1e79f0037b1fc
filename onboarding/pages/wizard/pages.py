"""The pages of the wizard: which fields stand where, and what each page shows beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from onboarding.pages.common.fields import role_options
from sellers import formats
from sellers.drafts import REGIONS
from sellers.models import Connection, Draft
from sellers.spec import fields
from sellers.spec.fields import Field, Option, Part

TITLES = {
    "names": "Product and names",
    "access": "AWS access",
    "regions": "Regions",
    "network": "Network and targets",
    "certificates": "Certificates and DNS",
    "buyers": "Buyers",
    "review": "Review",
}
SLUGS = tuple(TITLES)


@dataclass(frozen=True)
class Section:
    """A card of a page: its fields, or the resources of a region. `region` is "" for what holds in all of them."""

    title: str
    hint: str = ""
    region: str = ""
    fields: list[Field] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    more: list[Field] = field(default_factory=list)

    def all(self) -> list[Field]:
        """All of its fields."""
        return [*self.fields, *(one for part in self.parts for one in part.fields()), *self.more]


def after(slug: str) -> str:
    """The page after this one; the last one itself."""
    return SLUGS[min(SLUGS.index(slug) + 1, len(SLUGS) - 1)]


def before(slug: str) -> str:
    """The page before this one; "" before the first."""
    return SLUGS[SLUGS.index(slug) - 1] if slug != SLUGS[0] else ""


def sections(slug: str, draft: Draft, connections: Sequence[Connection]) -> list[Section]:
    """The cards of a page. Review has none: it shows what the others hold."""
    makers = {
        "names": _names,
        "access": _access,
        "regions": _regions,
        "network": _network,
        "certificates": _certificates,
        "buyers": _buyers,
    }
    return list(makers[slug](draft, connections)) if slug in makers else []


def fields_of(slug: str, draft: Draft, connections: Sequence[Connection]) -> list[Field]:
    """All fields of a page."""
    return [one for section in sections(slug, draft, connections) for one in section.all()]


def known_regions(draft: Draft) -> list[str]:
    """The draft's regions that AWS has, in the order in which they were chosen."""
    stored = [region for region in draft.base.get(REGIONS, []) if region not in draft.data.get(REGIONS, [])]
    chosen = dict.fromkeys([*stored, *draft.data.get(REGIONS, [])])
    return [region for region in chosen if region in formats.known_regions()]


def _names(draft: Draft, _: Sequence[Connection]) -> Iterator[Section]:
    native = draft.data.get("product.profile") == "native"
    yield Section("Product and names", "What buyers see and call.", fields=fields.names(native))


def _access(_: Draft, connections: Sequence[Connection]) -> Iterator[Section]:
    roles = fields.connections(role_options(connections))
    yield Section("AWS access", "One IAM role per account. You can reuse the same role.", fields=roles)


def _regions(draft: Draft, _: Sequence[Connection]) -> Iterator[Section]:
    service = str(draft.data.get("connections.service", ""))
    partition = service.split(":")[1] if service.count(":") >= 5 else "aws"
    known = formats.known_regions()
    options = [Option(code, found.title) for code, found in sorted(known.items()) if found.partition == partition]
    yield Section("Regions", "Steps run in all of them side by side.", fields=[fields.regions(options)])


def _network(draft: Draft, _: Sequence[Connection]) -> Iterator[Section]:
    yield Section("Listener and health check", "The same in every region.", fields=fields.listener())
    tester = bool(draft.data.get("connections.buyer_test"))
    for region in known_regions(draft):
        yield Section(
            region,
            formats.region_title(region),
            region,
            parts=fields.parts(region, "network", "targets", "load_balancer", "endpoint_service"),
            more=fields.rehearsal(region) if tester else [],
        )


def _certificates(draft: Draft, _: Sequence[Connection]) -> Iterator[Section]:
    for region in known_regions(draft):
        parts = fields.parts(region, "certificate")
        yield Section(region, formats.region_title(region), region, parts=parts)


def _buyers(_: Draft, __: Sequence[Connection]) -> Iterator[Section]:
    yield Section("Buyers", "Who may create an endpoint.", fields=[fields.buyers()])
