"""Every URL of the project against everybody: whose it is not gets 404, nobody is sent to sign-in (SEC1).

The URLs come from the resolver. One that is in no list below fails the build, so a new page is thought about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from onboarding.models import Item, Run
from sellers.drafts import change
from sellers.models import Draft, Invitation, User
from sellers.people import invite
from tests import factories, packages
from tests.factories import Tenant

METHODS = ("GET", "POST", "HX GET", "HX POST")
PUBLIC = {"favicon", "healthz", "onboarding:readyz", "sellers:invitation"}
OF_NOBODY = {
    "onboarding:home",
    "onboarding:drafts",
    "onboarding:draft_new",
    "onboarding:inbox",
    "onboarding:notice_settings",
    "onboarding:notices_read",
    "sellers:products",
    "sellers:connections",
    "sellers:connection_new",
    "sellers:members",
    "sellers:invite",
}
# A notice belongs to one person: tests/pages/inbox/test_views.py.
OF_A_PERSON = {"onboarding:notice", "onboarding:notice_read"}
OF_OVERSEERS = {"onboarding:overview"}  # administrators, and leads for their own sellers
# Who decides for Seller Operations, and on whom: tests/pages/desk/test_tenants.py.
OF_THE_DESK = {
    "onboarding:desk",
    "onboarding:desk_names",
    "onboarding:desk_package",
    "onboarding:desk_live",
    "onboarding:desk_acknowledge",
    "onboarding:desk_ask",
    "onboarding:desk_note",
    "onboarding:desk_return",
    "onboarding:desk_confirm",
    "onboarding:desk_verify",
    "onboarding:question_answer",
}
# Pages of django.contrib.admin and django-allauth belong to the person or to administrators, not to a seller.
OTHERS = ("admin:", "account_", "mfa_", "schema", None)


@dataclass(frozen=True)
class Things:
    """One object of each kind that a URL can name, all of one seller."""

    product: UUID
    run: UUID
    item: UUID
    connection: UUID
    buyer: UUID
    membership: UUID
    invitation: UUID
    submission: UUID
    draft: UUID


Pick = Callable[[Things], UUID | tuple[UUID | str, ...]]
OF_A_SELLER: dict[str, Pick] = {
    "onboarding:run": lambda of: of.product,
    "onboarding:run_live": lambda of: of.product,
    "onboarding:start": lambda of: of.product,
    "onboarding:verify": lambda of: of.product,
    "onboarding:teardown": lambda of: of.product,
    "onboarding:look": lambda of: of.product,
    "onboarding:policy": lambda of: of.product,
    "onboarding:region_remove": lambda of: (of.product, "eu-west-1"),
    "onboarding:dns": lambda of: of.product,
    "onboarding:dns_live": lambda of: of.product,
    "onboarding:dns_file": lambda of: (of.product, "csv"),
    "onboarding:verification": lambda of: of.product,
    "onboarding:verification_live": lambda of: of.product,
    "onboarding:submission": lambda of: of.product,
    "onboarding:submission_live": lambda of: of.product,
    "onboarding:submission_order": lambda of: of.product,
    "onboarding:submission_process": lambda of: of.product,
    "onboarding:submission_file": lambda of: (of.submission, "json"),
    "onboarding:remarks": lambda of: of.product,
    "onboarding:plan": lambda of: of.product,
    "onboarding:plan_terraform": lambda of: of.product,
    "onboarding:plan_check": lambda of: of.product,
    "onboarding:plan_approve": lambda of: (of.product, str(of.product)),
    "onboarding:cancel": lambda of: of.run,
    "onboarding:item": lambda of: of.item,
    "onboarding:item_live": lambda of: of.item,
    "onboarding:retry": lambda of: of.item,
    "onboarding:change": lambda of: of.item,
    "onboarding:skip": lambda of: of.item,
    "onboarding:answer": lambda of: of.item,
    "onboarding:check": lambda of: of.item,
    "onboarding:connection_test": lambda of: of.connection,
    "onboarding:pick": lambda of: (of.connection, "us-east-1", "vpc"),
    "onboarding:draft_link": lambda of: of.draft,
    "onboarding:draft": lambda of: (of.draft, "names"),
    "onboarding:draft_save": lambda of: (of.draft, "names"),
    "onboarding:draft_drop": lambda of: of.draft,
    "onboarding:draft_of": lambda of: of.product,
    "sellers:product": lambda of: of.product,
    "sellers:buyer_add": lambda of: of.product,
    "sellers:buyer_remove": lambda of: of.buyer,
    "sellers:connection": lambda of: of.connection,
    "sellers:connection_remove": lambda of: of.connection,
    "sellers:member": lambda of: of.membership,
    "sellers:withdraw": lambda of: of.invitation,
}


def names(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str | None]:
    """All URL names of the project, with their namespace."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name}" if entry.name else None


def address(name: str, of: UUID | tuple[UUID | str, ...]) -> str:
    return reverse(name, args=of if isinstance(of, tuple) else [of])


def ask(client: Client, method: str, url: str) -> int:
    headers = {"HX-Request": "true"} if method.startswith("HX") else {}
    send = client.post if method.endswith("POST") else client.get
    return send(url, headers=headers).status_code


def things(tenant: Tenant) -> Things:
    run = factories.started(tenant.product, tenant.lead)
    link = tenant.seller.connections.first()
    buyer = tenant.product.buyers.first()
    assert link is not None
    assert buyer is not None
    invitation, _ = invite("new@invited.example", "engineer", tenant.seller, tenant.lead)
    return Things(
        product=tenant.product.pk,
        run=run.pk,
        item=factories.item(tenant.product, "access").pk,
        connection=link.pk,
        buyer=buyer.pk,
        membership=tenant.seller.memberships.get(user=tenant.engineer).pk,
        invitation=invitation.pk,
        submission=packages.version(tenant.product).pk,
        draft=change(tenant.product, tenant.lead).pk,
    )


