"""The letters of a real product: what the draft shows is what is mailed, and a finished item says what it did."""

from __future__ import annotations

import pytest
from django.core import mail
from pytest_django import Settings

from onboarding.engine import commands
from onboarding.models import Submission
from onboarding.pages.submission.board import submission
from sellers.models import Membership, Product, User
from tests import engine_driver, factories, products
from tests.engine import live
from tests.engine.actions import HOME
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mara(fast: SandboxProcess, settings: Settings) -> User:
    """An engineer who runs a product as far as its package."""
    settings.SELLER_OPS_EMAIL = "ops@marketplace.example"
    product = products.whole_product(fast, live.data())
    user = factories.person("mara@example.com")
    Membership.objects.create(seller=product.seller, user=user, role="engineer")
    commands.provision(product, user)
    engine_driver.rest()
    live.told("name_servers", servers=live.asked_servers(fast))
    live.told("submission", process=live.PROCESS)
    return user


def sent(by: User, **values: str) -> Submission:
    """The version that somebody sends."""
    commands.answer(live.item("submission"), by, {"order": "send", **values})
    engine_driver.rest()
    return Submission.objects.all()[0]


def test_the_draft_is_the_letter_that_is_sent_and_its_answers_go_to_who_runs_it(mara: User) -> None:
    product = Product.objects.get()
    board = submission(product, may_run=True, by=mara.email)
    row = sent(mara, seen=board.seen)

    assert board.mail is not None
    assert board.mail.draft
    assert (row.subject, row.body) == (board.mail.subject, board.mail.body)
    request, letter = mail.outbox
    assert str(letter.body).startswith(row.body)
    assert (request.reply_to, letter.reply_to) == ([mara.email], [mara.email])


def test_a_version_that_somebody_else_froze_is_kept_as_it_was_mailed(mara: User) -> None:
    live.told("submission", order="freeze")
    row = sent(mara)
    assert (row.number, row.frozen_by) == (1, "engine")
    assert str(mail.outbox[-1].body).startswith(row.body)
    assert "\nmara@example.com, " in row.body


def test_finished_items_say_what_they_did(mara: User) -> None:
    servers = (live.item("name_servers").outputs or {})["servers"]
    assert all(server in live.item("name_servers").message for server in servers)
    reach = live.item("reach", HOME).message
    assert "targets are healthy" in reach
    assert "names of the load balancer answer on port 443 over TCP" in reach
    passed = live.item("rehearsal", HOME)
    sentences = list(passed.evidence.filter(attempt=passed.attempt).values_list("sentence", flat=True))
    assert passed.message.endswith("created an endpoint and connected to it.")
    assert len(sentences) == len(set(sentences)), "no two checks say the same"

    sent(mara)
    assert live.item("submission").message == "Version 1 was sent to Seller Operations."
    commands.provision(Product.objects.get(), None)
    engine_driver.rest()
    assert live.item("submission").message == "Version 1 was sent to Seller Operations.", "and says so later"
