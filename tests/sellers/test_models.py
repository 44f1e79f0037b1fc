"""Invariants that the database or the models keep, whoever writes."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from sellers.models import Buyer, Connection, Invitation, Membership, Product, ProductRegion, Seller, User
from sellers.models.connection import new_external_id
from tests.sellers.conftest import World

ROLE = "arn:aws:iam::777777777777:role/new"


def test_an_external_id_is_ours_random_and_once(people: World) -> None:
    one = Connection.objects.create(seller=people.seller, role_arn=ROLE)
    two = Connection.objects.create(seller=people.other, role_arn=ROLE)
    assert one.external_id != two.external_id
    assert all(re.fullmatch(r"[0-9a-f]{32}", row.external_id) for row in (one, two))
    assert one.account_id == "777777777777"
    gone = one.external_id
    one.delete()
    assert Connection.objects.create(seller=people.seller, role_arn=ROLE).external_id != gone
    assert len({new_external_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(("name", "value"), [("external_id", "0" * 32), ("role_arn", ROLE), ("seller_id", None)])
def test_a_connection_never_changes_its_role_or_external_id(people: World, name: str, value: str | None) -> None:
    connection = people.connection
    stored = getattr(connection, name)
    setattr(connection, name, value or people.other.pk)
    with pytest.raises(ValidationError, match="never changed"):
        connection.save()
    with pytest.raises(ValidationError, match="never changed"):
        Connection.objects.filter(pk=connection.pk).update(**{name: value or people.other.pk})
    assert getattr(Connection.objects.get(pk=connection.pk), name) == stored


def test_a_connection_keeps_what_a_test_found(people: World) -> None:
    connection = people.connection
    connection.state, connection.detail = "refused", "The role is open."
    connection.save(update_fields=["state", "detail"])
    connection.refresh_from_db()
    assert not connection.is_proven
    assert connection.detail == "The role is open."


def refused(query: models.QuerySet[models.Model], **values: object) -> None:
    """The database does not take these values."""
    with pytest.raises(IntegrityError), transaction.atomic():
        query.update(**values)


def test_the_database_refuses_words_that_do_not_exist(people: World) -> None:
    products = Product.objects.filter(pk=people.product.pk)
    for name in ("profile", "listener_protocol", "health_check_protocol"):
        refused(products, **{name: "x"})
    for name in ("listener_port", "target_port"):
        refused(products, **{name: 0})
        refused(products, **{name: 65536})
    refused(products, dns_by_hand=True, dns_connection=people.connection)
    refused(Membership.objects.all(), role="owner")
    refused(User.objects.all(), platform_role="root")
    refused(Connection.objects.all(), state="maybe")


def test_the_database_refuses_things_twice(people: World) -> None:
    for row in (
        ProductRegion(product=people.product, region="us-east-1"),
        Buyer(product=people.product, principal="arn:aws:iam::333333333333:root"),
        Connection(seller=people.seller, role_arn=people.connection.role_arn),
        Membership(seller=people.seller, user=people.lead),
        Seller(slug="other-corp", name="x"),
        User(email="ALICE@example.com"),
        Product(seller=people.seller, slug="x", name=people.product.name),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_an_invitation_to_a_seller_cannot_make_an_administrator(people: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(seller=people.seller, email="x@example.com", role="admin", token_hash="x")


def test_certificates_and_dns_fall_back_to_the_service(people: World) -> None:
    product = people.product
    assert product.certificates is not None
    assert product.certificates.role_arn.endswith("certificates")
    assert product.dns is None
    product.certificates_connection, product.dns_by_hand = None, False
    assert product.certificates == product.dns == product.service_connection


def test_nothing_can_hold_a_key(people: World) -> None:
    columns = {field.name for model in (Connection, Product, Seller) for field in model._meta.get_fields()}
    assert not [name for name in columns if re.search("secret|key|token|password", name)]


def test_a_superuser_opens_django_admin_and_signs_in_by_address(db: None) -> None:
    user = User.objects.create_superuser("Root@Example.com", "x")
    assert (user.email, user.is_staff, user.has_perm("sellers.view_user")) == ("root@example.com", True, True)
    assert User.objects.get_by_natural_key("ROOT@example.com") == user
    user.is_active = False
    assert not user.is_staff
