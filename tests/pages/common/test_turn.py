"""The turn bar says whose turn it is, what happens now, and what to press, at every moment of a product's life."""

from __future__ import annotations

import pytest

from onboarding.engine import commands
from onboarding.models import Item, Progress
from onboarding.pages.common.items import items_of
from onboarding.pages.common.turn import Turn, turn
from onboarding.pages.run.matrix import matrix, runs_of
from tests import factories
from tests.factories import Tenant


def said(tenant: Tenant, *, may_run: bool = True) -> Turn:
    items, runs = items_of(tenant.product), runs_of(tenant.product)
    return turn(tenant.product, items, matrix(tenant.product, items, runs).open_run, may_run=may_run)


def label(bar: Turn) -> str:
    return bar.button.label if bar.button else ""


def every(tenant: Tenant, state: str, **fields: object) -> None:
    """All items at once, as after a run that took its time."""
    Item.objects.filter(product=tenant.product).update(state=state, next_check_at=None, **fields)


def test_before_the_first_run_the_plan_is_read(own: Tenant) -> None:
    bar = said(own)
    assert (bar.mark.word, bar.now, label(bar)) == (
        "Your turn",
        "Review the planned changes before you start.",
        "Review plan",
    )
    assert bar.button is not None
    assert bar.button.url == f"/products/{own.product.pk}/plan/"


def test_who_may_not_run_is_told_why(own: Tenant) -> None:
    button = said(own, may_run=False).button
    assert button is not None
    assert (button.why, button.url) == ("Only engineers and leads of the seller can start a run.", "")


def test_right_after_the_start_the_machine_has_the_turn(own: Tenant) -> None:
    factories.started(own.product)
    bar = said(own)
    assert (bar.mark.word, bar.now, bar.button) == ("AWS is working", "The next steps are starting.", None)


def test_at_work_it_names_what_is_done_and_how_much_more_moves(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    for region in factories.REGIONS:
        factories.moved(factories.item(own.product, "network", region), "working")
    bar = said(own)
    assert bar.now == "Creating the VPC, subnets, and security groups in us-east-1."
    assert bar.next.startswith("1 other step is also in progress.")


def test_a_wait_for_aws_says_its_sentence(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(
        factories.item(own.product, "access"), "waiting", waiting_for="aws", sentence="AWS looks.", next_in=9
    )
    bar = said(own)
    assert (bar.mark.whole, bar.now) == ("Waiting on AWS", "AWS looks.")


def test_a_failure_takes_the_turn_and_the_rest_goes_on(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    factories.moved(factories.item(own.product, "network", "eu-west-1"), "failed", sentence="A quota is reached.")
    bar = said(own)
    assert bar.now == "Network in eu-west-1 failed. A quota is reached."
    assert (bar.next, label(bar)) == ("Everything else continues.", "View error")


def test_a_question_takes_the_turn(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "waiting", waiting_for="you", sentence="Give the ids.")
    bar = said(own)
    assert (bar.now, bar.next) == ("Access: action required. Give the ids.", "The run is paused until this is fixed.")


@pytest.mark.parametrize(
    ("reason", "whole"), [("marketplace", "Waiting on AWS Marketplace"), ("buyer", "Waiting on the buyer")]
)
def test_others_have_the_turn(own: Tenant, reason: str, whole: str) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "waiting", waiting_for=reason, sentence="They look at it.")
    bar = said(own)
    assert (bar.mark.whole, bar.now, bar.next) == (whole, "They look at it.", "No action needed.")


def test_a_cancelled_run_can_go_on(own: Tenant) -> None:
    commands.cancel(factories.started(own.product), own.lead)
    bar = said(own)
    assert bar.now == "The run was canceled. Existing resources are kept. 17 steps left."
    assert label(bar) == "Start run"


def test_when_all_is_done_it_can_be_verified_again(own: Tenant) -> None:
    factories.started(own.product)
    every(own, "done")
    bar = said(own)
    assert (bar.mark.word, bar.now, label(bar)) == ("Done", "All 17 steps are done.", "Run again")


def test_taken_down_is_said(own: Tenant) -> None:
    factories.started(own.product)
    every(own, "undone")
    assert said(own).now == "All resources of this product are deleted."


def test_a_region_that_is_taken_down_leaves_the_rest_done(own: Tenant) -> None:
    factories.started(own.product)
    every(own, "done")
    Item.objects.filter(product=own.product, region="eu-west-1").update(state="undone")
    bar = said(own)
    assert (bar.mark.word, bar.now) == ("Done", "eu-west-1 is deleted. Everything else is done.")


def test_going_down_is_named(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    commands.teardown(own.product, own.lead)
    assert said(own).now.startswith("Deleting ")


def test_the_counts_leave_out_what_is_not_needed(own: Tenant) -> None:
    factories.started(own.product)
    Progress.objects.filter(pk=own.product.pk).update(done=3, skipped=1, todo=10, not_needed=5)
    product = type(own.product).objects.get(pk=own.product.pk)
    assert matrix(product, items_of(product), []).counts == "4 of 14 items done"


def test_a_product_that_is_live_is_said_to_be_live(own: Tenant) -> None:
    product = factories.product(own.seller, name="Live one", facts=factories.MARKETPLACE)
    factories.started(product)
    Item.objects.filter(product=product).update(state="done", next_check_at=None)
    bar = turn(product, items_of(product), None, may_run=True)
    assert bar.mark.word == "Live"
    assert bar.now.startswith("The product is live. All ")
