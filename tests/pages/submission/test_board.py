"""The submission page: draft or version, what differs, why it may not be sent yet, and how far it has come."""

from __future__ import annotations

import json
from email import message_from_string, policy
from typing import Any

import pytest
from django.utils import timezone

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.engine import commands
from onboarding.models import Item, Outbox, Submission
from onboarding.pages.submission import versions
from onboarding.pages.submission.board import SubmissionPage, submission
from onboarding.submission.facts import digest
from sellers.models import Product
from tests import factories, packages
from tests.factories import Tenant


@pytest.fixture
def product(own: Tenant) -> Product:
    facts = factories.MARKETPLACE | {"private_dns_name": "api.example.com"}
    made = factories.product(own.seller, name="Sent", regions={"us-east-1": {}}, facts=facts)
    factories.started(made)
    return made


def page(product: Product, chosen: str = "", *, may_run: bool = True) -> SubmissionPage:
    return submission(Product.objects.get(pk=product.pk), chosen, may_run=may_run, by="Mara Keller")


def answered(product: Product) -> None:
    """Every line has its evidence: the item's own look at AWS, and that of the items before it."""
    own = [f"{code}.us-east-1" for code in ("S27", "S42", "S43", "S44")] + ["S26", "S28", "S29", "S45", "S46"]
    lines = [CheckResult(check=check, outcome=Outcome.PASS, sentence="As it should be.") for check in own]
    packages.looked(product, packages.facts(product), *lines)
    checks = ("zones", "found", "verdict", "outcome")
    fine = [CheckResult(check=check, outcome=Outcome.PASS, sentence="As it should be.") for check in checks]
    for item in Item.objects.filter(product=product).exclude(slug="submission").exclude(state="not_needed"):
        factories.moved(item, "done", proofs=fine)


def why(board: SubmissionPage) -> dict[str, str]:
    return {order.key: order.why for order in board.orders}


def test_before_a_run_it_teaches_and_orders_nothing(own: Tenant) -> None:
    made = factories.product(own.seller, name="Fresh", facts=factories.MARKETPLACE)
    board = page(made)
    assert (board.mail, board.versions, board.takes_process) == (None, [], False)
    assert set(why(board).values()) == {"No run has started yet."}


def test_the_draft_is_the_mail_as_it_would_be_sent(product: Product) -> None:
    facts = packages.facts(product)
    packages.looked(product, facts)
    board = page(product)
    assert board.mail
    assert (board.mail.draft, board.mail.number, board.seen) == (True, 1, digest(facts))
    assert "com.amazonaws.vpce.us-east-1.vpce-svc-0daa010345a21646f" in board.mail.body
    assert board.diff is None


def test_the_draft_is_of_the_newest_look(product: Product) -> None:
    packages.looked(product, packages.facts(product))
    packages.looked(product, packages.facts(product, service="04be1f7c93d20a586"))
    assert page(product).seen == digest(packages.facts(product, service="04be1f7c93d20a586"))


def test_whose_turn_it_is_while_it_is_with_them_and_when_a_fact_changed(product: Product) -> None:
    packages.kept(product, packages.facts(product), send=True)
    factories.moved(factories.item(product, "submission"), "done")
    turn = page(product).turn
    assert (turn.mark.word, turn.now) == (
        "Waiting on AWS Marketplace",
        "Version 1 is with Seller Operations. Review hasn't started.",
    )
    item = factories.item(product, "reach", "us-east-1")
    factories.moved(item, "failed", sentence="A target is not healthy.")
    assert page(product).turn.now == "Connectivity check in us-east-1 failed. A target is not healthy."
    Item.objects.filter(product=product, slug="submission").update(
        state="waiting", waiting_for="you", message="It changed."
    )
    assert page(product).turn.now == "It changed."


def test_it_may_not_be_sent_while_a_line_is_open(product: Product) -> None:
    packages.looked(product, packages.facts(product))
    board = page(product)
    assert why(board)["send"].startswith("Waits for “")
    assert board.said == "0 of 17 lines"


def test_it_may_be_frozen_and_sent_when_every_line_is_answered(product: Product) -> None:
    answered(product)
    board = page(product)
    assert why(board) == {"send": "", "freeze": ""}
    assert [order.label for order in board.orders] == ["Send version 1", "Freeze version 1"]
    assert why(page(product, may_run=False))["send"].startswith("Only engineers and leads of the seller")


def test_a_frozen_version_is_sent_under_its_number_and_not_frozen_twice(product: Product) -> None:
    answered(product)
    packages.kept(product, packages.facts(product))
    board = page(product)
    assert [(order.label, order.why) for order in board.orders] == [
        ("Send version 1", ""),
        ("Freeze version 1", "Version 1 is frozen already."),
    ]
    assert board.mail
    assert not board.mail.draft


def test_a_changed_fact_makes_a_draft_that_says_what_differs(product: Product) -> None:
    packages.kept(product, packages.facts(product))
    packages.looked(product, packages.facts(product, service="04be1f7c93d20a586"))
    board = page(product)
    assert board.mail
    assert (board.mail.draft, board.mail.number) == (True, 2)
    assert board.diff
    assert board.diff.since == 1
    assert any("vpce-svc-04be1f7c93d20a586" in sentence for sentence in board.diff.sentences)
    assert {line.sign for line in board.diff.lines} == {" ", "-", "+"}


def test_an_older_version_can_be_read_again(product: Product) -> None:
    packages.kept(product, packages.facts(product))
    packages.kept(product, packages.facts(product, service="04be1f7c93d20a586"))
    board = page(product, "1")
    assert board.mail
    assert board.mail.number == 1
    assert [(one.number, one.chosen) for one in board.versions] == [(2, False), (1, True)]
    assert page(product, "nonsense").mail == page(product).mail


