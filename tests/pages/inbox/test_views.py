"""The inbox: one's own notices, paged, read and left unread; nothing of anybody else."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Notice, NoticeSetting
from sellers.models import Membership, Product, User
from tests import factories, submissions
from tests.factories import Tenant

pytestmark = pytest.mark.django_db


def notices(user: User, product: Product, number: int = 1, **fields: object) -> list[Notice]:
    """So many notices to the person, the newest last."""
    given = {"kind": "finished", "sentence": "It went well.", **fields}
    return Notice.objects.bulk_create(
        Notice(
            user=user,
            seller=product.seller,
            product=product,
            title=f"Run {index} has finished",
            cause=f"test.{index}.{Notice.objects.count()}",
            at=timezone.now(),
            **given,
        )
        for index in range(1, number + 1)
    )


def words(client: Client, url: str = "/inbox/", status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def test_the_newest_is_on_top_and_the_rest_is_on_further_pages(own: Tenant) -> None:
    notices(own.lead, own.product, 30)
    client = factories.signed_in(own.lead)
    first, second = words(client), words(client, "/inbox/?page=2")
    assert first.index("Run 30 has") < first.index("Run 29 has") < first.index("Run 6 has")
    assert "Run 5 has" not in first
    assert "Run 5 has" in second
    assert "Page 1 of 2, 30 notices" in first


def test_a_notice_leads_to_its_page_and_is_read_from_then_on(own: Tenant) -> None:
    factories.started(own.product)
    item = factories.item(own.product, "network", "eu-west-1")
    [one] = notices(own.lead, own.product, kind="failed", item_id=item.pk)
    client = factories.signed_in(own.lead)
    assert "Mark as read" in words(client)
    response = client.get(f"/inbox/{one.pk}/")
    assert response["Location"] == f"/items/{item.pk}/"
    assert client.get(response["Location"]).status_code == 200
    assert "Mark as read" not in words(client)
    assert "You have read everything." in words(client, "/inbox/?show=unread")


def test_each_kind_leads_where_its_reader_may_look(own: Tenant) -> None:
    product, rita = submissions.marketplace_product(own.seller), factories.reviewer()
    version, asked = submissions.sent(product), submissions.waits(product, "name_servers")
    item = factories.item(product, "submission")
    made: list[tuple[User, dict[str, Any]]] = [
        (own.lead, {"kind": "finished"}),
        (own.lead, {"kind": "turn", "item_id": asked.pk}),
        (own.lead, {"kind": "live", "item_id": item.pk, "submission_id": version.pk}),
        (own.lead, {"kind": "question", "item_id": item.pk, "submission_id": version.pk}),
        (own.lead, {"kind": "returned", "item_id": item.pk, "submission_id": version.pk}),
        (rita, {"kind": "arrived", "desk": True, "submission_id": version.pk}),
        (rita, {"kind": "arrived", "desk": True, "item_id": asked.pk}),
        (rita, {"kind": "answered", "desk": True, "item_id": item.pk, "submission_id": version.pk}),
    ]
    for user, fields in made:
        [one] = notices(user, product, **fields)
        response = factories.signed_in(user).get(f"/inbox/{one.pk}/", follow=True)
        assert (response.status_code, response.redirect_chain[0][1]) == (200, 302), fields


def test_one_is_marked_as_read_and_the_page_comes_back(own: Tenant) -> None:
    _, newer = notices(own.lead, own.product, 2)
    client = factories.signed_in(own.lead)
    response = client.post(f"/inbox/{newer.pk}/read/", {"next": "/inbox/?page=1"})
    assert response["Location"] == "/inbox/?page=1"
    assert list(Notice.objects.filter(read_at=None).values_list("title", flat=True)) == ["Run 1 has finished"]
    elsewhere = client.post(f"/inbox/{newer.pk}/read/", {"next": "https://evil.example/"})
    assert elsewhere["Location"] == "/inbox/"


def test_all_are_marked_as_read_but_those_that_came_after_the_page(own: Tenant) -> None:
    _, seen, later = notices(own.lead, own.product, 3)
    notices(own.engineer, own.product)
    client = factories.signed_in(own.lead)
    text = words(client)
    assert f'name="newest" value="{later.pk}"' in text
    response = client.post("/inbox/read/", {"newest": str(seen.pk)}, follow=True)
    assert "2 notices marked as read." in response.content.decode()
    assert list(Notice.objects.filter(user=own.lead, read_at=None)) == [later]
    assert Notice.objects.get(user=own.engineer).read_at is None


def test_nobody_sees_or_reads_what_another_was_told(own: Tenant, other: Tenant) -> None:
    [canary] = notices(other.lead, other.product, sentence="Canary word.")
    for user in (own.lead, other.engineer, factories.admin(), factories.reviewer()):
        client = factories.signed_in(user)
        assert "anary" not in words(client).replace("canary-corp.example", "")
        assert client.get(f"/inbox/{canary.pk}/").status_code == 404
        assert client.post(f"/inbox/{canary.pk}/read/").status_code == 404
        client.post("/inbox/read/", {"newest": str(canary.pk)})
    assert Notice.objects.get().read_at is None
    assert Client().get(f"/inbox/{canary.pk}/")["Location"].startswith("/accounts/login/")


def test_a_removed_member_and_a_former_reviewer_see_nothing_of_it_any_more(own: Tenant) -> None:
    rita = factories.reviewer()
    [hers] = notices(rita, own.product, desk=True, kind="arrived")
    [one] = notices(own.engineer, own.product)
    clients = {user.pk: factories.signed_in(user) for user in (rita, own.engineer)}
    Membership.objects.filter(user=own.engineer).delete()
    User.objects.filter(pk=rita.pk).update(platform_role="")
    for user, notice in ((rita, hers), (own.engineer, one)):
        assert "Nothing has happened yet" in words(clients[user.pk])
        assert clients[user.pk].get(f"/inbox/{notice.pk}/").status_code == 404


def test_a_thousand_cost_no_more_queries_than_one(own: Tenant) -> None:
    client = factories.signed_in(own.lead)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/inbox/").status_code == 200
        return len(queries)

    notices(own.lead, own.product)
    asked()
    few = asked()
    notices(own.lead, own.product, 999)
    assert asked() == few


def test_a_strange_page_is_a_page(own: Tenant) -> None:
    notices(own.lead, own.product, 30)
    client = factories.signed_in(own.lead)
    for page in ("0", "-1", "x", "9" * 5000, "\x00", "١", "1e9"):
        assert "has finished" in words(client, "/inbox/?" + urlencode({"page": page, "show": page}))


def test_a_strange_number_marks_nothing_and_is_a_sentence(own: Tenant) -> None:
    notices(own.lead, own.product)
    client = factories.signed_in(own.lead)
    for newest in ("", "-1", "x", str(2**63), "1e9", "\x00", "9" * 5000):
        response = client.post("/inbox/read/", {"newest": newest}, follow=True)
        assert "Nothing was marked as read" in response.content.decode()
    assert Notice.objects.get().read_at is None


def test_a_number_beyond_all_is_not_found(own: Tenant) -> None:
    client = factories.signed_in(own.lead)
    for number in (0, 2**63, 10**30):
        assert client.get(f"/inbox/{number}/").status_code == 404
        assert client.post(f"/inbox/{number}/read/").status_code == 404


def test_how_often_one_is_mailed_is_kept(own: Tenant) -> None:
    client = factories.signed_in(own.lead)
    assert 'value="now"\n                   checked' in words(client, "/inbox/settings/")
    assert "Saved." in client.post("/inbox/settings/", {"digest": "daily"}, follow=True).content.decode()
    assert 'value="daily"\n                   checked' in words(client, "/inbox/settings/")
    assert list(NoticeSetting.objects.values_list("user", "digest")) == [(own.lead.pk, "daily")]


def test_another_frequency_is_refused_in_a_sentence(own: Tenant) -> None:
    client = factories.signed_in(own.lead)
    for digest in ("", "weekly", "NOW", "now ", "<script>alert(1)</script>", "\x00", "x" * 70000):
        response = client.post("/inbox/settings/", {"digest": digest})
        text = html.unescape(response.content.decode())
        assert response.status_code == 422
        assert "Choose" in text
        assert "<script>alert" not in text
    assert not NoticeSetting.objects.exists()


def test_the_bell_counts_the_unread_with_one_query(own: Tenant, rf: RequestFactory) -> None:
    notices(own.lead, own.product, 3)
    with CaptureQueriesContext(connection) as queries:
        text = render_to_string("onboarding/inbox/bell.html", {"user": own.lead, "request": rf.get("/")})
    assert (len(queries), ">3<" in text) == (1, True)
    with CaptureQueriesContext(connection) as queries:
        nothing = render_to_string("onboarding/inbox/bell.html", {"user": AnonymousUser(), "request": rf.get("/")})
    assert (len(queries), nothing.strip()) == (0, "")
