"""To whom Seller Operations answer: the person who runs the product, else the seller's own."""

from __future__ import annotations

import pytest

from onboarding.models import Outbox, Run
from onboarding.pages.submission import versions
from sellers.models import Membership, Product, User
from sellers.models.choices import Role
from tests import factories, packages
from tests.factories import Tenant


@pytest.fixture
def product(own: Tenant) -> Product:
    made = factories.product(own.seller, name="Sent", regions={"us-east-1": {}}, facts=factories.MARKETPLACE)
    factories.started(made)
    Run.objects.filter(product=made).update(by=None)
    own.seller.memberships.all().delete()
    return made


def member(product: Product, email: str, role: Role) -> User:
    user = factories.person(email)
    Membership.objects.create(seller=product.seller, user=user, role=role)
    return user


def replies(product: Product) -> list[str]:
    """The addresses in the package's mail."""
    row = packages.kept(product, packages.facts(product), send=True)
    [mail] = Outbox.objects.filter(dedupe_key=f"submission.{row.pk}")
    for address in mail.reply_to:
        assert address in versions.eml(row)
    return list(mail.reply_to)


def test_whoever_runs_the_product_reads_the_answers(product: Product) -> None:
    member(product, "eva@example.com", Role.LEAD)
    mara = member(product, "mara@example.com", Role.ENGINEER)
    Run.objects.filter(product=product).update(by=mara)
    assert replies(product) == ["mara@example.com"]


def test_from_the_command_line_the_leads_read_them(product: Product) -> None:
    for email, role in (("ann@example.com", Role.ENGINEER), ("eva@example.com", Role.LEAD)):
        member(product, email, role)
    assert replies(product) == ["eva@example.com"]


def test_somebody_who_left_or_is_of_no_seller_reads_none(product: Product) -> None:
    gone = member(product, "gone@example.com", Role.ENGINEER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Run.objects.filter(product=product).update(by=gone)
    member(product, "ann@example.com", Role.ENGINEER)
    assert replies(product) == ["ann@example.com"], "without a lead, all of the seller's people"