def test_the_tracker_follows_the_product_to_live(product: Product) -> None:
    def stops() -> dict[str, str]:
        return {stop.words: stop.mark.word for stop in page(product).stops}

    names = [
        "Names requested",
        "Name servers received",
        "Delegated",
        "Package sent",
        "Acknowledged",
        "Name verified",
        "Live",
    ]
    assert list(stops()) == names
    assert set(stops().values()) == {"Not started"}
    asked = factories.item(product, "name_servers")
    factories.moved(asked, "waiting", waiting_for="marketplace", sentence="Asked by email.")
    assert (stops()["Names requested"], stops()["Name servers received"]) == ("Done", "Waiting on")
    for slug in ("name_servers", "delegation"):
        Item.objects.filter(product=product, slug=slug).update(state="done", waiting_for="")
    row = packages.kept(product, packages.facts(product), send=True)
    assert [word for word in stops().values()] == ["Done"] * 4 + ["Not started"] * 3
    Submission.objects.filter(pk=row.pk).update(
        state="returned", acknowledged_at=timezone.now(), decided_at=timezone.now(), reason="S27: not found."
    )
    assert stops()["Version 1 returned"] == "Returned"
    Submission.objects.filter(pk=row.pk).update(state="live")
    done = {"state": "done", "seller": product.seller}
    Item.objects.filter(product=product, slug="submission").update(state="done", waiting_for="")
    Item.objects.update_or_create(product=product, slug="go_live", region="", defaults=done)
    assert set(stops().values()) == {"Done"}
    assert page(product).turn.now == "The product is live."


def test_a_version_is_downloaded_as_the_same_mail_every_time(product: Product, settings: Any) -> None:
    settings.SELLER_OPS_EMAIL = "ops@marketplace.example"
    row = packages.kept(product, packages.facts(product), send=True)
    text = versions.eml(row)
    assert text == versions.eml(Submission.objects.get(pk=row.pk))
    mail = message_from_string(text, policy=policy.default)
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == row.body
    assert mail["Subject"] == row.subject
    assert row.sent_at
    assert mail["Date"].datetime == row.sent_at.replace(microsecond=0)
    [attached] = list(mail.iter_attachments())
    assert json.loads(attached.get_content())["facts"] == row.facts
    sent = Outbox.objects.get(dedupe_key=f"submission.{row.pk}")
    assert versions.package(row) == next(iter(sent.attachments.values()))


def test_more_versions_cost_no_more_queries(product: Product, django_assert_num_queries: Any) -> None:
    for service in ("0daa010345a21646f", "04be1f7c93d20a586", "0e65d9023bb7c41fa"):
        packages.kept(product, packages.facts(product, service=service))
    fresh = Product.objects.get(pk=product.pk)
    with django_assert_num_queries(3):
        submission(fresh, may_run=True)


def test_the_missing_text_is_asked_for_before_aws_was_read(product: Product) -> None:
    factories.moved(factories.item(product, "access"), "working")
    board = page(product)
    assert (board.turn.mark.word, board.turn.button and board.turn.button.url) == ("Your turn", "#process-h")
    [line] = [line for line in board.open if line.guide[0][0] == "S46"]
    assert (line.sentence, line.url) == (board.turn.now, "#process-h")
    assert page(product, may_run=False).turn.mark.word == "AWS is working"


def test_the_bar_leads_to_the_order_on_the_page_and_types_nothing_of_the_command_line(product: Product) -> None:
    answered(product)
    Item.objects.filter(product=product, slug="submission").update(
        answer={"values": {"process": "By mail."}}, message="It changed. Look, then send it with seen=0123456789ab."
    )
    turn = page(product).turn
    assert (turn.now, turn.button and turn.button.url) == ("It changed. Look, then send it.", "#send")
    said = 'Write down how you tell buyers. Give it as this item\'s answer "process".'
    Item.objects.filter(product=product, slug="submission").update(answer=None, message=said)
    assert page(product).turn.now == "Write down how you tell buyers."


def test_after_the_order_it_is_the_machines_turn_and_nothing_is_ordered_twice(product: Product, own: Tenant) -> None:
    answered(product)
    commands.answer(factories.item(product, "submission"), own.engineer, {"order": "send"})
    board = page(product)
    assert (board.turn.mark.word, board.turn.button) == ("AWS is working", None)
    assert set(why(board).values()) == {"It was ordered: AWS is read again first."}


def test_what_marketplace_has_is_said_beside_what_you_have(product: Product) -> None:
    factories.moved(factories.item(product, "name_servers"), "waiting", waiting_for="marketplace", sentence="Asked.")
    factories.moved(factories.item(product, "validation"), "waiting", waiting_for="you", sentence="Set it.")
    Item.objects.filter(product=product).update(next_check_at=None)
    turn = page(product).turn
    assert (turn.mark.word, turn.now) == ("Your turn", "Certificate validation: action required. Set it.")
    assert turn.next == "Also waiting on AWS Marketplace: Name servers. The run is paused until this is fixed."


def test_name_servers_are_not_asked_for_while_those_given_are_tried(product: Product, own: Tenant) -> None:
    asked = factories.item(product, "name_servers")
    assert page(product).servers_url == ""
    factories.moved(asked, "waiting", waiting_for="marketplace", sentence="Asked by email.")
    assert page(product).servers_url == f"/items/{asked.pk}/"
    commands.answer(factories.item(product, "name_servers"), own.engineer, {"servers": ["ns-1.example.com"]})
    assert page(product).servers_url == ""
