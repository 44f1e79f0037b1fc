"""The evidence that counts: of each item, the newest of each check (domain.md section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Max

from onboarding.models import Evidence
from sellers.models import Product

FRESH = timedelta(days=7)
DRIFT = ".drift"


def newest(product: Product | object, slug: str | None = None, region: str = "") -> list[Evidence]:
    """The newest of each check of a product's items, or of one item, oldest first; one query, items joined.

    A drift that a later look no longer saw is left out.
    """
    rows = Evidence.objects.filter(item__product_id=getattr(product, "pk", product))
    if slug is not None:
        rows = rows.filter(item__slug=slug, item__region=region)
    last = rows.order_by().values("item_id", "check_name").annotate(last=Max("id")).values("last")
    found = list(Evidence.objects.filter(pk__in=last).select_related("item").order_by("id"))
    ends = _ends(found)
    return [row for row in found if not row.check_name.endswith(DRIFT) or ends[row.item_id] == row.pk]


def _ends(rows: Sequence[Evidence]) -> dict[object, int]:
    return {row.item_id: row.pk for row in rows}
