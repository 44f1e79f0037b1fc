"""How a draft begins: new, with what is usual for its seller; as the change of a product; as its clone."""

from __future__ import annotations

from typing import Any

from sellers.drafts import begin, change, clone, values_of
from sellers.models import Draft, Product, Seller, User


def started(seller: Seller, by: User) -> Draft:
    """A new draft, or the user's own untouched one. The connections are those of the seller's last product."""
    return begin(seller, by, _usual(seller))


def of_product(product: Product, by: User, what: str) -> Draft:
    """The draft that changes the product, or with "clone" a new one with its values."""
    return clone(product, by) if what == "clone" else change(product, by)


def _usual(seller: Seller) -> dict[str, Any]:
    last = Product.objects.filter(seller=seller).order_by("-created_at").first()
    if last:
        return {path: value for path, value in values_of(last).items() if path.startswith("connections.")}
    proven = [row for row in seller.connections.all() if row.is_proven]
    tests = [row for row in proven if "test" in f"{row.label} {row.role_arn.rpartition('/')[2]}".lower()]
    others = [row for row in proven if row not in tests]
    found = {"connections.service": others[0].role_arn} if len(others) == 1 else {}
    if found and len(tests) == 1 and tests[0].account_id != others[0].account_id:
        found["connections.buyer_test"] = tests[0].role_arn
    return found
