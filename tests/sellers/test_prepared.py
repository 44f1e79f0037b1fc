"""A prepared query gives what the query itself gives, models with their relations and annotations included."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from sellers.models import Membership, Product, User
from sellers.prepared import Prepared, PreparedModels
from tests import factories

pytestmark = pytest.mark.django_db
WITH = ("seller", "progress", "service_connection")


def test_models_come_with_their_relations_and_annotations_in_one_query() -> None:
    tenant = factories.tenant()
    bare = factories.product(tenant.seller, name="Bare")  # no run: no row of its progress
    factories.started(tenant.product)
    held = PreparedModels(
        lambda pk: Product.objects.filter(pk=pk).select_related(*WITH).annotate(title=F("name")), UUID
    )
    for wanted in (tenant.product, bare):
        with CaptureQueriesContext(connection) as queries:
            (found,) = held(wanted.pk)
            seller, connected, progress = found.seller, found.service_connection, getattr(found, "progress", None)
        plain = Product.objects.select_related(*WITH).get(pk=wanted.pk)
        fields = [field.attname for field in Product._meta.concrete_fields]
        assert len(queries) == 1
        assert [getattr(found, name) for name in fields] == [getattr(plain, name) for name in fields]
        assert (seller, connected, progress) == (
            plain.seller,
            plain.service_connection,
            getattr(plain, "progress", None),
        )
        assert (vars(found)["title"], found._state.adding, found._state.db) == (wanted.name, False, "default")
    assert held(uuid4()) == []


def test_a_model_is_saved_as_any_other() -> None:
    user = factories.person("mara@example.com")
    (found,) = PreparedModels(lambda pk: User.objects.filter(pk=pk), UUID)(user.pk)
    found.name = "Mara Muster"
    found.save()
    user.refresh_from_db()
    assert user.name == "Mara Muster"


def test_a_value_may_stand_in_several_places_and_each_must_stand_in_one() -> None:
    tenant = factories.tenant()
    twice = Prepared(
        lambda user: Membership.objects.filter(user=user, seller__memberships__user=user).values_list("role"), UUID
    )
    assert twice(tenant.lead.pk) == [("lead",)]
    assert twice(tenant.engineer.pk) == [("engineer",)]
    with pytest.raises(LookupError, match="Not every value"):
        Prepared(lambda pk, _: User.objects.filter(pk=pk).values_list("email"), UUID, str)(tenant.lead.pk, "x")
