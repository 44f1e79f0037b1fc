"""What every answer carries, and how sessions end."""

import io
import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config import logs
from config.middleware import POLICY
from sellers.models import User
from tests.sellers.conftest import World
from tests.sellers.values import NASTY

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/nothing/", "/static/app.css", "/healthz", "/products/", "/admin/"]
)
def test_every_answer_has_the_policy_and_an_id(people: World, as_user: SignIn, path: str) -> None:
    for client in (Client(), as_user(people.lead)):
        response = client.get(path)
        assert response["Content-Security-Policy"] == POLICY
        assert len(response["X-Request-ID"]) == 32
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in POLICY


def test_a_proxys_request_id_is_kept_if_it_is_one(db: None) -> None:
    good = Client().get("/healthz", headers={"X-Request-ID": "abc-12345678"})
    assert good["X-Request-ID"] == "abc-12345678"
    for value in ("short", "x" * 65, "a b c d e f g h", "<script>alert</script>"):
        assert Client().get("/healthz", headers={"X-Request-ID": value})["X-Request-ID"] != value


def test_health_needs_no_database(
    people: World, as_user: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_pages_behind_login_are_not_stored(people: World, as_user: SignIn) -> None:
    response = as_user(people.lead).get("/products/")
    assert response["Cache-Control"] == "no-store"
    assert "HX-Request" in response["Vary"]


def test_a_session_ends_idle_and_after_seven_days(people: World, as_user: SignIn) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        client = as_user(people.lead)
        assert client.get("/products/").status_code == 200
        clock.shift(timedelta(hours=8, minutes=1))
        assert client.get("/products/").status_code == 302
        client = as_user(people.lead)
        for _ in range(24):
            assert client.get("/products/").status_code == 200
            clock.shift(timedelta(hours=7))
        assert client.get("/products/").status_code == 302


def test_a_tab_that_polls_is_not_a_person(people: World, as_user: SignIn) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = as_user(people.lead)
        client.get("/products/")
        for _ in range(3):
            clock.shift(timedelta(hours=3))
            response = client.get("/products/", headers={"HX-Request": "true"})
        assert response.status_code == 204
        assert response["HX-Redirect"] == "/accounts/login/?next=%2F"


def test_a_signed_in_request_writes_the_session_once_in_five_minutes(
    people: World, as_user: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(people.lead)
    client.get("/healthz")
    client.get("/nothing/")
    with django_assert_num_queries(3):  # the session, the user, and how many notices are unread
        client.get("/nothing/")


def test_a_form_without_its_token_is_refused_in_words(people: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.lead)
    for path in ("/drafts/new/", "/connections/new/", "/members/invite/", "/accounts/login/", "/accounts/logout/"):
        response = client.post(path, {})
        assert response.status_code == 403, path
        assert b"out of date" in response.content


def test_a_crash_tells_nothing_and_a_log_line_is_one_line(
    people: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sellers.views import products

    def crash(*_: object) -> None:
        raise RuntimeError("arn:aws:iam::999999999999:role/secret")

    monkeypatch.setattr(products, "for_tenant", crash)
    client = as_user(people.lead)
    client.raise_request_exception = False
    response = client.get("/products/")
    assert response.status_code == 500
    assert b"our fault" in response.content
    assert b"secret" not in response.content
    assert response["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_any_value_becomes_one_line_of_json(value: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=logs.dict_config("INFO")["formatters"]["json"]["processors"])
    )
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.warning("seen %s", value)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["event"] == f"seen {value}"
