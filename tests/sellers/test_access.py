"""The matrix: every role, every action, every page; deny is the default."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sellers import people as people_module
from sellers.access import TABLE, Action, can, for_tenant, require, roles
from sellers.models import Membership, User
from sellers.urls import urlpatterns
from tests.sellers.conftest import World

SignIn = Callable[[User], Client]
LOOK = {"view_seller", "view_product", "view_connection"}
WORK = LOOK | {"create_product", "edit_product", "run_product", "answer", "connect"}
MAY = {
    "engineer": WORK,
    "lead": WORK | {"invite", "remove_member"},
    "admin": LOOK | {"invite", "remove_member", "create_seller", "invite_staff", "view_admin"},
    "reviewer": {"review"},
    "mallory": set(),
}


def _request(user: Any) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("action", Action)
def test_a_role_may_do_what_the_table_says_and_nothing_else(people: World, who: str, action: Action) -> None:
    user = getattr(people, who)
    for obj in (people.seller, people.product, people.connection, people.product.buyers.first()):
        assert can(user, action, obj) is (action in MAY[who]), obj


@pytest.mark.parametrize("action", Action)
def test_the_suspended_and_the_unknown_may_do_nothing(people: World, action: Action) -> None:
    for user in (people.lead, people.admin, people.reviewer):
        user.is_active = False
        user.save()
        assert not can(user, action, people.product)
        assert not can(user, action)
    assert not can(AnonymousUser(), action, people.product)


def test_nobody_decides_on_a_seller_of_their_own(people: World) -> None:
    assert can(people.reviewer, Action.REVIEW, people.product)
    Membership.objects.create(seller=people.seller, user=people.reviewer)
    assert not can(people.reviewer, Action.REVIEW, people.product)
    assert can(people.reviewer, Action.REVIEW, people.foreign)
    assert can(people.reviewer, Action.REVIEW)


def test_foreign_is_not_found_and_own_without_the_right_is_forbidden(people: World) -> None:
    with pytest.raises(Http404):
        require(_request(people.mallory), Action.VIEW_PRODUCT, people.product)
    with pytest.raises(PermissionDenied):
        require(_request(people.engineer), Action.INVITE, people.seller)
    with pytest.raises(PermissionDenied):
        require(_request(people.admin), Action.RUN_PRODUCT, people.product)
    require(_request(people.engineer), Action.RUN_PRODUCT, people.product)


def test_querysets_show_only_what_is_ones_own(people: World) -> None:
    names = ("sellers", "memberships", "connections", "products", "regions", "buyers", "invitations")
    people_module.invite("x@example.com", "engineer", people.seller, None)
    people_module.invite("y@example.com", "reviewer", None, None)
    for name in names:
        mine = set(getattr(for_tenant(_request(people.lead)), name)())
        theirs = set(getattr(for_tenant(_request(people.mallory)), name)())
        everything = set(getattr(for_tenant(_request(people.admin)), name)())
        assert not mine & theirs, name
        assert mine | theirs <= everything, name
        assert mine, name
        for nobody in (people.reviewer, AnonymousUser()):
            assert not getattr(for_tenant(_request(nobody)), name)(), name


def test_reviewers_alone_may_read_what_is_submitted(people: World) -> None:
    assert set(for_tenant(_request(people.reviewer)).reviewable()) >= {people.product, people.foreign}
    for user in (people.engineer, people.lead, people.admin, people.mallory, AnonymousUser()):
        assert not for_tenant(_request(user)).reviewable()


def test_who_may_not_decide_is_told_why(people: World) -> None:
    with pytest.raises(PermissionDenied, match="Only reviewers of Seller Operations decide"):
        require(_request(people.lead), Action.REVIEW, people.product)
    Membership.objects.create(seller=people.seller, user=people.reviewer)
    with pytest.raises(PermissionDenied, match="nobody decides on a seller of their own"):
        require(_request(people.reviewer), Action.REVIEW, people.product)


def test_one_query_brings_a_product_and_the_role(
    people: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tenant = for_tenant(_request(people.lead))
    with django_assert_num_queries(1):
        product = tenant.product(people.product.pk)
        assert can(people.lead, Action.INVITE, product)
        assert tenant.role(product) == "lead"
    assert roles(people.mallory, product) == set()
    with pytest.raises(Http404):
        for_tenant(_request(people.mallory)).product(people.product.pk)


def _paths(world: World) -> dict[str, str]:
    """Every named URL of the app, with the other seller's object in it."""
    invitation, _ = people_module.invite("z@example.com", "engineer", world.seller, None)
    member = Membership.objects.get(user=world.engineer)
    objects = {
        "connection": world.connection.pk,
        "connection_remove": world.connection.pk,
        "buyer_remove": world.product.buyers.all()[0].pk,
        "member": member.pk,
        "withdraw": invitation.pk,
    }
    found = {}
    for pattern in urlpatterns:
        name = str(pattern.name)
        if name == "invitation":
            found[name] = reverse("sellers:invitation", args=["unknown"])
        elif "<uuid:pk>" in str(pattern.pattern):
            found[name] = reverse(f"sellers:{name}", args=[objects.get(name, world.product.pk)])
        else:
            found[name] = reverse(f"sellers:{name}")
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_every_url_of_another_seller_answers_not_found(
    people: World, as_user: SignIn, method: str, headers: dict[str, str]
) -> None:
    before = list(people.seller.connections.values()), list(people.product.buyers.values())
    for user in (people.mallory, people.reviewer):
        client = as_user(user)
        for name, path in _paths(people).items():
            response = getattr(client, method)(path, headers=headers)
            if str(path).count("-") >= 4 or name == "invitation":
                assert response.status_code in {404, 405}, (name, response.status_code)
            assert b"Example Analytics" not in response.content, name
    assert before == (list(people.seller.connections.values()), list(people.product.buyers.values()))


