"""Decisions: whose they are, on which version, what the seller hears, and that nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from onboarding import review
from onboarding.engine.signals import Blocked
from onboarding.models import Event, Item, Remark, Submission
from sellers.models import Membership, Product, User
from sellers.models.choices import Role
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.desk.rows import counts, mails

Rule = Callable[[Submission, User], Any]
RULES: dict[str, Rule] = {
    "acknowledge": review.acknowledge,
    "return": lambda row, by: review.send_back(row, by, "S27: the service is gone."),
    "confirm": review.confirm_live,
    "ask": lambda row, by: review.ask(row, by, "S28", "Whose name is it?"),
    "note": lambda row, by: review.note(row, by, "Called them."),
    "verify": review.verify,
}


def now(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def told(row: Submission, what: str = "submission") -> list[tuple[str, str, str]]:
    rows = Event.objects.filter(product_id=row.product_id, what=what)
    return list(rows.values_list("before", "after", "actor"))


@pytest.mark.parametrize("rule", RULES)
def test_nobody_decides_on_a_seller_of_their_own(rita: User, own: Tenant, version: Submission, rule: str) -> None:
    Membership.objects.create(seller=own.seller, user=rita, role=Role.ENGINEER)
    before = counts()
    with pytest.raises(PermissionDenied, match="nobody decides on a seller of their own"):
        RULES[rule](version, rita)
    assert (now(version).state, counts()) == ("sent", before)


@pytest.mark.parametrize("rule", RULES)
def test_only_a_reviewer_decides(own: Tenant, version: Submission, rule: str) -> None:
    for user in (own.lead, factories.admin()):
        with pytest.raises(PermissionDenied, match="Only reviewers of Seller Operations"):
            RULES[rule](version, user)


def test_a_version_is_taken_up_once(rita: User, version: Submission) -> None:
    assert review.acknowledge(version, rita)[1].startswith("You have taken up version 1.")
    row = now(version)
    assert (row.state, row.acknowledged_by) == ("acknowledged", rita.email)
    before = counts()
    assert "taken it up already" in review.acknowledge(version, rita)[1]
    assert counts() == before
    assert told(row) == [("sent", "acknowledged", rita.email)]


def test_a_return_says_why_at_the_lines_and_to_the_seller(rita: User, own: Tenant, version: Submission) -> None:
    review.send_back(version, rita, "S27: the service in eu-west-1 is gone.\nIt answers nothing.\n\nPlease call us.")
    row = now(version)
    assert (row.state, row.decided_by, row.acknowledged_by) == ("returned", rita.email, rita.email)
    said = set(Remark.objects.filter(submission=row).values_list("kind", "line", "text"))
    assert said == {
        ("return", "S27", "the service in eu-west-1 is gone.\nIt answers nothing."),
        ("return", "", "Please call us."),
    }
    (mail,) = mails()
    assert mail.to == [own.engineer.email, own.lead.email]
    assert "the service in eu-west-1 is gone." in mail.body
    assert f"/products/{row.product_id}/submission/" in mail.body


def test_a_return_gives_the_submission_back_to_the_engineer(rita: User, version: Submission) -> None:
    item = submissions.waits(version.product, "submission")
    Item.objects.filter(pk=item.pk).update(state="done", waiting_for="")
    review.send_back(version, rita, "The name is not yours.")
    item.refresh_from_db()
    assert item.state == "todo"
    assert item.given()["returned"] == "Returned by Seller Operations: The name is not yours."


def test_a_second_return_changes_and_mails_nothing(rita: User, version: Submission) -> None:
    review.send_back(version, rita, "The name is not yours.")
    before = counts()
    assert "was returned already" in review.send_back(version, rita, "The name is not yours.")[1]
    assert counts() == before


def test_live_is_confirmed_when_the_product_waits_for_it(rita: User, version: Submission) -> None:
    item = submissions.waits(version.product, "go_live")
    due, said = review.confirm_live(version, rita)
    assert [one.item_id for one in due] == [item.pk]
    assert "is confirmed" in said
    item.refresh_from_db()
    assert (item.given(), (item.answer or {})["by"]) == ({"confirmed": "yes"}, rita.email)
    assert now(version).state == "live"
    assert "Marketplace confirms that it is live" in mails()[0].subject
    before = counts()
    review.confirm_live(version, rita)
    assert counts() == before


def test_live_waits_for_the_checklist(rita: User, version: Submission) -> None:
    with pytest.raises(Blocked, match="does not wait for a confirmation yet"):
        review.confirm_live(version, rita)
    assert now(version).state == "sent"


def test_live_waits_for_an_open_question(rita: User, own: Tenant, version: Submission) -> None:
    submissions.waits(version.product, "go_live")
    review.ask(version, rita, "S28", "Whose name is it?")
    with pytest.raises(Blocked, match="1 question is open"):
        review.confirm_live(version, rita)
    review.answer(Remark.objects.get(kind="question"), own.engineer, "Ours.")
    review.confirm_live(version, rita)
    assert now(version).state == "live"


@pytest.mark.parametrize("rule", ["acknowledge", "return", "confirm"])
def test_a_version_that_was_replaced_is_not_decided_on(rita: User, version: Submission, rule: str) -> None:
    submissions.sent(version.product, 2, private_name="api.example.com")
    with pytest.raises(Blocked, match=r"Version 1 is not the newest any more: version 2 was sent\. Decide on version"):
        RULES[rule](version, rita)
    assert now(version).state == "sent"


def test_a_version_that_the_seller_replaces_now_is_not_decided_on(rita: User, version: Submission) -> None:
    submissions.sent(version.product, 2, state="frozen", private_name="api.example.com")
    with pytest.raises(Blocked, match="version 2 is frozen and not sent yet"):
        review.acknowledge(version, rita)


@pytest.mark.parametrize("rule", ["acknowledge", "confirm"])
def test_what_was_returned_is_not_decided_on_again(rita: User, version: Submission, rule: str) -> None:
    review.send_back(version, rita, "The name is not yours.")
    with pytest.raises(Blocked, match=f"Version 1 was returned by {rita.email}"):
        RULES[rule](version, rita)


def test_a_frozen_version_is_the_sellers_alone(rita: User, product: Product) -> None:
    with pytest.raises(Blocked, match="not sent yet"):
        review.acknowledge(submissions.sent(product, state="frozen"), rita)


def test_a_verification_for_review_stands_in_the_sellers_history_once(rita: User, version: Submission) -> None:
    first, second = review.verify(version, rita), review.verify(version, rita)
    assert first.pk == second.pk
    assert [(e.actor, e.run_id) for e in Event.objects.filter(what="verify for review")] == [(rita.email, first.pk)]


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_counts() -> None:
    version = submissions.sent(submissions.marketplace_product(factories.tenant().seller))
    submissions.waits(version.product, "go_live")
    reviewers = [factories.person(f"r{n}@platform.example", platform="reviewer") for n in range(6)]
    rules = [RULES["return"], RULES["confirm"]] * 3
    start = Barrier(len(rules))

    def press(rule: Rule, by: User) -> str:
        try:
            start.wait(10)
            return str(rule(version, by)[1])
        except Blocked as blocked:
            return blocked.sentence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(rules)) as pool:
        said = list(pool.map(press, rules, reviewers))
    row = now(version)
    assert row.state in ("returned", "live")
    assert len(told(row)) == 1
    assert len([one for one in said if "is returned." in one or "is confirmed." in one]) == 1
