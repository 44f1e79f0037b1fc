"""Who is told of what, exactly once: whatever is killed, however many tell at a time; and how it is mailed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from onboarding import review
from onboarding.engine import clock, commands
from onboarding.engine import verify as verifier
from onboarding.models import Event, Evidence, Heartbeat, Item, Notice, Remark
from onboarding.notices import send_notices
from sellers.models import Membership, Product, User
from tests import factories, submissions
from tests.factories import Tenant
from tests.notices.rows import mailed, needs_you, told

pytestmark = pytest.mark.django_db


def test_all_who_may_act_are_told_and_nobody_else(waiting: Item, own: Tenant, other: Tenant, rita: User) -> None:
    suspended = factories.person("gone@example.com", active=False)
    Membership.objects.create(seller=own.seller, user=suspended, role="engineer")
    admin = factories.admin()
    send_notices()
    for user in (own.lead, own.engineer):
        assert told(user) == ["Action required: Network in eu-west-1"]
    for user in (other.lead, other.engineer, rita, admin, suspended):
        assert told(user) == []


@pytest.mark.django_db(transaction=True)
def test_told_again_and_by_many_at_once_it_is_told_once(waiting: Item, own: Tenant) -> None:
    def in_a_worker(_: int) -> None:
        try:
            send_notices()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(in_a_worker, range(12)))
    send_notices()
    assert Notice.objects.count() == 2
    assert sorted(to for to, _ in mailed()) == sorted([own.lead.email, own.engineer.email])


def test_a_worker_killed_while_it_tells_loses_and_doubles_nothing(waiting: Item, own: Tenant) -> None:
    with transaction.atomic():
        assert send_notices() == 2
        transaction.set_rollback(True)
    assert (Notice.objects.count(), mailed()) == (0, [])
    assert send_notices() == 2
    assert send_notices() == 0
    assert (Notice.objects.count(), len(mailed())) == (2, 2)


def written(product: Product, ago: timedelta) -> Event:
    """The event of an item that waits for a person since then, visible only now."""
    item = factories.item(product, "network", "eu-west-1")
    return Event.objects.create(
        at=clock.now() - ago,
        seller=product.seller,
        product_id=product.pk,
        item_id=item.pk,
        run_id=item.run_id,
        what="item",
        before="working",
        after="waiting",
        data={"reason": "you"},
    )


def test_an_event_that_became_visible_after_a_later_one_was_told_is_told(own: Tenant) -> None:
    factories.started(own.product, own.lead)
    needs_you(own.product, region="us-east-1")
    send_notices()
    assert told(own.lead) == ["Action required: Network in us-east-1"]
    written(own.product, timedelta(minutes=10))  # so long its transaction took
    Heartbeat.objects.filter(pk="notices").update(at=clock.ahead(-61))
    send_notices()
    assert told(own.lead)[1:] == ["Action required: Network in eu-west-1"]


def test_what_happened_while_nobody_swept_for_a_day_is_told(own: Tenant) -> None:
    factories.started(own.product, own.lead)
    Heartbeat.objects.create(pk="notices", at=clock.now() - timedelta(days=1, minutes=1))
    written(own.product, timedelta(days=1))
    send_notices()
    assert told(own.engineer) == ["Action required: Network in eu-west-1"]


def test_a_new_wait_is_told_and_a_flapping_one_is_not(waiting: Item, own: Tenant) -> None:
    def back_and_forth() -> None:
        factories.moved(waiting, "waiting", waiting_for="dns", sentence="The record is not there yet.")
        needs_you(own.product)
        send_notices()

    back_and_forth()
    back_and_forth()
    assert len(told(own.lead)) == 1, "the engine alone went to and fro"
    factories.moved(waiting, "failed", sentence="There is no such VPC.")
    commands.retry(factories.item(own.product, "network", "eu-west-1"), own.engineer)
    needs_you(own.product)
    send_notices()
    assert told(own.lead)[1:] == ["Network in eu-west-1 failed", "Action required: Network in eu-west-1"]


def test_another_failure_is_told_though_only_the_engine_tried_again(own: Tenant) -> None:
    factories.started(own.product, own.lead)
    for action in ("CreateVpc", "CreateVpc", "CreateSubnet"):
        item = factories.item(own.product, "network", "eu-west-1")
        commands.retry(item, None)
        factories.moved(item, "failed", sentence=f"AWS refused ec2:{action}.")
        send_notices()
    failures = Notice.objects.filter(user=own.lead, kind="failed").order_by("id")
    assert [one.sentence for one in failures] == ["AWS refused ec2:CreateVpc.", "AWS refused ec2:CreateSubnet."]


def test_who_cancels_is_not_told_of_it_and_the_others_are(own: Tenant) -> None:
    commands.cancel(factories.started(own.product, own.lead), own.lead)
    send_notices()
    assert (told(own.lead), told(own.engineer)) == ([], ["Run 1 was canceled"])


def test_a_verification_is_told_to_who_asked_and_its_differences_to_all(own: Tenant) -> None:
    factories.started(own.product, own.lead)
    run = commands.verify(own.product, own.lead)
    verifier.verify(run.pk)
    send_notices()
    assert (told(own.lead), told(own.engineer)) == (["Verification 2 found everything as it was made"], [])
    run = commands.verify(own.product, own.lead)
    seen = submissions.proof(own.product, "network", "eu-west-1", outcome="fail")
    Evidence.objects.filter(pk=seen.pk).update(run_id=run.pk)
    verifier.verify(run.pk)
    send_notices()
    assert told(own.engineer) == ["Verification 3 found differences"]


def test_that_it_is_live_is_told_once_a_version(own: Tenant, rita: User) -> None:
    product = submissions.marketplace_product(own.seller)
    for again in (False, False, True):
        if again:
            commands.answer(factories.item(product, "go_live"), rita, {"confirmed": "yes"})
        Item.objects.filter(product=product, slug="go_live").update(state="todo")
        factories.moved(factories.item(product, "go_live"), "done", sentence="A buyer connected.")
        send_notices()
        assert told(own.lead).count("The product is live") == 1 + again


def test_the_talk_about_a_version_reaches_the_other_side(own: Tenant, rita: User) -> None:
    product = submissions.marketplace_product(own.seller)
    version = submissions.sent(product)
    review.ask(version, rita, "S28", "Whose name is it?")
    send_notices()
    review.answer(Remark.objects.get(), own.engineer, "It is ours.")
    review.send_back(version, rita, "S27: the service is gone.")
    send_notices()
    assert told(rita) == ["Version 1 came in for review", "A question about version 1 was answered"]
    assert told(own.lead) == ["Seller Operations asks about version 1", "Version 1 was returned"]
    assert [to for to, _ in mailed()] == [rita.email] * 2, "the desk has mailed the seller's people by itself"


def test_a_reviewer_is_not_told_of_a_seller_of_their_own(own: Tenant, rita: User) -> None:
    Membership.objects.create(seller=own.seller, user=rita, role="engineer")
    submissions.sent(submissions.marketplace_product(own.seller))
    send_notices()
    assert told(rita) == []


def test_the_turn_after_a_return_is_not_told_twice(own: Tenant, rita: User) -> None:
    product = submissions.marketplace_product(own.seller)
    version = submissions.sent(product)
    submissions.waits(product, "submission", "you", "Freeze and send.")
    review.send_back(version, rita, "S27: the service is gone.")
    factories.moved(
        factories.item(product, "submission"), "waiting", waiting_for="you", sentence="Version 1 was returned."
    )
    send_notices()
    assert told(own.lead) == ["Version 1 was returned"]
