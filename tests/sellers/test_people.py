"""Invitations, sign-in, members: how people come and go."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sellers import people as people_module
from sellers.models import Invitation, Membership, Seller, User
from tests.sellers.conftest import PASSWORD, World
from tests.sellers.values import NASTY

SignIn = Callable[[User], Client]


def _invite(client: Client, **data: str) -> str:
    """Send the form; the path of the mailed link."""
    response = client.post("/members/invite/", data)
    assert response.status_code == 302, response.content.decode()
    found = re.search(r"http://localhost:\d+(/invitation/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_lead_invites_and_the_person_joins_by_the_mailed_link(people: World, as_user: SignIn) -> None:
    path = _invite(as_user(people.lead), email="New@Example.com", seller=str(people.seller.pk), role="engineer")
    assert mail.outbox[-1].to == ["new@example.com"]
    assert "Example Analytics" in str(mail.outbox[-1].body)
    client = Client()
    assert b"new@example.com" in client.get(path).content
    response = client.post(path, {"name": "New Person", "password": PASSWORD + "!"})
    assert response.status_code == 302
    assert client.get("/products/").status_code == 200
    membership = Membership.objects.get(user__email="new@example.com")
    assert (membership.seller, membership.role) == (people.seller, "engineer")
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("password", ["short", "qwertyuiop123", "new@example.com", "12345678901234567890", ""])
def test_a_weak_password_is_refused_in_words(people: World, as_user: SignIn, password: str) -> None:
    path = _invite(as_user(people.lead), email="new@example.com", seller=str(people.seller.pk), role="engineer")
    response = Client().post(path, {"name": "New Person", "password": password})
    assert response.status_code == 422
    assert "New Person" in response.content.decode()
    assert not User.objects.filter(email="new@example.com").exists()


def test_somebody_known_joins_with_the_account_they_have(people: World, as_user: SignIn) -> None:
    path = _invite(as_user(people.lead), email=people.mallory.email, seller=str(people.seller.pk), role="engineer")
    assert b"Sign in" in Client().get(path).content
    assert Client().post(path, {"name": "x", "password": PASSWORD}).status_code == 200
    other = as_user(people.engineer)
    assert other.post(path).status_code == 422
    assert as_user(people.mallory).post(path).status_code == 302
    assert Membership.objects.filter(user=people.mallory).count() == 2
    people.mallory.refresh_from_db()
    assert people.mallory.check_password(PASSWORD)


def test_a_link_ends_after_seven_days_and_with_a_newer_one(people: World) -> None:
    _, first = people_module.invite("new@example.com", "engineer", people.seller, people.lead)
    _, second = people_module.invite("new@example.com", "lead", people.seller, people.lead)
    assert Client().get(first.partition(":8000")[2]).status_code == 404
    path = second.partition(":8000")[2]
    assert Client().get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert Client().get(path).status_code == 404
    assert Invitation.objects.count() == 1


def test_the_database_alone_opens_no_invitation(people: World) -> None:
    invitation, link = people_module.invite("new@example.com", "engineer", people.seller, people.lead)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert len(token) >= 43
    assert Client().get(f"/invitation/{invitation.token_hash}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "seller", "role", "status"),
    [
        ("lead", "seller", "lead", 302),
        ("lead", "other", "engineer", 422),
        ("lead", "staff", "admin", 422),
        ("lead", "seller", "admin", 422),
        ("engineer", "seller", "engineer", 403),
        ("reviewer", "seller", "engineer", 403),
        ("admin", "seller", "lead", 302),
        ("admin", "staff", "reviewer", 302),
        ("admin", "staff", "lead", 422),
        ("admin", "seller", "reviewer", 422),
    ],
)
def test_who_may_invite_whom(people: World, as_user: SignIn, who: str, seller: str, role: str, status: int) -> None:
    where = "staff" if seller == "staff" else str(getattr(people, seller).pk)
    data = {"email": "new@example.com", "seller": where, "role": role}
    assert as_user(getattr(people, who)).post("/members/invite/", data).status_code == status
    assert Invitation.objects.count() == (1 if status == 302 else 0)


def test_staff_joins_the_platform(people: World) -> None:
    _, link = people_module.invite("rev@example.com", "reviewer", None, people.admin)
    Client().post(link.partition(":8000")[2], {"name": "Rev", "password": PASSWORD})
    assert User.objects.get(email="rev@example.com").platform_role == "reviewer"


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_nasty_values_in_the_invitation_form_reach_nobody(people: World, as_user: SignIn, value: str) -> None:
    client = as_user(people.lead)
    good = {"email": "new@example.com", "seller": str(people.seller.pk), "role": "engineer"}
    for name in good:
        response = client.post("/members/invite/", {**good, name: value})
        assert response.status_code == 422, name
    assert not mail.outbox


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_a_nasty_name_is_refused_or_escaped(people: World, value: str) -> None:
    _, link = people_module.invite("new@example.com", "engineer", people.seller, people.lead)
    client = Client()
    response = client.post(link.partition(":8000")[2], {"name": value, "password": PASSWORD})
    assert response.status_code in {302, 422}
    page = client.get("/members/").content.decode() if response.status_code == 302 else response.content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


@pytest.mark.network
def test_a_mail_server_that_is_away_is_said(people: World, as_user: SignIn, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    data = {"email": "new@example.com", "seller": str(people.seller.pk), "role": "engineer"}
    response = as_user(people.lead).post("/members/invite/", data, follow=True)
    assert b"refused the message" in response.content
    assert Invitation.objects.count() == 1


def _confirmed(client: Client, path: str, data: dict[str, str]) -> None:
    """Send a form that asks for the password again, and give it."""
    response = client.post(path, data)
    assert response.status_code == 302
    if "/reauthenticate/" in response["Location"]:
        response = client.post(response["Location"], {"password": PASSWORD})
    assert response.status_code == 302


def test_roles_change_after_the_password_and_one_lead_stays(people: World, as_user: SignIn) -> None:
    client = as_user(people.lead)
    bob = Membership.objects.get(user=people.engineer)
    alice = Membership.objects.get(user=people.lead)
    first = client.post(f"/members/{bob.pk}/", {"do": "lead"})
    assert "/reauthenticate/" in first["Location"]
    bob.refresh_from_db()
    assert bob.role == "engineer"
    _confirmed(client, f"/members/{bob.pk}/", {"do": "lead"})
    bob.refresh_from_db()
    assert bob.role == "lead"
    _confirmed(client, f"/members/{alice.pk}/", {"do": "engineer"})
    alice.refresh_from_db()
    assert alice.role == "engineer"
    client = as_user(people.engineer)
    for wish in ("remove", "engineer"):
        _confirmed(client, f"/members/{bob.pk}/", {"do": wish})
        assert b"only lead" in client.get("/members/").content
    _confirmed(client, f"/members/{alice.pk}/", {"do": "remove"})
    assert not Membership.objects.filter(user=people.lead).exists()


def test_an_invitation_is_withdrawn(people: World, as_user: SignIn) -> None:
    invitation, link = people_module.invite("new@example.com", "engineer", people.seller, people.lead)
    assert as_user(people.engineer).post(f"/members/invitations/{invitation.pk}/withdraw/").status_code == 403
    as_user(people.lead).post(f"/members/invitations/{invitation.pk}/withdraw/")
    assert Client().get(link.partition(":8000")[2]).status_code == 404


def test_the_command_invites_the_first_people(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite", "a@example.com", "--seller", "new-corp", "--create-seller", "New Corp")
    assert "/invitation/" in capsys.readouterr().out
    assert Invitation.objects.get().role == "lead"
    assert Seller.objects.get().name == "New Corp"
    call_command("invite", "b@example.com", "--staff", "reviewer")
    assert Invitation.objects.get(email="b@example.com").seller is None
    for arguments in (
        ["nonsense", "--staff", "admin"],
        ["c@example.com", "--seller", "unknown"],
        ["c@example.com", "--seller", "Bad Slug", "--create-seller", "x"],
    ):
        with pytest.raises(CommandError):
            call_command("invite", *arguments)


def test_createsuperuser_makes_an_administrator(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", "--email", "root@example.com")
    assert User.objects.get().platform_role == "admin"
    assert Client().post("/accounts/login/", {"login": "root@example.com", "password": PASSWORD}).status_code == 302
