"""The estimate: what is created costs its list price, the nearest there is, and what is not known is named."""

from __future__ import annotations

import importlib
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from onboarding.models import Price
from onboarding.plan.durations import longest
from onboarding.plan.prices import cost, dollars
from onboarding.plan.rows import Row, Sign
from tests import factories


@pytest.fixture(autouse=True)
def _seeded(db: None) -> None:
    """The first prices, also where a test before has emptied the tables."""
    if not Price.objects.exists():
        importlib.import_module("onboarding.migrations._prices").seed(apps, None)


def row(kind: str, sign: Sign = Sign.CREATE, region: str = "us-east-1", **values: object) -> Row:
    return Row(slug="x", region=region, sign=sign, kind=kind, words=kind, name=kind, values=values)


def test_hours_are_of_a_month_and_the_regions_own_price_comes_first() -> None:
    rows = [row("load_balancer"), row("load_balancer", region="eu-west-1"), row("load_balancer", region="sa-east-1")]
    found = cost(rows)
    assert found.of == {0: Decimal("16.425"), 1: Decimal("18.396"), 2: Decimal("16.425")}
    assert found.total == Decimal("51.246")


def test_an_instance_costs_its_type_and_its_volume() -> None:
    found = cost([row("instance", instance_type="t3.micro")])
    assert found.total == Decimal("0.0104") * 730 + Decimal("0.64")
    assert len(found.sources) == 2


def test_only_what_is_created_is_counted() -> None:
    rows = [row("load_balancer", sign) for sign in (Sign.REUSE, Sign.CHANGE, Sign.DELETE, Sign.BY_HAND)]
    assert cost(rows).total == 0


def test_a_type_without_a_price_is_named_and_not_guessed() -> None:
    found = cost([row("instance", instance_type="m7i.large"), row("vpc")])
    assert found.unknown == ["m7i.large"]
    assert found.total == Decimal("0.64")


def test_what_hangs_on_use_is_named_and_not_counted() -> None:
    found = cost([row("load_balancer"), row("endpoint")])
    assert found.total == Decimal("16.425")
    assert [note.usd for note in found.notes] == ["0.006", "0.01"]


def test_the_estimate_is_as_old_as_its_oldest_price() -> None:
    Price.objects.filter(service="load_balancer").update(as_of=date(2026, 1, 1))
    assert cost([row("load_balancer")]).oldest == date(2026, 1, 1)
    assert cost([row("load_balancer"), row("instance")]).oldest == date(2025, 1, 1)


def test_without_any_price_the_cost_is_not_known() -> None:
    Price.objects.all().delete()
    found = cost([row("load_balancer"), row("instance", instance_type="t3.micro")])
    assert (found.total, found.of, list(found.unknown)) == (None, {}, [])


@pytest.mark.parametrize(("usd", "words"), [(None, "not known"), ("0", "$0"), ("0.64", "$0.64"), ("1480.5", "$1,480")])
def test_dollars_in_words(usd: str | None, words: str) -> None:
    assert dollars(None if usd is None else Decimal(usd)) == words


def test_a_price_is_never_negative() -> None:
    price = Price(
        service="x", words="X", unit="hour", usd=Decimal(-1), source="https://example.com", as_of="2026-01-01"
    )
    with pytest.raises(ValidationError):
        price.full_clean()
    with pytest.raises(IntegrityError):
        price.save()


def test_an_administrator_edits_a_price_and_nobody_else_does() -> None:
    price = Price.objects.get(service="instance:t3.micro", region="")
    url = f"/admin/onboarding/price/{price.pk}/change/"
    form = {
        "service": price.service,
        "words": price.words,
        "unit": "hour",
        "region": "",
        "usd": "0.02",
        "source": price.source,
        "as_of": "2026-11-01",
    }
    factories.signed_in(factories.reviewer()).post(url, form)
    assert Price.objects.get(pk=price.pk).usd == price.usd
    factories.signed_in(factories.admin()).post(url, form)
    assert Price.objects.get(pk=price.pk).usd == Decimal("0.02")


def test_minutes_follow_the_longest_chain_of_the_steps_that_run() -> None:
    assert longest({"network": 40.0, "load_balancer": 180.0}) == 220
    assert longest({"network": 40.0, "targets": 60.0, "load_balancer": 180.0, "listener": 5.0}) == 225
    assert longest({"targets": 60.0}) == 60
    assert longest({}) is None
