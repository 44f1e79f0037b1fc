"""Sign-in: closed to strangers, throttled, and the same words for everybody."""

import re

from django.core import mail
from django.test import Client

from sellers.models import User
from tests.sellers.conftest import PASSWORD, World


def test_nobody_signs_up_without_an_invitation(people: World) -> None:
    data = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    response = Client().post("/accounts/signup/", data)
    assert b"By invitation" in response.content
    assert not User.objects.filter(email="new@example.com").exists()


def test_sign_in_changes_the_session_key_and_logout_ends_it(people: World) -> None:
    client = Client()
    client.cookies["session"] = "planted" + "0" * 25
    response = client.post("/accounts/login/", {"login": "ALICE@example.com", "password": PASSWORD})
    assert response.status_code == 302
    key = client.cookies["session"].value
    assert not key.startswith("planted")
    assert client.get("/products/").status_code == 200
    client.post("/accounts/logout/")
    stolen = Client()
    stolen.cookies["session"] = key
    assert stolen.get("/products/").status_code == 302


def test_signing_in_is_throttled_and_says_the_same_of_everybody(people: World) -> None:
    words = set()
    for address in ("alice@example.com", "nobody@example.com"):
        response = Client().post("/accounts/login/", {"login": address, "password": "wrong"})
        words.add(re.sub(r'value="[^"]*"|"X-CSRFToken": "\w+"', "", response.content.decode()))
    assert len(words) == 1
    for _ in range(20):
        Client().post("/accounts/login/", {"login": "alice@example.com", "password": "wrong"})
    response = Client().post(
        "/accounts/login/", {"login": "alice@example.com", "password": PASSWORD}, headers={"X-Forwarded-For": "9.9.9.9"}
    )
    assert response.status_code != 302


def test_a_reset_link_is_mailed_to_the_known_only_and_works_once(people: World) -> None:
    pages = [
        Client().post("/accounts/password/reset/", {"email": address}, follow=True).content
        for address in ("alice@example.com", "nobody@example.com")
    ]
    assert b"/login/" not in pages[0][:0]
    assert [message.to for message in mail.outbox if "/password/reset/key/" in str(message.body)] == [
        ["alice@example.com"]
    ]
    found = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert found
    client = Client()
    form = client.get(found[0], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another long sentence", "password2": "another long sentence"})
    people.lead.refresh_from_db()
    assert people.lead.check_password("another long sentence")
    assert b"invalid" in Client().get(found[0], follow=True).content


def test_redirects_after_sign_in_stay_here(people: World) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "\thttps://evil.example",
    ):
        response = Client().post(
            "/accounts/login/", {"login": "alice@example.com", "password": PASSWORD, "next": target}
        )
        assert response.status_code == 302
        assert "evil" not in response["Location"]
        assert "javascript" not in response["Location"]