def test_a_url_of_nothing_answers_like_a_foreign_one(people: World, as_user: SignIn) -> None:
    client = as_user(people.mallory)
    foreign = client.get(reverse("sellers:product", args=[people.product.pk]))
    nothing = client.get(reverse("sellers:product", args=[uuid4()]))
    assert foreign.status_code == nothing.status_code == 404
    same = [page.content.replace(page.wsgi_request.path.encode(), b"") for page in (foreign, nothing)]
    assert len(same[0]) == len(same[1])


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_every_url_but_the_invitation_asks_for_sign_in(people: World, headers: dict[str, str]) -> None:
    for name, path in _paths(people).items():
        for method in ("get", "post"):
            response = getattr(Client(), method)(path, headers=headers)
            if name == "invitation":
                assert response.status_code == 404
            elif response.status_code != 405:
                expected = 204 if headers else 302
                assert response.status_code == expected, name
                to = response["HX-Redirect"] if headers else response["Location"]
                assert to.startswith("/accounts/login/?next="), name


def test_a_suspended_person_is_out_at_the_next_request(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    assert client.get("/products/").status_code == 200
    User.objects.filter(pk=people.lead.pk).update(is_active=False)
    assert client.get("/products/").status_code == 302


def test_a_removed_member_sees_nothing_at_the_next_request(people: World, as_user: SignIn) -> None:
    client = as_user(people.engineer)
    path = reverse("sellers:product", args=[people.product.pk])
    assert client.get(path).status_code == 200
    Membership.objects.filter(user=people.engineer).delete()
    assert client.get(path).status_code == 404


def test_every_role_of_the_table_is_a_role(people: World) -> None:
    assert set(TABLE) == {"engineer", "lead", "admin", "reviewer"}


def test_django_admin_shows_and_changes_nothing(people: World, as_user: SignIn) -> None:
    client = as_user(people.admin)
    for model in ("user", "seller", "membership", "invitation", "connection", "product", "productregion", "buyer"):
        assert client.get(f"/admin/sellers/{model}/").status_code == 200, model
        assert client.get(f"/admin/sellers/{model}/add/").status_code == 403, model
    path = f"/admin/sellers/seller/{people.seller.pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"name": "x"}).status_code == 403
    assert client.post(f"/admin/sellers/seller/{people.seller.pk}/delete/", {"post": "yes"}).status_code == 403
    assert b"md5$" not in client.get(f"/admin/sellers/user/{people.lead.pk}/change/").content
    for user in (people.lead, people.reviewer):
        assert as_user(user).get("/admin/sellers/seller/").status_code == 302