def test_every_url_is_listed_here() -> None:
    listed = PUBLIC | OF_NOBODY | OF_OVERSEERS | OF_A_PERSON | OF_THE_DESK | set(OF_A_SELLER)
    unlisted = {
        name
        for name in names()
        if name not in listed and not (name is None or name.startswith(tuple(o for o in OTHERS if o)))
    }
    assert unlisted == set()


Cells = dict[tuple[str, str], int]


def cells(client: Client, of: Things, methods: tuple[str, ...] = METHODS, only: str = "") -> Cells:
    """What each URL of a seller's object answers to each method, without those that a page does not know (405)."""
    found = {
        (name, method): ask(client, method, address(name, pick(of)))
        for name, pick in OF_A_SELLER.items()
        if name.startswith(only)
        for method in methods
    }
    return {cell: status for cell, status in found.items() if status != 405}


def wrong(found: Cells, *right: int) -> Cells:
    return {cell: status for cell, status in found.items() if status not in right}


@pytest.mark.parametrize("role", ["engineer", "lead"])
def test_a_foreign_object_is_not_found_and_not_changed(own: Tenant, other: Tenant, role: str) -> None:
    of, before = things(other), _dump(other)
    found = cells(factories.signed_in(getattr(own, role)), of)
    assert wrong(found, 404) == {}
    assert {name for name, _ in found} == set(OF_A_SELLER)
    assert _dump(other) == before


def test_who_has_not_signed_in_is_sent_to_sign_in(own: Tenant) -> None:
    of = things(own)
    urls = [address(name, pick(of)) for name, pick in OF_A_SELLER.items()] + [reverse(n) for n in OF_NOBODY]
    for url in urls:
        for headers, says in (({}, "Location"), ({"HX-Request": "true"}, "HX-Redirect")):
            for send in (Client().get, Client().post):
                response = send(url, headers=headers)
                assert response.status_code == 405 or response[says].startswith("/accounts/login/"), url


def test_a_suspended_person_is_sent_to_sign_in_and_changes_nothing(own: Tenant) -> None:
    of, client = things(own), factories.signed_in(own.lead)
    User.objects.filter(pk=own.lead.pk).update(is_active=False)
    before = _dump(own)
    assert wrong(cells(client, of), 302, 204) == {}
    assert _dump(own) == before


def test_a_removed_member_is_a_stranger_at_the_next_request(own: Tenant) -> None:
    of, client = things(own), factories.signed_in(own.lead)
    own.seller.memberships.filter(user=own.lead).delete()
    assert wrong(cells(client, of), 404) == {}


def test_seller_operations_see_no_product_or_connection(own: Tenant) -> None:
    assert wrong(cells(factories.signed_in(factories.reviewer()), things(own)), 403, 404) == {}


def test_an_administrator_looks_and_does_not_act(own: Tenant) -> None:
    of, client, before = things(own), factories.signed_in(factories.admin()), _dump(own)
    assert wrong(cells(client, of, ("GET", "HX GET"), "onboarding:"), 200, 403) == {}
    assert wrong(cells(client, of, ("POST", "HX POST"), "onboarding:"), 403) == {}
    assert _dump(own) == before


def test_overviews_are_closed_to_who_oversees_nothing(own: Tenant) -> None:
    rights = ((own.engineer, 403), (factories.reviewer(), 403), (own.lead, 200), (factories.admin(), 200))
    for user, right in rights:
        for name in OF_OVERSEERS:
            assert factories.signed_in(user).get(reverse(name)).status_code == right
    assert Client().get(reverse("onboarding:overview")).status_code == 302


def test_a_post_without_its_token_is_refused(own: Tenant) -> None:
    of, client, before = things(own), Client(enforce_csrf_checks=True), _dump(own)
    client.force_login(own.lead)
    assert wrong(cells(client, of, ("POST", "HX POST")), 403) == {}
    assert _dump(own) == before


@pytest.mark.network
def test_looking_at_every_page_changes_nothing_and_shows_nothing_of_others(own: Tenant, other: Tenant) -> None:
    of, client, before = things(own), factories.signed_in(own.lead), _dump(own)
    things(other)
    plain = [reverse(name) for name in OF_NOBODY | OF_OVERSEERS]
    for url in [address(name, pick(of)) for name, pick in OF_A_SELLER.items()] + plain:
        response = client.get(url)
        assert response.status_code in (200, 405), url
        assert b"anary" not in response.content, url
    assert _dump(own) == before


def _dump(tenant: Tenant) -> object:
    """What strangers could have changed of a seller."""
    return (
        sorted(
            Item.objects.filter(seller=tenant.seller).values_list("pk", "state", "answer", "skip_reason", "check_asked")
        ),
        sorted(Run.objects.filter(seller=tenant.seller).values_list("pk", "verb", "state")),
        sorted(tenant.seller.connections.values_list("pk", "state", "detail")),
        sorted(tenant.product.buyers.values_list("pk", "principal")),
        sorted(tenant.seller.memberships.values_list("pk", "role")),
        sorted(Invitation.objects.filter(seller=tenant.seller).values_list("pk", "accepted_at")),
        sorted(Draft.objects.filter(seller=tenant.seller).values_list("pk", "version", "finished_at")),
        tenant.seller.products.values_list("name", flat=True).get(),
    )
