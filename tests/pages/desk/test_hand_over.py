"""Questions, answers, notes and name servers: each counts once, and reaches the right people."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from onboarding import review
from onboarding.engine.signals import Blocked
from onboarding.models import Event, Item, Remark, Submission
from sellers.models import Product, User
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.desk.rows import counts, mails


def test_a_question_is_asked_once_and_mailed_to_the_sellers_people(
    rita: User, own: Tenant, version: Submission
) -> None:
    User.objects.filter(pk=own.lead.pk).update(is_active=False)
    review.ask(version, rita, "S28", "Whose name is it?")
    assert "asked already" in review.ask(version, rita, "S28", "Whose name is it?")[1]
    (mail,) = mails()
    assert mail.to == [own.engineer.email]
    assert "a question about version 1" in mail.subject
    assert "Whose name is it?" in mail.body
    assert Remark.objects.get().public


def test_the_first_answer_counts_and_reaches_seller_operations(
    rita: User, own: Tenant, version: Submission, settings: Any
) -> None:
    settings.SELLER_OPS_EMAIL = "ops@marketplace.example"
    review.ask(version, rita, "S28", "Whose name is it?")
    question = Remark.objects.get()
    review.answer(question, own.engineer, "Ours.")
    assert "answered already" in review.answer(question, own.lead, "Theirs.")[1]
    answer = Remark.objects.get(kind="answer")
    assert (answer.text, answer.line, answer.question) == ("Ours.", "S28", question)
    assert [mail.to for mail in mails()][-1] == ["ops@marketplace.example"]


def test_a_stranger_answers_nothing(rita: User, version: Submission) -> None:
    review.ask(version, rita, "", "Who are you?")
    stranger = factories.tenant("canary-corp", "555555555555").engineer
    with pytest.raises(PermissionDenied):
        review.answer(Remark.objects.get(), stranger, "Me.")


def test_a_note_is_private_and_leaves_no_trace_in_the_sellers_history(rita: User, version: Submission) -> None:
    before = Event.objects.count()
    review.note(version, rita, "Called them; they sounded unsure.")
    assert "there already" in review.note(version, rita, "Called them; they sounded unsure.")[1]
    (note,) = Remark.objects.all()
    assert (note.public, note.kind, Event.objects.count(), mails()) == (False, "note", before, [])


def test_name_servers_are_handed_over_once(rita: User, own: Tenant, product: Product) -> None:
    item = submissions.waits(product, "name_servers")
    due, said = review.hand_over(item, rita, submissions.SERVERS)
    assert [one.item_id for one in due] == [item.pk]
    assert "checking each one" in said
    item.refresh_from_db()
    assert item.given()["servers"] == list(submissions.SERVERS)
    (mail,) = mails()
    assert mail.to == [own.engineer.email, own.lead.email]
    assert "\n".join(submissions.SERVERS) in mail.body
    before = counts()
    assert review.hand_over(item, rita, submissions.SERVERS[::-1])[0] == []
    assert counts() == before


def test_name_servers_that_were_wrong_are_replaced_until_they_are_in_use(rita: User, product: Product) -> None:
    item = submissions.waits(product, "name_servers")
    review.hand_over(item, rita, ["ns-8.awsdns-08.com", "ns-9.awsdns-09.net"])
    review.hand_over(item, rita, submissions.SERVERS)
    item.refresh_from_db()
    assert item.given()["servers"] == list(submissions.SERVERS)
    Item.objects.filter(pk=item.pk).update(state="done", waiting_for="")
    with pytest.raises(Blocked, match=r"in use: ns-1\.awsdns-01\.com"):
        review.hand_over(item, rita, ["ns-8.awsdns-08.com", "ns-9.awsdns-09.net"])
