"""Questions, answers and notes: nothing typed is lost, nothing private is shown."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.models import Remark, Submission
from sellers.models import User
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.desk.browser import order, post, words


def test_the_whole_conversation_and_decision(version: Submission, own: Tenant, desk: Client, rita: User) -> None:
    url, engineer = f"/desk/{version.pk}/", factories.signed_in(own.engineer)
    submissions.waits(version.product, "go_live")
    assert "You have taken up version 1." in post(desk, f"{url}acknowledge/")
    assert "The clock pauses" in post(desk, f"{url}ask/", line="S28", text="Whose name is it?")
    assert "1 question is open." in words(desk, url)
    question = Remark.objects.get()
    seen = words(engineer, f"/products/{version.product_id}/remarks/")
    assert "Whose name is it?" in seen
    assert f'action="/desk/questions/{question.pk}/answer/"' in seen
    response = engineer.post(f"/desk/questions/{question.pk}/answer/", {"text": "It is ours."})
    assert response["Location"] == f"/products/{version.product_id}/submission/"
    assert "It is ours." in words(desk, url)
    assert "is confirmed." in post(desk, f"{url}confirm/")
    assert "Confirmed live by" in words(desk, url)
    assert order(desk, show="live") == [version.product.name]


def test_a_return_is_shown_at_its_line_to_both(version: Submission, own: Tenant, desk: Client) -> None:
    post(desk, f"/desk/{version.pk}/return/", text="S27: the service is gone.\n\nCall us.")
    text = words(desk, f"/desk/{version.pk}/")
    line = re.search(r'id="line-S27".*?id="line-', text, re.S)
    assert line
    assert "the service is gone." in line[0]
    assert "It was returned; the seller has the turn." in text
    seen = words(factories.signed_in(own.lead), f"/products/{version.product_id}/remarks/")
    assert "the service is gone." in seen
    assert "Call us." in seen


def test_a_private_note_is_for_reviewers_alone(version: Submission, own: Tenant, desk: Client) -> None:
    assert "only reviewers read it" in post(desk, f"/desk/{version.pk}/note/", text="They sounded unsure.")
    assert "They sounded unsure." in words(desk, f"/desk/{version.pk}/")
    for user in (own.engineer, own.lead, factories.admin()):
        for page in ("remarks/", "run/"):
            text = words(factories.signed_in(user), f"/products/{version.product_id}/{page}")
            assert "They sounded unsure." not in text


@pytest.mark.parametrize("bad", ["", "   ", "x" * 4001, "a\u202eb", "a\x07b"])
@pytest.mark.parametrize("form", ["ask", "note", "return"])
def test_a_bad_text_is_a_sentence_and_nothing_is_lost(version: Submission, desk: Client, form: str, bad: str) -> None:
    response = desk.post(f"/desk/{version.pk}/{form}/", {"text": bad, "line": "S27"})
    assert response.status_code == 422
    text = html.unescape(response.content.decode())
    assert 'class="errs' in text
    assert not bad.strip() or bad in text
    assert (Remark.objects.count(), Submission.objects.get().state) == (0, "sent")


def test_what_looks_like_markup_is_text(version: Submission, desk: Client, own: Tenant) -> None:
    desk.post(f"/desk/{version.pk}/ask/", {"text": "<script>alert(1)</script>{{7*7}}", "line": ""})
    for client, url in (
        (desk, f"/desk/{version.pk}/"),
        (factories.signed_in(own.lead), f"/products/{version.product_id}/remarks/"),
    ):
        content = client.get(url).content.decode()
        assert "<script>alert" not in content
        assert "{{7*7}}" in content


def test_a_question_at_no_line_of_the_package_is_refused(version: Submission, desk: Client) -> None:
    response = desk.post(f"/desk/{version.pk}/ask/", {"text": "Why?", "line": "S99"})
    assert response.status_code == 422
    assert Remark.objects.count() == 0


def test_an_empty_answer_keeps_the_question_open(version: Submission, own: Tenant) -> None:
    question = version.remarks.create(kind="question", text="Why?", at=timezone.now())
    response = factories.signed_in(own.engineer).post(f"/desk/questions/{question.pk}/answer/", {"text": " "})
    assert response.status_code == 422
    assert "Seller Operations decides by it" in html.unescape(response.content.decode())
    assert not Remark.objects.get(pk=question.pk).answered


def test_a_reviewer_notes_an_answer_that_came_by_telephone(version: Submission, desk: Client) -> None:
    question = version.remarks.create(kind="question", line="S28", text="Why?", at=timezone.now())
    url = f"/desk/questions/{question.pk}/answer/"
    response = desk.post(url, {"text": "a\u202eb"})
    assert response.status_code == 422
    text = response.content.decode()
    assert 'class="errs' in text
    assert "a\u202eb" in text
    assert "By telephone: so." in post(desk, url, text="By telephone: so.")
    assert Remark.objects.get(pk=question.pk).answered


def test_the_sellers_questions_are_a_part_for_htmx_and_a_page_without(version: Submission, own: Tenant) -> None:
    client, url = factories.signed_in(own.engineer), f"/products/{version.product_id}/remarks/"
    assert "<html" in words(client, url)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Nothing yet." in part


def test_an_administrator_reads_questions_and_answers_none(version: Submission) -> None:
    question = version.remarks.create(kind="question", text="Why?", at=timezone.now())
    client = factories.signed_in(factories.admin())
    text = words(client, f"/products/{version.product_id}/remarks/")
    assert "Only the seller's engineers and leads answer." in text.replace("’", "'")
    assert client.post(f"/desk/questions/{question.pk}/answer/", {"text": "So."}).status_code == 403
