"""A page that is sent after the session has ended: it waits for who signs in, and overwrites nobody."""

from __future__ import annotations

from typing import Any

from onboarding.pages.wizard import signed_out
from onboarding.pages.wizard.actions import RESUMED
from tests import factories
from tests.factories import Tenant
from tests.pages.wizard.conftest import Desk, colleague

NAME, PRIVATE = "product.name", "product.private_dns_name"


def back(desk: Desk, page: str = "names") -> Any:
    """Sign in again in the same browser, and open the page."""
    desk.client.force_login(desk.user)
    return desk.client.get(desk.url(page))


def test_what_was_sent_without_a_session_is_saved_after_signing_in(full: Desk) -> None:
    full.client.logout()
    sent = full.post("names", product__name="Typed late")
    assert sent["Location"].startswith("/accounts/login/?next=")
    assert full.data[NAME] == "Second product"
    page = back(full)
    assert page.context["told"] == RESUMED
    assert full.data[NAME] == "Typed late"
    assert full.client.get(full.url("names")).context["told"] == ""


def test_the_drafts_link_leads_to_the_page_that_waits(full: Desk) -> None:
    full.client.logout()
    full.post("names", product__name="Typed late")
    full.client.force_login(full.user)
    assert full.client.get(f"/drafts/{full.draft.pk}/")["Location"] == full.url("names")


def test_a_colleagues_change_meanwhile_is_shown_beside_it(full: Desk, own: Tenant) -> None:
    read_at = full.version
    full.client.logout()
    full.post("names", read_at, product__name="Mine")
    colleague(full, own).save("names", NAME, "Theirs")
    page = back(full).content.decode()
    assert full.data[NAME] == "Theirs"
    assert 'value="Theirs"' in page
    assert 'value="Mine"' in page


def test_nothing_waits_of_a_draft_that_is_none_or_of_too_much(full: Desk) -> None:
    full.client.logout()
    full.client.post("/drafts/00000000-0000-4000-8000-000000000000/names/", {NAME: "x"})
    full.post("names", product__name="x" * (signed_out.LARGEST + 1))
    full.post("nothing", product__name="x")
    assert signed_out.KEY not in full.client.session


def test_somebody_of_another_seller_saves_nothing_of_it(full: Desk) -> None:
    other = factories.tenant("other-seller", "333333333333", proven=False)
    full.client.logout()
    full.post("names", product__name="Typed late")
    full.client.force_login(other.engineer)
    assert full.client.get(full.url("names")).status_code == 404
    assert full.data[NAME] == "Second product"


def test_back_saves_and_goes_a_page_back(full: Desk) -> None:
    response = full.post("access", connections__dns="", do="back")
    assert response["Location"] == full.url("names")
    assert full.data["connections.dns"] == ""
    assert full.post("names", product__name="", do="back")["Location"] == full.url("names")
