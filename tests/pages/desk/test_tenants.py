"""The review desk's URLs against everybody: reviewers of other sellers decide, and nobody else (SEC1, SEC5)."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Item, Remark, Run, Submission
from sellers.models import Membership, User
from sellers.models.choices import PlatformRole, Role
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.test_tenants import METHODS, OF_THE_DESK, ask

Cells = dict[tuple[str, str], int]


def objects(tenant: Tenant) -> dict[str, UUID]:
    """One object for each URL of the desk, all of one seller: a sent version, a question, a request."""
    product = submissions.marketplace_product(tenant.seller, account=tenant.product.service_connection.account_id)  # type: ignore[union-attr]
    version = submissions.sent(product)
    question = version.remarks.create(kind="question", text="Whose name is it?", at=timezone.now())
    request = submissions.waits(product, "name_servers")
    named = {name: version.pk for name in OF_THE_DESK if name != "onboarding:desk"}
    return {**named, "onboarding:desk_names": request.pk, "onboarding:question_answer": question.pk}


def cells(client: Client, of: dict[str, UUID], methods: tuple[str, ...] = METHODS) -> Cells:
    found = {
        (name, method): ask(client, method, reverse(name, args=[pk])) for name, pk in of.items() for method in methods
    }
    return {cell: status for cell, status in found.items() if status != 405}


def statuses(found: Cells) -> set[int]:
    return set(found.values())


def dump() -> object:
    return (
        sorted(Submission.objects.values_list("pk", "state", "reason")),
        sorted(Remark.objects.values_list("pk", "kind", "text", "answered")),
        sorted(Item.objects.values_list("pk", "state", "check_asked")),
        sorted(Run.objects.values_list("pk", "verb", "state")),
    )


@pytest.mark.parametrize("role", ["engineer", "lead"])
def test_of_a_foreign_seller_nothing_is_found(own: Tenant, other: Tenant, role: str) -> None:
    of = objects(other)
    before = dump()
    found = cells(factories.signed_in(getattr(own, role)), of)
    assert statuses(found) == {404}
    assert {name for name, _ in found} == set(of)
    assert dump() == before


@pytest.mark.parametrize("role", ["engineer", "lead"])
def test_a_sellers_people_do_not_decide_on_their_own(own: Tenant, role: str) -> None:
    of = objects(own)
    before = dump()
    answers = of.pop("onboarding:question_answer")
    client = factories.signed_in(getattr(own, role))
    assert statuses(cells(client, of)) == {403}
    assert statuses(cells(client, {"onboarding:question_answer": answers}, ("POST", "HX POST"))) == {422}
    assert dump() == before


def test_an_administrator_does_not_decide(own: Tenant) -> None:
    of = objects(own)
    before = dump()
    assert statuses(cells(factories.signed_in(factories.admin()), of)) == {403}
    assert dump() == before


def test_a_reviewer_of_this_seller_does_not_decide(own: Tenant) -> None:
    of, rita = objects(own), factories.reviewer()
    Membership.objects.create(seller=own.seller, user=rita, role=Role.ENGINEER)
    of.pop("onboarding:question_answer")  # a member answers
    before = dump()
    assert statuses(cells(factories.signed_in(rita), of)) == {403}
    assert dump() == before


def test_a_reviewer_of_another_seller_opens_all_of_it(own: Tenant, other: Tenant) -> None:
    of, rita = objects(own), factories.reviewer()
    Membership.objects.create(seller=other.seller, user=rita, role=Role.LEAD)
    found = cells(factories.signed_in(rita), of, ("GET", "HX GET"))
    assert statuses(found) == {200}
    assert {name for name, _ in found} == {"onboarding:desk_package", "onboarding:desk_live", "onboarding:desk_names"}


def test_what_was_not_sent_is_not_found_by_a_reviewer(own: Tenant) -> None:
    of = objects(own)
    Submission.objects.update(state="frozen", sent_at=None)
    Item.objects.filter(slug="name_servers").update(state="todo", waiting_for="")
    found = cells(factories.signed_in(factories.reviewer()), of)
    assert statuses(found) == {404}


def test_who_has_not_signed_in_or_is_suspended_is_sent_to_sign_in(own: Tenant) -> None:
    of, rita = objects(own), factories.reviewer()
    client = factories.signed_in(rita)
    User.objects.filter(pk=rita.pk).update(is_active=False)
    before = dump()
    for who in (Client(), client):
        assert statuses(cells(who, of)) <= {302, 204}
    assert dump() == before


def test_who_is_no_reviewer_any_more_decides_nothing_at_the_next_request(own: Tenant) -> None:
    of, rita = objects(own), factories.reviewer()
    client = factories.signed_in(rita)
    User.objects.filter(pk=rita.pk).update(platform_role=PlatformRole.NONE)
    assert statuses(cells(client, of)) == {404}


def test_a_post_without_its_token_is_refused(own: Tenant) -> None:
    of, client = objects(own), Client(enforce_csrf_checks=True)
    client.force_login(factories.reviewer())
    before = dump()
    assert statuses(cells(client, of, ("POST", "HX POST"))) == {403}
    assert dump() == before


def test_looking_at_the_desk_changes_nothing(own: Tenant) -> None:
    of = objects(own)
    client = factories.signed_in(factories.reviewer())
    before = dump()
    client.get(reverse("onboarding:desk"))
    cells(client, of, ("GET", "HX GET"))
    assert dump() == before
